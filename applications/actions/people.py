"""Many hands on one application: invite, join, leave, remove, hand over, share the sections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import states
from accounts.models import User
from accounts.queries import has_verified
from applications import emails
from applications.actions.locking import hand_on, lock, role_on
from applications.actions.refusals import Refused
from applications.models import Application, ApplicationPerson, PersonInvitation
from applications.queries.conflicts import ties_now
from applications.queries.people import owners_of
from applications.rules import leads, may_manage_people
from applications.states import PersonRole, Source
from questionnaires.queries import form_of
from tenancy import audit, links

INVITATION_DAYS = timedelta(days=7)
TAKE_OVER_DAYS = timedelta(days=60)  # of an application that staff entered from an email
MOST_PEOPLE = 12  # on one application, those who are invited included
MOST_SENDS = 5  # of one invitation


def _lock_for_lead(application: Application, by: User) -> Application:
    application = lock(application)
    if not leads(role_on(application, by)):
        raise Refused(_("Only the lead applicant can change who works on this."))
    if not may_manage_people(application):
        raise Refused(_("People can't be changed any more."))
    return application


def _one(application: Application, person_pk: int) -> ApplicationPerson:
    found = (
        ApplicationPerson.objects.present()
        .select_related("user")
        .filter(application=application, pk=person_pk)
        .first()
    )
    if found is None:
        raise Refused(_("This person does not work on the application any more."))
    return found


# --- invitations -----------------------------------------------------------------------------


@transaction.atomic
def invite_person(
    *, application: Application, email: str, role: str, by: User, now: datetime
) -> PersonInvitation:
    """Mail a link to work on the application. An open one to this address is sent again.

    Nothing here looks whether the address has an account. Raises Refused for the address of
    somebody who is on the application already, and when there are too many people.
    """
    application = _lock_for_lead(application, by)
    email = email.strip().lower()
    people = ApplicationPerson.objects.present().filter(application=application)
    if people.filter(user__email=email).exists():
        raise Refused(_("This person works on the application already."))
    waiting = PersonInvitation.objects.waiting().filter(application=application)
    known = waiting.filter(email=email).first()
    if known is None and people.count() + waiting.count() >= MOST_PEOPLE:
        words = _("An application can have %(most)s people. Remove somebody first.")
        raise Refused(words % {"most": MOST_PEOPLE})
    invitation = known or PersonInvitation(
        host_id=application.host_id, application=application, email=email
    )
    invitation.role, invitation.invited_by = role, by
    _send(invitation, now=now)
    audit.record("invited", application, by=by, after={"role": role})
    return invitation


def _send(invitation: PersonInvitation, *, now: datetime) -> None:
    if invitation.sends >= MOST_SENDS:
        raise Refused(_("We sent this invitation often. Ask the person to look for our mail."))
    token = way_in(invitation, now=now)
    if invitation.takes_over:
        emails.entered_for_you(invitation, token=token, about="entered")
    else:
        emails.person_invited(invitation, token=token)


def way_in(invitation: PersonInvitation, *, now: datetime) -> str:
    """The token of a new link; an older one stops working. Who takes over has longer for it."""
    days = TAKE_OVER_DAYS if invitation.takes_over else INVITATION_DAYS
    invitation.sends += 1
    invitation.sent_at, invitation.expires_at = now, now + days
    invitation.save()
    links.revoke(kind="join", subject=invitation, now=now)
    return links.issue(
        kind="join",
        subject=invitation,
        expires_at=invitation.expires_at,
        email=invitation.email,
    )


def tell_who_emailed(application: Application, *, about: str, now: datetime) -> None:
    """Whoever has not taken over what staff entered from an email is told with a new way in.

    Otherwise the receipt and the decision would reach nobody but the member of staff who typed.
    about: sent, or news.
    """
    if application.source != Source.EMAIL:
        return
    waiting = PersonInvitation.objects.waiting().filter(application=application, takes_over=True)
    for invitation in waiting.select_related("invited_by"):
        invitation.application = application
        emails.entered_for_you(invitation, token=way_in(invitation, now=now), about=about)


def _waiting(application: Application, invitation_pk: int) -> PersonInvitation:
    found = (
        PersonInvitation.objects.select_for_update(of=("self",))
        .select_related("application__cohort__host", "invited_by")
        .filter(application=application, pk=invitation_pk)
        .first()
    )
    if found is None or found.state != states.InvitationState.OPEN:
        raise Refused(_("This invitation is over."))
    return found


@transaction.atomic
def resend_invitation(
    *, application: Application, invitation_pk: int, by: User, now: datetime
) -> PersonInvitation:
    """A new link; the older one stops working."""
    application = _lock_for_lead(application, by)
    invitation = _waiting(application, invitation_pk)
    states.invitation.target("resend", invitation.state)
    _send(invitation, now=now)
    audit.record("sent again", application, by=by)
    return invitation


@transaction.atomic
def revoke_invitation(
    *, application: Application, invitation_pk: int, by: User, now: datetime
) -> PersonInvitation:
    application = _lock_for_lead(application, by)
    invitation = _waiting(application, invitation_pk)
    invitation.state = states.invitation.target("revoke", invitation.state)
    invitation.revoked_at = now
    invitation.save(update_fields=["state", "revoked_at"])
    links.revoke(kind="join", subject=invitation, now=now)
    audit.record("withdrew an invitation", application, by=by)
    return invitation


@transaction.atomic
def join_application(*, invitation: PersonInvitation, by: User, now: datetime) -> ApplicationPerson:
    """Take the offer. Raises Refused unless `by` has verified the invited address, and when it
    was taken or withdrawn meanwhile."""
    application = lock(invitation.application)
    invitation = _waiting(application, invitation.pk)
    if not has_verified(by, invitation.email) or not may_manage_people(application):
        raise Refused(_("This invitation is for another address."))
    invitation.state = states.invitation.target("accept", invitation.state)
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["state", "accepted_at", "accepted_by"])
    links.revoke(kind="join", subject=invitation, now=now)
    person, made = ApplicationPerson.objects.select_for_update(of=("self",)).get_or_create(
        application=application,
        user=by,
        defaults={
            "host_id": application.host_id,
            "role": invitation.role,
            "added_at": now,
            "added_by": invitation.invited_by,
        },
    )
    if not made and person.left_at is not None:
        person.role, person.left_at, person.can_submit = invitation.role, None, False
        person.added_at, person.added_by = now, invitation.invited_by
        person.save()
    application.ties = ties_now(application)
    application.save(update_fields=["ties"])
    audit.record("joined", application, by=by, after={"role": person.role})
    if invitation.takes_over:
        _take_over(application, person, now)
    else:
        emails.person_joined(application, person=person, at=now)
    return person


def _take_over(application: Application, person: ApplicationPerson, now: datetime) -> None:
    """The applicant leads what staff entered; from here on staff read it like any other."""
    typist = hand_on(application, application.lead)
    emails.taken_over(application, person=person, at=now)
    _make_lead(application, person)
    if typist is not None and typist.pk != person.pk:
        typist.refresh_from_db()
        _end(typist, now)
    after = {"lead": str(person.user)}
    audit.record("took over", application, by=person.user, after=after)


@transaction.atomic
def ask_to_join(*, applications: list[Application], message: str, by: User, now: datetime) -> None:
    """Mail those who lead an application of the same organization that somebody asks to be
    added. Who asks is told nothing about it; once a day at most."""
    for application in applications:
        emails.asked_to_join(application, asker=by, message=message.strip(), now=now)
        audit.record("asked to be added", application, by=by)


# --- people who are there ----------------------------------------------------------------------


@transaction.atomic
def change_person(
    *, application: Application, person_pk: int, role: str, can_submit: bool, by: User
) -> ApplicationPerson:
    """Editor or viewer, and whether an editor may send the application in."""
    application = _lock_for_lead(application, by)
    person = _one(application, person_pk)
    if person.role == PersonRole.LEAD:
        raise Refused(_("The lead applicant stays the lead. Hand the lead over instead."))
    before = {"role": person.role, "can_submit": person.can_submit}
    person.role, person.can_submit = role, can_submit and role == PersonRole.EDITOR
    if person.role != PersonRole.EDITOR:
        person.sections = []
    person.save(update_fields=["role", "can_submit", "sections"])
    after = {"role": person.role, "can_submit": person.can_submit}
    audit.record("changed roles", application, by=by, before=before, after=after)
    return person


def _end(person: ApplicationPerson, now: datetime) -> None:
    person.left_at, person.sections, person.can_submit = now, [], False
    person.save(update_fields=["left_at", "sections", "can_submit"])


@transaction.atomic
def remove_person(
    *, application: Application, person_pk: int, by: User, now: datetime
) -> ApplicationPerson:
    """Take somebody off. What they wrote stays; they may be invited again."""
    application = _lock_for_lead(application, by)
    person = _one(application, person_pk)
    if person.role == PersonRole.LEAD:
        raise Refused(_("The lead applicant stays the lead. Hand the lead over instead."))
    _end(person, now)
    audit.record("removed a person", application, by=by, after={"name": str(person.user)})
    return person


@transaction.atomic
def leave(*, application: Application, by: User, now: datetime) -> None:
    """Stop working on it. The lead hands over first."""
    application = lock(application)
    person = hand_on(application, by)
    if person is None:
        return
    if person.role == PersonRole.LEAD:
        raise Refused(_("Hand the lead over first. Then you can leave."))
    _end(person, now)
    audit.record("left", application, by=by)


def _make_lead(application: Application, person: ApplicationPerson) -> None:
    before = (
        ApplicationPerson.objects.present()
        .filter(application=application, role=PersonRole.LEAD)
        .exclude(pk=person.pk)
    )
    for one in before:
        one.role = PersonRole.EDITOR
        one.save(update_fields=["role"])
    person.role, person.can_submit = PersonRole.LEAD, False
    person.save(update_fields=["role", "can_submit"])
    application.lead = person.user
    application.save(update_fields=["lead"])


@transaction.atomic
def hand_over_lead(
    *, application: Application, person_pk: int, by: User, now: datetime
) -> ApplicationPerson:
    """The lead makes somebody else the lead, and stays on as an editor."""
    application = _lock_for_lead(application, by)
    person = _one(application, person_pk)
    _make_lead(application, person)
    audit.record("handed over", application, by=by, after={"lead": str(person.user)})
    emails.leads_now(application, at=now)
    return person


@transaction.atomic
def move_lead(
    *, application: Application, person_pk: int, reason: str, by: User, now: datetime
) -> ApplicationPerson:
    """Staff make somebody the lead because the one who was has left. Who was stays an editor."""
    application = lock(application)
    if not may_manage_people(application):
        raise Refused(_("People can't be changed any more."))
    person = _one(application, person_pk)
    before = {"lead": str(application.lead)}
    _make_lead(application, person)
    audit.record(
        "moved the lead",
        application,
        by=by,
        before=before,
        after={"lead": str(person.user)},
        reason=reason.strip(),
    )
    emails.leads_now(application, at=now)
    return person


@transaction.atomic
def assign_sections(
    *, application: Application, owners: Mapping[str, int | None], by: User, now: datetime
) -> None:
    """Who looks after which section: a hint for all, whom reminders go to, never a lock.

    owners: by section code, the person's row; None for nobody.
    """
    application = lock(application)
    role = role_on(application, by)
    if not leads(role):
        raise Refused(_("Only the lead applicant can change who works on this."))
    people = list(ApplicationPerson.objects.present().for_list().filter(application=application))
    before = owners_of(people)
    codes = [section.code for section in form_of(application.response.version).sections]
    for person in people:
        mine = [code for code in codes if code in owners and owners[code] == person.pk]
        if mine == person.sections:
            continue
        new = [code for code in mine if before.get(code) != person.pk]
        person.sections = mine
        person.save(update_fields=["sections"])
        if new and person.user_id != by.pk:
            emails.section_assigned(application, person=person, sections=new, now=now)
    audit.record("assigned sections", application, by=by)
