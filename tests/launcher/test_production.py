"""The files of production, held against the settings and the lock. No engine is needed."""

import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from celery import Celery
from django.core.management import get_commands

from tenancy.management.commands.create_roles import ROLES

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "closer"}

# --- services, variables, commands ---------------------------------------------------------------


def settings_variables() -> set[str]:
    source = (ROOT / "config" / "settings.py").read_text()
    return set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source)) | set(
        re.findall(r'"([A-Z_]+)" in env\b', source)
    )


def role_variables() -> set[str]:
    return {"DATABASE_ADMIN_URL", *(variable for _, variable in ROLES.values())}


def test_the_services_are_these():
    assert {name: service["image"] for name, service in SERVICES.items()} == {
        "postgres": "postgres:18",
        "valkey": "valkey/valkey:9.0",
        "setup": "closer",
        "web": "closer",
        "worker": "closer",
        "beat": "closer",
    }


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_running_service_is_given_every_setting_but_the_demo_and_the_owner(name):
    expected = settings_variables() - {"DEMO_MODE", "DATABASE_OWNER_URL"}
    assert set(OURS[name]["environment"]) == expected


def test_only_setup_is_given_the_owner_and_the_superuser():
    environment = set(OURS["setup"]["environment"])
    assert environment == settings_variables() - {"DEMO_MODE"} | role_variables()


@pytest.mark.parametrize(
    ("name", "role"),
    [("setup", "app_web"), ("web", "app_web"), ("worker", "app_worker"), ("beat", "app_worker")],
)
def test_each_service_is_its_own_role(name, role):
    assert OURS[name]["environment"]["DATABASE_URL"].startswith(f"postgresql://{role}:")


def test_the_example_lists_what_compose_asks_for():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    listed = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == asked


def test_the_commands_exist():
    module, _, attribute = shlex.split(OURS["web"]["command"])[1].partition(":")
    assert callable(getattr(import_module(module), attribute))
    for name in ("worker", "beat"):
        words = shlex.split(OURS[name]["command"])
        assert (words[:3], words[3]) == (["celery", "-A", "config"], name)
    assert isinstance(import_module("config").celery_app, Celery)
    steps = OURS["setup"]["command"][-1].strip().splitlines()
    assert [step.split()[:2] for step in steps] == [["python", "manage.py"]] * 3
    assert {step.split()[2] for step in steps} <= set(get_commands())


def test_one_command_serves_in_the_image_and_in_compose():
    image = re.search(r"CMD \[(.*)\]", (ROOT / "Dockerfile").read_text(), re.DOTALL)
    words = re.findall(r'"([^"]+)"', image[1])
    assert set(words) <= set(shlex.split(OURS["web"]["command"]))


def test_every_service_that_keeps_running_is_watched():
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == set(
        SERVICES
    ) - {"setup"}


# --- the lock ------------------------------------------------------------------------------------


def packages(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Each package of a lock file: its version and its hashes."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
    found = {}
    for entry in filter(None, entries):
        package, version = re.match(r"([a-z0-9._-]+)==(\S+)", entry).groups()
        key = f"{package} {entry.partition(';')[2].partition(chr(92))[0].strip()}".strip()
        found[key] = version, frozenset(re.findall(r"sha256:\w+", entry))
    return found


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w.-]+", each)[0].lower() for each in requirements}


def test_production_installs_a_part_of_the_lock_unchanged():
    whole, part = packages("requirements.lock"), packages("requirements-production.lock")
    assert {name: whole.get(name) for name in part} == part


def test_production_installs_all_the_dependencies_and_neither_group():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    installed = {key.split()[0] for key in packages("requirements-production.lock")}
    assert names(project["project"]["dependencies"]) <= installed
    assert names(project["dependency-groups"]["embedded"]) & installed == set()
    # WeasyPrint hyphenates with the one package that the tests use as well.
    assert names(project["dependency-groups"]["dev"]) & installed == {"pyphen"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-production.lock"])
def test_the_locks_hold_no_address(name):
    assert "://" not in (ROOT / name).read_text()


def test_the_image_installs_the_lock_of_production():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"[\w-]+\.lock", dockerfile) == ["requirements-production.lock"] * 2
    assert "--require-hashes" in dockerfile
