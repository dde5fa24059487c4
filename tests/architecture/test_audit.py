"""Whoever changes something leaves a record of it: read from every action. # G23"""

import ast
from pathlib import Path

from tests.architecture.test_writes import NOT_ROWS, ROOMS, ROOT, WRITES

# Actions that write without an audit event, each with its reason.
NOT_RECORDED = {
    "accounts.request_start_code": "asking for a code changes nothing yet",
    "accounts.check_start_code": "a code is no act",
    "accounts.person_at": "an account is made by its first sign-in",
    "accounts.change_profile": "one's own name and language, of no host",
    "applications.add_letters": "part of starting",
    "applications.begin": "for actions, which record",
    "applications.comment": "between those who write; staff see nothing of it",
    "applications.count_signatures": "part of taking a letter in",
    "applications.draw_submission": "a worker's copy of what was sent",
    "applications.end_export": "the clock",
    "applications.extend_all": "the cohort's event says it for all",
    "applications.keep_export": "a worker; who asked is recorded",
    "applications.keep_signed_file": "a worker; who signed is recorded",
    "applications.keep_summary": "worked out from the answers",
    "applications.lock_counter": "a number",
    "applications.mark_section": "a mark of the writer's own",
    "applications.names_of_host": "a key, made once",
    "applications.next_reference": "a number",
    "applications.note_begun": "part of saving; the answers have a history of their own",
    "applications.put": "part of taking a letter in",
    "applications.record_choice": "a record itself, which the person alone sees",
    "applications.remove_comment": "between those who write; staff see nothing of it",
    "applications.settle_video": "a worker's verdict; who uploaded is recorded",
    "applications.way_in": "part of inviting, which is recorded",
    "applications.write_down": "a record itself: what was sent",
    "charters.request_pdf": "a file of what is recorded",
    "collaboratives.note_seen": "a record itself: which numbers were given out",
    "questionnaires.clear_trial": "a trial is thrown away",
    "questionnaires.copy_response": "part of starting",
    "questionnaires.hide_move": "a notice that one reader has read",
    "questionnaires.save": "a record itself: every answer has its history",
    "questionnaires.start_response": "part of starting",
    "questionnaires.try_out": "a trial is thrown away",
    "questionnaires.undo": "a record itself: every edit of a form is kept",
    "reporting.draw_funder_report": "a file of what is recorded",
    "reporting.close": "part of what closes it, which is recorded",
    "reporting.request_pdf": "a file of what is recorded",
    "reporting.save_answers": "a record itself: every answer has its history",
    "reporting.save_feedback": "not shared yet",
    "reporting.save_reply": "not sent yet",
    "sessions.invite": "a record itself: who was asked, and the mail",
}


def functions(paths: list[Path]) -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in paths:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def calls(node: ast.FunctionDef) -> set[str]:
    return {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}


def writes(node: ast.FunctionDef) -> bool:
    for call in calls(node):
        target, _, verb = call.rpartition(".")
        if verb in WRITES and target.rpartition(".")[2] not in NOT_ROWS:
            return True
    return False


def records(name: str, found: dict[str, list[ast.FunctionDef]], seen: frozenset[str]) -> bool:
    """Whether the function, or one of the same room that it calls, writes an audit event."""
    for node in found.get(name, []):
        called = calls(node)
        if "audit.record" in called:
            return True
        further = {one.rpartition(".")[2] for one in called} & found.keys() - seen - {name}
        if any(records(one, found, seen | {name}) for one in further):
            return True
    return False


def unrecorded(paths: list[Path]) -> set[str]:
    found = functions(paths)
    return {
        name
        for name, nodes in found.items()
        if not name.startswith("_")
        and any(writes(node) for node in nodes)
        and not records(name, found, frozenset())
    }


def test_every_act_leaves_a_record():
    silent = set()
    for room in ["accounts", "messaging", *ROOMS]:
        paths = [
            path
            for path in (ROOT / room).rglob("*.py")
            if "actions" in (path.stem, path.parent.name)
        ]
        silent |= {f"{room}.{name}" for name in unrecorded(paths)}
    assert silent == set(NOT_RECORDED)


def test_a_silent_act_would_be_found(tmp_path):
    planted = tmp_path / "actions.py"
    planted.write_text(
        "def rename(team):\n    team.save()\n\ndef tell(team):\n    audit.record(team)\n"
    )
    assert unrecorded([planted]) == {"rename"}
