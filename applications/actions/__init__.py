"""Every write of this room, but for a person's own consent."""

from applications.actions.applying import (
    save_section,
    start,
    submit,
    undo_withdrawal,
    withdraw,
)
from applications.actions.checking import (
    accept_letter,
    file_letter,
    return_letter,
    use_letter_again,
)
from applications.actions.deciding import (
    Release,
    answer,
    ask,
    assign,
    begin_review,
    cancel_planned_release,
    decide,
    note,
    plan_release,
    release,
    release_as_planned,
    release_selected,
    say_why_late,
    undo_decision,
)
from applications.actions.letters import (
    keep_signed_file,
    note_download,
    receive_by_link,
    remind_signer,
    remove_letter,
    request_letter,
    request_template,
    sign_by_link,
    upload_letter,
)
from applications.actions.offers import take_up_offer
from applications.actions.refusals import Closed, Full, Incomplete, Refused
from applications.actions.reminding import (
    remind_of_draft,
    remind_of_kept_seat,
    remind_of_offer,
)
from applications.actions.seats import accept_seat, decline_seat, expire_offer
from applications.actions.videos import add_video
from applications.actions.waitlist import move_on_waitlist, offer_next_seat
from applications.actions.writing import write_test, write_to

__all__ = [
    "Closed",
    "Full",
    "Incomplete",
    "Refused",
    "Release",
    "accept_letter",
    "accept_seat",
    "add_video",
    "answer",
    "ask",
    "assign",
    "begin_review",
    "cancel_planned_release",
    "decide",
    "decline_seat",
    "expire_offer",
    "file_letter",
    "keep_signed_file",
    "move_on_waitlist",
    "note",
    "note_download",
    "offer_next_seat",
    "plan_release",
    "receive_by_link",
    "release",
    "release_as_planned",
    "release_selected",
    "remind_of_draft",
    "remind_of_kept_seat",
    "remind_of_offer",
    "remind_signer",
    "remove_letter",
    "request_letter",
    "request_template",
    "return_letter",
    "save_section",
    "say_why_late",
    "sign_by_link",
    "start",
    "submit",
    "take_up_offer",
    "undo_decision",
    "undo_withdrawal",
    "upload_letter",
    "use_letter_again",
    "withdraw",
    "write_test",
    "write_to",
]
