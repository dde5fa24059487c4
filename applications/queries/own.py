"""What the people of an application see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.models import Application, ApplicationPerson, Letter, Submission, Video
from applications.queries.deadlines import decision_due
from applications.states import Outcome, Status
from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Decision
from collaboratives.models import Team


@dataclass(frozen=True)
class OwnPage:
    """The rows beside the answers: letters, videos, people."""

    blueprint: Blueprint
    letters: list[Letter]
    videos: list[Video]
    people: list[ApplicationPerson]

    @cached_property
    def elsewhere(self) -> dict[str, str]:
        """Words for what is kept outside the answers, by question."""
        words = {letter.field: letter_words(letter) for letter in self.letters}
        return words | {video.field: video.name for video in self.videos}


def letter_words(letter: Letter) -> str:
    if letter.file is not None:
        return f"{letter.file.original_name} ({letter.get_state_display()})"
    if letter.signature is not None:
        return _("Signed by %(name)s by typing") % {"name": letter.signature.name}
    if not letter.is_here and letter.is_complete:
        return _("Under the other letter")
    return str(letter.get_state_display())


def own_page(application: Application) -> OwnPage:
    return OwnPage(
        blueprint=application.cohort.program.blueprint,
        letters=list(Letter.objects.for_list().filter(application=application)),
        videos=list(Video.objects.for_list().filter(application=application)),
        people=list(ApplicationPerson.objects.present().for_list().filter(application=application)),
    )


def submissions_of(application: Application) -> list[Submission]:
    """What was sent, newest first."""
    return list(Submission.objects.filter(application=application).for_list())


def team_of(application: Application) -> Team | None:
    """The team that came from this application."""
    if application.status != Status.OFFER_ACCEPTED:
        return None
    return Team.objects.filter(application_reference=application.reference).first()


def status_steps(
    application: Application, decision: Decision, now: datetime
) -> list[dict[str, Any]]:
    """The way of an application in plain words, for components/timeline.html."""
    zone = application.cohort.zone

    def day(moment: Any) -> str:
        return date_format(moment.astimezone(zone), "DATE_FORMAT") if moment else ""

    released = application.is_released
    withdrawn = application.status == Status.WITHDRAWN
    taken = application.status == Status.OFFER_ACCEPTED
    due = decision_due(application, decision, now)
    promise = _("You hear from us by %(day)s") % {"day": date_format(due)} if due else ""
    steps = [
        {"label": _("You started"), "note": day(application.started_at), "state": "done"},
        {
            "label": _("You sent your application"),
            "note": day(application.submitted_at),
            "state": "done" if application.submitted_at else "",
        },
    ]
    if withdrawn:
        note = day(application.withdrawn_at)
        return [*steps, {"label": _("You withdrew"), "note": note, "state": "current"}]
    asked = application.status == Status.INFO_ASKED
    steps.append(
        {
            "label": _("We asked you a question") if asked else _("We read it"),
            "note": "" if released else promise,
            "state": "done" if released else "current",
        }
    )
    steps.append(
        {
            "label": str(application.shown_status) if released else _("Our answer"),
            "note": day(application.released_at),
            "state": "done" if taken else "current" if released else "",
        }
    )
    if not released or application.outcome == Outcome.ADMIT:
        steps.append(
            {
                "label": _("Your team starts"),
                "note": date_format(application.cohort.starts_on) if taken else "",
                "state": "current" if taken else "",
            }
        )
    return steps
