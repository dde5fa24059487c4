"""bin/test: the lint tools, then one pytest run, on services of their own that are thrown away."""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from launcher import FAILED, Stop, bootstrap, dev, environment, services
from launcher.bootstrap import PYTHON, ROOT, VENV, tied
from launcher.data import new_state
from launcher.services import Service

PYTEST = {
    "unit": ["-n", "2", "-m", "not browser and not soak"],
    "browser": ["-n", "2", "-m", "browser and not soak"],
    "soak": ["-m", "soak"],
    "all": [
        "-n",
        str(max(2, min(8, os.cpu_count() or 2))),
        "-m",
        "not soak",
    ],
}
MANAGE = [str(PYTHON), "manage.py"]
LINT = {
    "ruff check": [str(VENV / "bin" / "ruff"), "check", "--output-format", "concise", "."],
    "ruff format": [
        str(VENV / "bin" / "ruff"),
        "format",
        "--check",
        "--output-format",
        "concise",
        ".",
    ],
    "import contracts": [str(VENV / "bin" / "lint-imports"), "--no-logo"],
    "types": [str(PYTHON), "-m", "mypy"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [str(PYTHON), "-m", "djlint", "--lint", "--quiet", "templates"],
}
LIKE_PRODUCTION = {
    "PRODUCTION": "1",
    "PUBLIC_URL": "https://closer.example",
    "ALLOWED_HOSTS": "closer.example",
    "EMAIL_URL": "smtp://mail.closer.example:25",
}


def main() -> int:
    mode, extra = parsed()
    bootstrap.enter()
    browser = bootstrap.chromium() if mode in ("browser", "all") else ""
    for number in dev.SIGNALS:
        signal.signal(number, dev.end)
    running: list[Service] = []
    data = Path(tempfile.mkdtemp(prefix="closer-test-"))
    try:
        env = set_up(data, running) | ({"CHROMIUM": browser} if browser else {})
        lint_failed = mode in ("lint", "all") and not lint(env, data)
        tests_failed = mode != "lint" and run_pytest([*PYTEST[mode], *extra], env)
        return FAILED if lint_failed else int(tests_failed)
    except dev.Asked:
        return 130
    finally:
        for number in dev.SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        services.stop(running, seconds=3)
        shutil.rmtree(data, ignore_errors=True)


def parsed() -> tuple[str, list[str]]:
    words = sys.argv[1:]
    ours, extra = words, []
    if "--" in words:
        ours, extra = words[: words.index("--")], words[words.index("--") + 1 :]
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description=__doc__,
        epilog="What follows -- goes to pytest: bin/test unit -- tests/tenancy -x",
    )
    parser.add_argument("what", nargs="?", default="all", choices=["lint", *PYTEST])
    return parser.parse_args(ours).what, extra


def set_up(data: Path, running: list[Service]) -> dict[str, str]:
    """Throw-away services with the four roles; the tests make their own databases in them."""
    data.chmod(0o755)
    state: dict[str, Any] = new_state()
    nothing = os.open(os.devnull, os.O_RDONLY)
    dev.stores(data, data, state, running, keep_open=nothing, throw_away=True)
    (data / "data").mkdir()
    env = environment.inherited() | environment.shared(state, data / "data")
    env |= environment.owners(state)
    made = subprocess.run([*tied("KILL"), *MANAGE, "create_roles"], cwd=ROOT, env=env)
    if made.returncode:
        raise Stop("The database roles could not be made; the reason is above.", FAILED)
    return env


def lint(env: dict[str, str], logs: Path) -> bool:
    """Run every tool, all at once, and say of each how it went. True when all are content."""
    production = env | LIKE_PRODUCTION | {"SECRET_KEY": secrets.token_urlsafe(60)}
    tools = [
        Service(
            name,
            [*tied("KILL"), *command],
            log=logs / f"{name}.log",
            env=production if name == "deployment" else env,
        )
        for name, command in LINT.items()
    ]
    try:
        content = {tool.name: tool.process.wait() == 0 for tool in tools}
    finally:
        for tool in tools:
            tool.kill()
    for tool in tools:
        if not content[tool.name]:
            print(f"--- {tool.name}\n{tool.log.read_text(errors='replace').rstrip()}")
    for name, is_content in content.items():
        print(f"{name}: {'ok' if is_content else 'failed'}", flush=True)
    return all(content.values())


def run_pytest(arguments: list[str], env: dict[str, str]) -> int:
    """pytest's own status, where "no tests were found" is a failure like any other."""
    child = subprocess.Popen(
        [*tied("INT"), str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT, env=env
    )
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
