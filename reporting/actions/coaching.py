"""What coaches do with a report, and how a team answers. The next period never waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import User
from collaboratives.models import Team
from questionnaires import actions as questionnaires
from questionnaires.actions import Saved
from questionnaires.models import Response
from reporting import emails
from reporting.feedback_form import NAME, answers_of, draft_in, form_of_sheet, key_of
from reporting.models import CoachNote, Feedback, FeedbackAnswer, ReportVersion
from reporting.states import FeedbackState, Verdict, feedback_machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed


class SavedFeedback(NamedTuple):
    """The sheet as it stands now, and what became of each box that came in."""

    feedback: Feedback
    saved: Saved


class NothingToShare(Exception):
    """Whoever asks for changes says which."""


@transaction.atomic
def save_feedback(
    *,
    version: ReportVersion,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None = None,
    save_key: str = "",
    whole_page: bool = False,
    now: datetime,
    by: User,
) -> SavedFeedback:
    """Keep what was typed, box by box, as a draft that the team does not see.

    values: by question of `feedback_form`. The rest: see `questionnaires.actions.save`.
    """
    # One row for each version: its lock is the version's.
    ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    feedback = Feedback.objects.filter(version=version).first()
    if feedback is None:
        feedback = Feedback(host_id=version.host_id, version=version, saved_at=now, saved_by=by)
    saved = questionnaires.save(
        response=_response(feedback, version, now),
        values=values,
        base_revisions=base_revisions,
        save_key=save_key,
        whole_page=whole_page,
        now=now,
        by=by,
    )
    if saved.changed or feedback.pk is None:
        feedback.draft, feedback.draft_verdict = draft_in(saved.response.answers)
        feedback.saved_at, feedback.saved_by = now, by
        feedback.response = saved.response
        feedback.save()
    return SavedFeedback(feedback, saved)


def _response(feedback: Feedback, version: ReportVersion, now: datetime) -> Response:
    """The draft box by box, begun with the first word."""
    if feedback.response is None:
        form = questionnaires.keep_published(
            host_id=version.host_id,
            key=key_of(version),
            name=NAME,
            form=form_of_sheet(version),
            now=now,
            by=feedback.saved_by,
        )
        feedback.response = questionnaires.start_response(
            version=form, answers=answers_of(feedback), now=now, by=feedback.saved_by
        )
        if feedback.pk is not None:
            feedback.save(update_fields=["response"])
    return feedback.response


@transaction.atomic
def share_feedback(*, feedback: Feedback, now: datetime, by: User) -> Feedback:
    """Show the team what was written, and tell it by mail. Shared again without a change is
    shared once.

    The report stays submitted: who asks for changes says which, and the lead decides to reopen
    it. Raises NothingToShare where changes are asked for without a word.
    """
    feedback = _locked(feedback)
    if feedback.draft_verdict == Verdict.CHANGES and not feedback.draft:
        raise NothingToShare
    if not feedback.draft_verdict:
        raise TransitionNotAllowed("accepted, or changes asked for")
    again = feedback.state == FeedbackState.SHARED
    if again and (feedback.words, feedback.verdict) == (feedback.draft, feedback.draft_verdict):
        return feedback
    feedback.state = feedback_machine.target("share_again" if again else "share", feedback.state)
    feedback.words, feedback.verdict = feedback.draft, feedback.draft_verdict
    feedback.shared_at, feedback.shared_by = now, by
    feedback.sharings += 1
    feedback.acknowledged_at, feedback.acknowledged_by = None, None
    feedback.save()
    report = feedback.version.report
    after = {"version": feedback.version.number, "verdict": feedback.verdict}
    audit.record("shared feedback", report, by=by, after=after)
    emails.feedback_shared(feedback)
    return feedback


@transaction.atomic
def acknowledge_feedback(*, feedback: Feedback, now: datetime, by: User) -> Feedback:
    """The team has read it. Said twice is said once."""
    feedback = _locked(feedback)
    feedback_machine.target("answer", feedback.state)
    if feedback.acknowledged_at is None:
        feedback.acknowledged_at, feedback.acknowledged_by = now, by
        feedback.save(update_fields=["acknowledged_at", "acknowledged_by"])
        audit.record("read the feedback", feedback.version.report, by=by)
    return feedback


@transaction.atomic
def answer_feedback(
    *, feedback: Feedback, text: str, from_team: bool, now: datetime, by: User
) -> FeedbackAnswer:
    """Write below the feedback; the other side is told by mail. The same words of the same
    person as last time are a press that came twice. Raises TransitionNotAllowed for a draft."""
    feedback = _locked(feedback)
    feedback_machine.target("answer", feedback.state)
    last = feedback.answers.order_by("-written_at", "-pk").first()
    if last is not None and (last.text, last.written_by_id) == (text, by.pk):
        return last
    answer = FeedbackAnswer.objects.create(
        host_id=feedback.host_id,
        feedback=feedback,
        text=text,
        from_team=from_team,
        written_at=now,
        written_by=by,
    )
    audit.record("answered the feedback", feedback.version.report, by=by)
    emails.feedback_answered(answer)
    return answer


@transaction.atomic
def add_coach_note(*, team: Team, text: str, now: datetime, by: User) -> CoachNote:
    """For who coaches the team. The record says that there is one, not what it says, and stands
    at the note: the history of the team and its reports is open to the team."""
    note = CoachNote.objects.create(
        host_id=team.host_id, team=team, text=text, written_at=now, written_by=by
    )
    audit.record("added", note, by=by)
    return note


@transaction.atomic
def remove_coach_note(*, note: CoachNote, by: User) -> None:
    """One's own."""
    audit.record("removed", note, by=by)
    note.delete()


def _locked(feedback: Feedback) -> Feedback:
    found = Feedback.objects.select_for_update(of=("self",)).select_related(
        "version__report__team__cohort", "version__report__period", "shared_by"
    )
    return found.get(pk=feedback.pk)
