"""Until it is sent: people, sections, time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from applications.emails.posting import editors, page_of, post
from applications.models import Application, ApplicationPerson, PersonInvitation, Submission
from applications.queries.asked import open_questions
from applications.states import PersonRole
from messaging import outbox
from messaging.urls import absolute
from questionnaires.queries import form_of


def started(application: Application) -> None:
    post(application, "started", to=[application.lead], key="started")


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
    post(
        application, "person_joined", to=[application.lead], key=key, page="people", newcomer=person
    )


def taken_over(application: Application, *, person: ApplicationPerson, at: datetime) -> None:
    """To the member of staff who entered it: from here on the applicant leads it."""
    slug, cohort = application.cohort.host.slug, application.cohort
    url = absolute(reverse("applications:list", args=[slug, cohort.slug]))
    key = f"taken_over:{at.isoformat()}"
    post(application, "taken_over", to=[application.lead], key=key, newcomer=person, url=url)


def asked_to_join(application: Application, *, asker: User, message: str, now: datetime) -> None:
    """To the lead, who may invite the person. Once a day at most."""
    page = page_of(application, "people")
    post(
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
    post(application, "leads_now", to=[application.lead], key=key)


def section_assigned(
    application: Application, *, person: ApplicationPerson, sections: Sequence[str], now: datetime
) -> None:
    form = form_of(application.response.version)
    titles = [one.title for code in sections if (one := form.section(code))]
    post(
        application,
        "section_assigned",
        to=[person.user],
        key=f"assigned:{now.isoformat()}",
        titles=titles,
    )


def deadline_changed(application: Application, *, at: datetime) -> None:
    key = f"deadline:{application.closes_at}:{at.isoformat()}"
    post(application, "deadline_changed", to=editors(application), key=key)


def no_more_time(application: Application, *, at: datetime) -> None:
    key = f"no_more_time:{at.isoformat()}"
    post(application, "no_more_time", to=editors(application), key=key)


def changed(application: Application, *, sent: Submission) -> None:
    """The receipt of changes after the first submission."""
    post(
        application,
        "changed",
        to=editors(application),
        key=f"changed:{sent.number}",
        page="submitted",
        sent=sent,
    )


def received(application: Application) -> None:
    """The receipt, to all who can edit."""
    post(application, "received", to=editors(application), key="received", page="submitted")


def information_asked(application: Application) -> None:
    key = f"asked:{application.question_at.isoformat() if application.question_at else ''}"
    post(
        application,
        "information_asked",
        to=editors(application),
        key=key,
        asked=open_questions(application),
    )


def draft_reminder(application: Application, *, offset: str) -> int:
    """To the lead and to those who look after a section. Not a word of what is in the draft:
    the link finds the first unfinished section by itself."""
    people = ApplicationPerson.objects.present().for_list().filter(application=application)
    to = [one.user for one in people if one.role == PersonRole.LEAD or one.sections]
    key = f"draft:{application.extensions}:{offset}"
    return post(application, "draft_reminder", to=to, key=key, page="go_on")


def withdrawn(application: Application) -> None:
    key = f"withdrawn:{application.withdrawn_at.isoformat() if application.withdrawn_at else ''}"
    post(application, "withdrawn", to=editors(application), key=key, page="status")
