"""docs/states.md, written from the tables themselves."""

import importlib
import importlib.util

from workflow.machine import Machine

ROOMS = (
    "messaging",
    "documents",
    "collaboratives",
    "applications",
    "sessions",
    "charters",
    "reporting",
    "accounts",
)


def machines() -> list[tuple[str, str, Machine]]:
    """Every state machine: room, name in its `states.py`, table."""
    found = []
    for room in ROOMS:
        if importlib.util.find_spec(f"{room}.states"):
            states = importlib.import_module(f"{room}.states")
            found += [
                (room, name, value)
                for name, value in sorted(vars(states).items())
                if isinstance(value, Machine)
            ]
    return found


def text() -> str:
    """The whole page. A test fails when the file says something else."""
    lines = [
        "# States",
        "",
        "Written by `python manage.py write_states` from each room's `states.py`.",
        "A verb that is not listed for a state is refused there.",
    ]
    for room, name, machine in machines():
        lines += ["", f"## {room}: {name}", "", "| verb | from | to |", "|---|---|---|"]
        for verb, (sources, target) in machine.moves.items():
            lines.append(f"| {verb} | {', '.join(sorted(map(str, sources)))} | {target} |")
    return "\n".join(lines) + "\n"
