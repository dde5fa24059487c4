"""One function per mail about an application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from applications.models import (
    Application,
    ApplicationPerson,
    Letter,
    PersonInvitation,
    Submission,
    Video,
)
from applications.queries.asked import open_questions
from applications.states import OFFERS, Outcome, PersonRole
from collaboratives.models import Cohort
from documents.models import Upload
from messaging import outbox
from messaging.rendering import Rendered
from messaging.urls import absolute
from questionnaires.queries import form_of


def _editors(application: Application) -> Iterable[User]:
    return [one.user for one in ApplicationPerson.objects.editors_of(application)]


def _page(application: Application, name: str) -> str:
    slug = application.cohort.slug if name == "cohort" else application.reference
    host_slug = application.cohort.host.slug
    return absolute(reverse(f"applications:{name}", args=[host_slug, slug]))


def _post(
    application: Application,
    template: str,
    *,
    to: Iterable[User],
    key: str,
    page: str = "task_list",
    **context: Any,
) -> int:
    """How many were written; none to whom the same was written before."""
    written = 0
    for person in to:
        message = outbox.post(
            host_id=application.host_id,
            to=person.email,
            template=f"applications/{template}",
            context={
                "application": application,
                "cohort": application.cohort,
                "reader": person,
                "url": _page(application, page),
                **context,
            },
            dedupe_key=f"application:{application.pk}:{key}:{person.pk}",
            about=application,
            language=person.language,
        )
        written += message is not None
    return written


def started(application: Application) -> None:
    _post(application, "started", to=[application.lead], key="started")


def person_invited(invitation: PersonInvitation, *, token: str) -> None:
    """The link to work on an application; the address may or may not have an account."""
    application = invitation.application
    outbox.post(
        host_id=application.host_id,
        to=invitation.email,
        template="applications/invited",
        context={
            "application": application,
            "cohort": application.cohort,
            "inviter": invitation.invited_by,
            "url": absolute(reverse("applications_links:join", args=[token])),
        },
        dedupe_key=f"application-invited:{invitation.pk}:{invitation.sends}",
        about=application,
        secrets=[token],
        language=invitation.invited_by.language,
    )


def entered_for_you(invitation: PersonInvitation, *, token: str, about: str) -> None:
    """To who sent an application by email: staff type it in, and this is the way to it.

    about: entered, sent or news.
    """
    application = invitation.application
    outbox.post(
        host_id=application.host_id,
        to=invitation.email,
        template="applications/entered_for_you",
        context={
            "application": application,
            "cohort": application.cohort,
            "about": about,
            "url": absolute(reverse("applications_links:join", args=[token])),
        },
        dedupe_key=f"application-entered:{invitation.pk}:{invitation.sends}",
        about=application,
        secrets=[token],
        language=invitation.language or invitation.invited_by.language,
    )


def person_joined(application: Application, *, person: ApplicationPerson, at: datetime) -> None:
    key = f"joined:{person.pk}:{at.isoformat()}"
    _post(
        application, "person_joined", to=[application.lead], key=key, page="people", newcomer=person
    )


def taken_over(application: Application, *, person: ApplicationPerson, at: datetime) -> None:
    """To the member of staff who entered it: from here on the applicant leads it."""
    slug, cohort = application.cohort.host.slug, application.cohort
    url = absolute(reverse("applications:list", args=[slug, cohort.slug]))
    key = f"taken_over:{at.isoformat()}"
    _post(application, "taken_over", to=[application.lead], key=key, newcomer=person, url=url)


def asked_to_join(application: Application, *, asker: User, message: str, now: datetime) -> None:
    """To the lead, who may invite the person. Once a day at most."""
    page = _page(application, "people")
    _post(
        application,
        "asked_to_join",
        to=[application.lead],
        key=f"asked_to_join:{asker.pk}:{now.date()}",
        asker=asker,
        message=message,
        url=f"{page}?{urlencode({'email': asker.email})}",
    )


def leads_now(application: Application, *, at: datetime) -> None:
    key = f"leads:{at.isoformat()}"
    _post(application, "leads_now", to=[application.lead], key=key)


def section_assigned(
    application: Application, *, person: ApplicationPerson, sections: Sequence[str], now: datetime
) -> None:
    form = form_of(application.response.version)
    titles = [one.title for code in sections if (one := form.section(code))]
    _post(
        application,
        "section_assigned",
        to=[person.user],
        key=f"assigned:{now.isoformat()}",
        titles=titles,
    )


def deadline_changed(application: Application, *, at: datetime) -> None:
    key = f"deadline:{application.closes_at}:{at.isoformat()}"
    _post(application, "deadline_changed", to=_editors(application), key=key)


def no_more_time(application: Application, *, at: datetime) -> None:
    key = f"no_more_time:{at.isoformat()}"
    _post(application, "no_more_time", to=_editors(application), key=key)


def changed(application: Application, *, sent: Submission) -> None:
    """The receipt of changes after the first submission."""
    _post(
        application,
        "changed",
        to=_editors(application),
        key=f"changed:{sent.number}",
        page="submitted",
        sent=sent,
    )


def received(application: Application) -> None:
    """The receipt, to all who can edit."""
    _post(application, "received", to=_editors(application), key="received", page="submitted")


def information_asked(application: Application) -> None:
    key = f"asked:{application.question_at.isoformat() if application.question_at else ''}"
    _post(
        application,
        "information_asked",
        to=_editors(application),
        key=key,
        asked=open_questions(application),
    )


def draft_reminder(application: Application, *, offset: str) -> int:
    """To the lead and to those who look after a section. Not a word of what is in the draft:
    the link finds the first unfinished section by itself."""
    people = ApplicationPerson.objects.present().for_list().filter(application=application)
    to = [one.user for one in people if one.role == PersonRole.LEAD or one.sections]
    key = f"draft:{application.extensions}:{offset}"
    return _post(application, "draft_reminder", to=to, key=key, page="go_on")


def offer_reminder(application: Application) -> None:
    _post(
        application,
        "offer_reminder",
        to=_editors(application),
        key=f"offer_soon:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


PLACES = ("name", "organization", "reference", "cohort")


def filled(text: str, application: Application, reader: User) -> str:
    """Staff's words with {name}, {organization}, {reference} and {cohort} of this reader."""
    values = {
        "name": reader.name or reader.email,
        "organization": application.organization_name,
        "reference": application.reference,
        "cohort": application.cohort.name,
    }
    for place in PLACES:
        text = text.replace(f"{{{place}}}", values[place])
    return text


def _from_staff(
    application: Application, reader: User, *, subject: str, text: str
) -> dict[str, Any]:
    page = "status" if application.received_at else "task_list"
    return {
        "application": application,
        "cohort": application.cohort,
        "reader": reader,
        "url": _page(application, page),
        "subject": filled(subject, application, reader),
        "text": filled(text, application, reader),
    }


def from_staff(
    application: Application,
    reader: User,
    *,
    subject: str,
    text: str,
    key: str,
) -> bool:
    """What staff wrote to the applicants they chose. False when it was posted before."""
    posted = outbox.post(
        host_id=application.host_id,
        to=reader.email,
        template="applications/from_staff",
        context=_from_staff(application, reader, subject=subject, text=text),
        dedupe_key=f"application:{application.pk}:staff:{key}:{reader.pk}",
        about=application,
        language=reader.language,
    )
    return posted is not None


def preview_from_staff(
    application: Application, reader: User, *, subject: str, text: str
) -> Rendered:
    return outbox.preview(
        host=application.cohort.host,
        template="applications/from_staff",
        context=_from_staff(application, reader, subject=subject, text=text),
        language=reader.language,
    )


def decision_released(application: Application) -> None:
    """One mail for each outcome: admit, waitlist, decline, offer_other."""
    key = f"released:{application.released_at.isoformat() if application.released_at else ''}"
    _post(
        application,
        _released_template(application),
        to=_editors(application),
        key=key,
        page="decision",
        last_minute=_last_minute(application),
    )


def _released_template(application: Application) -> str:
    return f"released_{Outcome(application.outcome).value}"


def _last_minute(application: Application) -> datetime | None:
    """The last minute to answer: nobody reads a midnight as the end of the day before."""
    last = application.last_moment_to_answer(application.cohort.zone)
    return last - timedelta(minutes=1) if last else None


def preview_of_release(application: Application, *, respond_by: date) -> Rendered:
    """The letter as its lead would get it now. Nothing is written."""
    application.respond_by = respond_by if application.outcome in OFFERS else None
    return outbox.preview(
        host=application.cohort.host,
        template=f"applications/{_released_template(application)}",
        context={
            "application": application,
            "cohort": application.cohort,
            "reader": application.lead,
            "url": _page(application, "decision"),
            "last_minute": _last_minute(application),
        },
        language=application.lead.language,
    )


def seat_offered_from_waitlist(application: Application) -> None:
    _post(
        application,
        "seat_offered",
        to=_editors(application),
        key=f"seat_offered:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


def offered_again(application: Application) -> None:
    _post(
        application,
        "offered_again",
        to=_editors(application),
        key=f"offered_again:{application.respond_by}",
        page="decision",
        last_minute=_last_minute(application),
    )


def seat_kept(application: Application, *, open_questions: int) -> None:
    """The offer of another program is taken up; some answers are still open."""
    _post(
        application,
        "seat_kept",
        to=_editors(application),
        key="seat_kept",
        open_questions=open_questions,
        last_minute=_last_minute(application),
    )


def kept_seat_reminder(application: Application, *, offset: str) -> int:
    return _post(
        application,
        "kept_seat_reminder",
        to=_editors(application),
        key=f"kept_seat:{offset}",
        last_minute=_last_minute(application),
    )


def seat_accepted(application: Application, *, team_url: str) -> None:
    _post(
        application,
        "seat_accepted",
        to=_editors(application),
        key="seat_accepted",
        page="status",
        team_url=absolute(team_url),
    )


def seat_declined(application: Application) -> None:
    _post(
        application,
        "seat_declined",
        to=_editors(application),
        key="seat_declined",
        page="status",
    )


def offer_expired(application: Application) -> None:
    _post(
        application, "offer_expired", to=_editors(application), key="offer_expired", page="status"
    )


def withdrawn(application: Application) -> None:
    key = f"withdrawn:{application.withdrawn_at.isoformat() if application.withdrawn_at else ''}"
    _post(application, "withdrawn", to=_editors(application), key=key, page="status")


def _to_signer(
    application: Application,
    template: str,
    *,
    letter: Letter,
    token: str,
    asker: User,
    key: str,
    note: str = "",
) -> None:
    """To the signer, who needs no account: the link is the key."""
    outbox.post(
        host_id=application.host_id,
        to=letter.requested_from,
        template=f"applications/{template}",
        context={
            "application": application,
            "cohort": application.cohort,
            "letter": letter,
            "signer": letter.requested_name,
            "asker": asker,
            "note": note,
            "url": absolute(reverse("applications_links:letter", args=[token])),
        },
        dedupe_key=f"letter:{letter.pk}:{key}",
        about=application,
        language=asker.language,
        secrets=[token],
    )


def letter_requested(
    application: Application, *, letter: Letter, note: str, token: str, by: User
) -> None:
    key = f"requested:{letter.requested_at.isoformat() if letter.requested_at else ''}"
    _to_signer(
        application, "letter_requested", letter=letter, token=token, asker=by, key=key, note=note
    )


def letter_reminder(application: Application, *, letter: Letter, token: str) -> None:
    key = f"reminded:{letter.requested_at.isoformat() if letter.requested_at else ''}"
    asker = application.lead
    _to_signer(application, "letter_reminder", letter=letter, token=token, asker=asker, key=key)


def letter_arrived(application: Application, *, letter: Letter) -> None:
    at = letter.received_at.isoformat() if letter.received_at else ""
    key = f"letter_arrived:{letter.pk}:{at}"
    _post(application, "letter_arrived", to=[application.lead], key=key, letter=letter)


def letter_returned(application: Application, *, letter: Letter) -> None:
    at = letter.judged_at.isoformat() if letter.judged_at else ""
    key = f"letter_returned:{letter.pk}:{at}"
    _post(application, "letter_returned", to=_editors(application), key=key, letter=letter)


def video_checked(application: Application, *, video: Video, upload: Upload) -> None:
    """To whom sent it: it can be watched, or it can't be used and why."""
    template = "video_ready" if upload.file_id else "video_problem"
    key = f"video:{upload.uuid}"
    _post(
        application,
        template,
        to=[upload.uploaded_by],
        key=key,
        url=_page_of_video(application, video),
        reason=upload.reason,
    )


def _page_of_video(application: Application, video: Video) -> str:
    names = [application.cohort.host.slug, application.reference, video.field]
    return absolute(reverse("applications:video", args=names))


# --- to those who read applications -------------------------------------------------------------


def _staff_page(application: Application, name: str) -> str:
    cohort = application.cohort
    return absolute(
        reverse(f"applications:{name}", args=[cohort.host.slug, cohort.slug, application.reference])
    )


def reviews_assigned(cohort: Cohort, *, reader: User, count: int, at: datetime) -> None:
    """To a reader: how many, not which; the question of a conflict comes first."""
    outbox.post(
        host_id=cohort.host_id,
        to=reader.email,
        template="applications/reviews_assigned",
        context={
            "cohort": cohort,
            "count": count,
            "reader": reader,
            "url": absolute(
                reverse("applications:next_to_read", args=[cohort.host.slug, cohort.slug])
            ),
        },
        dedupe_key=f"reviews-assigned:{cohort.pk}:{reader.pk}:{count}:{at.isoformat()}",
        about=cohort,
        cohort_slug=cohort.slug,
        language=reader.language,
    )


def conflict_declared(application: Application, *, reader: User, to: User, at: datetime) -> None:
    """To whoever gave it to the reader: somebody else must read it."""
    _post(
        application,
        "conflict_declared",
        to=[to],
        key=f"conflict:{reader.pk}:{at.isoformat()}",
        colleague=reader,
        url=_staff_page(application, "read"),
    )
