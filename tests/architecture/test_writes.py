"""Rows change in actions, and in the rooms whose trade is writing: nowhere else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ["questionnaires", "collaboratives", "applications", "sessions", "charters", "reporting"]
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
NOT_ROWS = {"session", "headers", "context", "answers", "values", "data", "attrs", "digest"}


def may_not_write(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return "actions" not in parts and path.name != "actions.py" and "migrations" not in parts


READERS = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if may_not_write(path)
)


def writes(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in WRITES:
            continue
        target = ast.unparse(node.func.value)
        if target.startswith("actions") or target.rsplit(".", 1)[-1] in NOT_ROWS:
            continue
        if "objects" in target or node.func.attr in {"save", "delete", "bulk_create"}:
            found.append(f"{path.name}:{node.lineno} {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_actions_write(path):
    assert writes(path) == []


def test_a_write_in_a_view_would_be_found(tmp_path):
    planted = tmp_path / "views.py"
    planted.write_text("def view(request):\n    Team.objects.filter(pk=1).update(name='x')\n")
    assert writes(planted) == ["views.py:2 Team.objects.filter(pk=1).update"]


def test_only_emails_modules_use_the_outbox():
    users = {
        str(path.relative_to(ROOT))
        for room in [*ROOMS, "accounts", "documents"]
        for path in (ROOT / room).rglob("*.py")
        if "outbox" in path.read_text() and "import outbox" in path.read_text()
    }
    assert {Path(user).stem for user in users if "emails" not in user} == set()


def test_no_raw_sql_outside_the_wall_and_migrations():
    allowed = {"tenancy/active.py", "tenancy/postgresql/base.py", "config/health.py"}
    rooms = [*ROOMS, "accounts", "tenancy", "config", "documents", "messaging"]
    users = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        and ("cursor()" in path.read_text() or ".raw(" in path.read_text())
    }
    known = {"messaging/delivery.py", "documents/jobs.py", "messaging/outbox.py"}
    known.add("collaboratives/actions/measure_loading.py")  # COPY, ADR 0073
    assert {u for u in users - allowed - known if "management" not in u} == set()
