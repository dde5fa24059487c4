"""Every write of this room."""

from reporting.actions.allowances import extend, skip, take_back
from reporting.actions.changes import ChangeFields, add_change, edit_change, remove_change
from reporting.actions.commitments import (
    acknowledge,
    finish_commitment,
    remind_of_commitment,
    reopen_commitment,
    set_commitment_day,
)
from reporting.actions.leaders import (
    NobodyToHandTo,
    ask_alternate,
    ask_for_alternate,
    ask_leader,
    disown,
    hand_over,
    remind_leader,
    renew_link,
)
from reporting.actions.periods import (
    AlreadyPlanned,
    NothingToReport,
    Plan,
    Refused,
    add_period,
    lay_out,
    move_window,
    plan_periods,
)
from reporting.actions.replies import (
    AlreadyReplied,
    AuthorCannotReply,
    NothingToSend,
    SentBefore,
    WindowClosed,
    save_reply,
    send_reply,
)
from reporting.actions.reports import NotComplete, reopen, save_answers, start_report, submit

__all__ = [
    "AlreadyPlanned",
    "AlreadyReplied",
    "AuthorCannotReply",
    "ChangeFields",
    "NobodyToHandTo",
    "NotComplete",
    "NothingToReport",
    "NothingToSend",
    "Plan",
    "Refused",
    "SentBefore",
    "WindowClosed",
    "acknowledge",
    "add_change",
    "add_period",
    "ask_alternate",
    "ask_for_alternate",
    "ask_leader",
    "disown",
    "edit_change",
    "extend",
    "finish_commitment",
    "hand_over",
    "lay_out",
    "move_window",
    "plan_periods",
    "remind_leader",
    "remind_of_commitment",
    "remove_change",
    "renew_link",
    "reopen",
    "reopen_commitment",
    "save_answers",
    "save_reply",
    "send_reply",
    "set_commitment_day",
    "skip",
    "start_report",
    "submit",
    "take_back",
]
