"""Many hands: invited, with parts, handed over, taken off; and nobody learns who has an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.actions import person_at
from applications import actions
from applications.models import Application, ApplicationPerson, PersonInvitation, TeamComment
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from questionnaires.hands import presence
from tenancy.models import AuditEvent, Link
from tests.applications.test_applying import submit
from tests.applications.test_pages import url
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory, ApplicationPersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def marcus(in_host, host, draft):
    return ApplicationPersonFactory(
        host=host, application=draft, user__name="Marcus Okafor", user__email="marcus@r.example"
    )


def invite(draft, applicant, now, email="new@riverbend.example", role="editor"):
    return actions.invite_person(application=draft, email=email, role=role, by=applicant, now=now)


def link_in_newest_mail():
    mail = OutboundMessage.objects.filter(template="applications/invited").latest("pk")
    return re.search(r"/r/join/[\w-]+/", unseal(mail.body).text)[0]


def test_an_invited_person_joins_with_the_verified_address_once(
    in_host, draft, applicant, sign_in, client, now
):
    invite(draft, applicant, now, role="viewer")
    path = link_in_newest_mail()
    seen = client.get(path, follow=True)
    assert seen.status_code == 200
    assert b"Riverbend Regional" in seen.content
    other = sign_in(UserFactory(email="other@elsewhere.example"))
    assert other.post(path).status_code == 403
    assert not ApplicationPerson.objects.filter(user__email="other@elsewhere.example").exists()
    newcomer = person_at(email="new@riverbend.example", name="Lena Tso")
    person = sign_in(newcomer)
    assert person.get(path, follow=True).status_code == 200  # looking takes nothing
    assert PersonInvitation.objects.get().state == "open"
    joined = person.post(path)
    assert joined["Location"] == url("task_list", draft)
    assert ApplicationPerson.objects.get(user=newcomer).role == "viewer"
    assert person.post(path).status_code == 404  # once
    mails = OutboundMessage.objects.order_by("pk").values_list("template", "to")
    assert ("applications/person_joined", applicant.email) in list(mails)


def test_whoever_is_not_signed_in_proves_the_address_first(in_host, draft, applicant, client, now):
    invite(draft, applicant, now)
    answer = client.post(link_in_newest_mail())
    assert answer["Location"] == reverse("accounts:start_code")
    assert OutboundMessage.objects.count() == 1  # the code goes by the installation's own mail


@pytest.mark.parametrize("known", [True, False])
def test_an_invitation_tells_nothing_about_accounts(in_host, draft, applicant, sign_in, now, known):
    if known:
        UserFactory(email="somebody@hospital.example", name="Known Already")
    data = {"email": "somebody@hospital.example", "role": "editor"}
    page = sign_in(applicant).post(url("invite_person", draft), data, follow=True)
    text = page.content.decode()
    assert "We sent the invitation." in text
    assert "Known Already" not in text
    assert "somebody@hospital.example" in text


def test_sending_again_closes_the_older_link_and_taking_back_closes_all(
    in_host, draft, applicant, client, now
):
    invitation = invite(draft, applicant, now)
    old = link_in_newest_mail()
    actions.resend_invitation(application=draft, invitation_pk=invitation.pk, by=applicant, now=now)
    new = link_in_newest_mail()
    assert [client.get(one, follow=True).status_code for one in (old, new)] == [404, 200]
    actions.revoke_invitation(application=draft, invitation_pk=invitation.pk, by=applicant, now=now)
    assert client.get(new, follow=True).status_code == 404
    with pytest.raises(actions.Refused):
        actions.resend_invitation(
            application=draft, invitation_pk=invitation.pk, by=applicant, now=now
        )


def test_a_link_works_for_seven_days(in_host, draft, applicant, client, now):
    invite(draft, applicant, now)
    path = link_in_newest_mail()
    with time_machine.travel(now + timedelta(days=6, hours=23), tick=False):
        assert client.get(path, follow=True).status_code == 200
    with time_machine.travel(now + timedelta(days=7), tick=False):
        assert client.get(path, follow=True).status_code == 404


def test_an_application_has_so_many_people_and_a_mail_goes_so_often(in_host, draft, applicant, now):
    for number in range(11):
        invite(draft, applicant, now, email=f"p{number}@r.example")
    with pytest.raises(actions.Refused, match="12 people"):
        invite(draft, applicant, now, email="one.too.many@r.example")
    for _again in range(4):
        invite(draft, applicant, now, email="p1@r.example")
    with pytest.raises(actions.Refused, match="often"):
        invite(draft, applicant, now, email="p1@r.example")
    assert PersonInvitation.objects.count() == 11
    assert Link.objects.filter(kind="join", revoked_at=None).count() == 11


def test_only_the_lead_changes_who_works_on_it(in_host, draft, applicant, marcus, sign_in, now):
    person = sign_in(marcus.user)
    page = person.get(url("people", draft)).content
    assert b"Send the invitation" not in page
    person.post(url("invite_person", draft), {"email": "x@y.example", "role": "editor"})
    person.post(url("hand_over_lead", draft, marcus.pk))
    person.post(url("remove_person", draft, draft.people.get(user=applicant).pk))
    assert PersonInvitation.objects.count() == 0
    assert draft.people.get(user=applicant).role == "lead"


def test_an_editor_submits_once_the_lead_grants_it(in_host, complete, applicant, sign_in, now):
    editor = ApplicationPersonFactory(host=complete.host, application=complete)
    with pytest.raises(actions.Refused):
        submit(complete, editor.user, now)
    grant = {"role": "editor", "can_submit": "on"}
    sign_in(applicant).post(url("change_person", complete, editor.pk), grant)
    assert submit(complete, editor.user, now).submitted_by == editor.user
    with pytest.raises(actions.Refused):  # to send is not to take back
        actions.withdraw(application=complete, by=editor.user, now=now)


def test_a_viewer_reads_and_changes_nothing(in_host, draft, marcus, applicant, sign_in, now):
    sign_in(applicant).post(url("change_person", draft, marcus.pk), {"role": "viewer"})
    person = sign_in(marcus.user)
    here = url("section", draft, "organization")
    assert b"not change them" in person.get(here).content
    person.post(here, {"_rev.city": "0", "city": "Springfield"})
    draft.response.refresh_from_db()
    assert "city" not in draft.response.answers


def test_the_lead_hands_over_and_may_leave_then(in_host, draft, applicant, marcus, sign_in, now):
    person = sign_in(applicant)
    person.post(url("leave", draft))
    assert Application.objects.visible_to(applicant).exists()  # the lead hands over first
    person.post(url("hand_over_lead", draft, marcus.pk))
    draft.refresh_from_db()
    roles = dict(draft.people.values_list("user__name", "role"))
    assert roles == {"Dana Whitfield": "editor", "Marcus Okafor": "lead"}
    assert draft.lead == marcus.user
    person.post(url("leave", draft))
    assert person.get(url("task_list", draft)).status_code == 404
    verbs = AuditEvent.objects.about(draft).values_list("verb", flat=True)
    assert {"handed over", "left"} <= set(verbs)


def test_staff_move_the_lead_when_somebody_has_left(
    in_host, draft, applicant, marcus, coordinator, sign_in, now
):
    address = reverse("applications:arrange", args=["prairie", draft.cohort.slug, draft.reference])
    staff = sign_in(coordinator)
    assert b"Marcus Okafor" in staff.get(address).content
    there = reverse("applications:move_lead", args=["prairie", draft.cohort.slug, draft.reference])
    assert staff.post(there, {"person": marcus.pk, "reason": ""}).status_code == 422
    staff.post(there, {"person": marcus.pk, "reason": "Dana has left the hospital."})
    draft.refresh_from_db()
    assert draft.lead == marcus.user
    event = AuditEvent.objects.about(draft).get(verb="moved the lead")
    assert event.reason == "Dana has left the hospital."
    assert OutboundMessage.objects.get(template="applications/leads_now").to == marcus.user.email


def test_a_removed_person_sees_nothing_and_what_they_wrote_stays(
    in_host, draft, applicant, marcus, sign_in, now
):
    other = sign_in(marcus.user)
    other.post(url("section", draft, "organization"), {"_rev.city": "0", "city": "Peoria"})
    sign_in(applicant).post(url("remove_person", draft, marcus.pk))
    assert other.get(url("task_list", draft)).status_code == 404
    draft.response.refresh_from_db()
    assert draft.response.answers["city"] == "Peoria"


def test_a_section_has_an_owner_who_is_told_and_reminded_and_locks_nobody(
    in_host, draft, applicant, marcus, sign_in, now
):
    person = sign_in(applicant)
    person.post(url("owners", draft), {"owner-team": str(marcus.pk)})
    assert ApplicationPerson.objects.get(pk=marcus.pk).sections == ["team"]
    told = OutboundMessage.objects.get(template="applications/section_assigned")
    assert told.to == marcus.user.email
    page = person.get(url("task_list", draft)).content.decode()
    assert "Assigned to Marcus Okafor" in page
    assert person.get(url("section", draft, "team")).status_code == 200
    assert b"Save and continue" in person.get(url("section", draft, "team")).content
    actions.remind_of_draft(application=draft, offset="-5d")
    reminded = OutboundMessage.objects.filter(template="applications/draft_reminder")
    assert {mail.to for mail in reminded} == {applicant.email, marcus.user.email}


def test_people_see_who_is_in_which_section(in_host, draft, applicant, marcus, sign_in, now):
    there = url("here", draft)
    other, person = sign_in(marcus.user), sign_in(applicant)
    assert other.post(there, {"section": "team"}).json()["people"] == []
    assert person.post(there, {"section": "organization"}).json()["people"] == [
        {"name": "Marcus Okafor", "section": "team"}
    ]
    page = person.get(url("task_list", draft)).content.decode()
    assert "Marcus is in this section. You can open it too." in page
    assert "Here now, in" in page
    presence.note(draft, marcus.user_id, "nothing-like-it")
    assert person.get(url("task_list", draft)).status_code == 200


def test_without_valkey_nobody_is_seen_and_all_else_works(
    in_host, draft, applicant, marcus, sign_in, settings, now, monkeypatch
):
    fast = {**settings.CACHES["fast"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "fast": fast}
    monkeypatch.setattr(presence, "_no_try_before", 0.0)
    person = sign_in(applicant)
    answer = person.post(url("here", draft), {"section": "team"})
    assert answer.json() == {"people": [], "typing": []}
    assert person.get(url("section", draft, "team")).status_code == 200
    monkeypatch.setattr(presence, "_no_try_before", 0.0)


def test_a_long_text_somebody_types_in_is_read_only_until_taken_over(
    in_host, draft, applicant, marcus, sign_in, now
):
    other, person = sign_in(marcus.user), sign_in(applicant)
    here = url("section", draft, "focus")
    field = next(one.code for one in _fields(draft, "focus") if one.kind == "long_text")
    other.post(here, {f"_rev.{field}": "0", field: "Half a sentence"})
    page = person.get(here).content.decode()
    assert "Marcus Okafor is typing here." in page
    assert re.search(rf'id="q-{field}"[^>]* readonly', page)
    taken = person.get(f"{here}?take={field}").content.decode()
    assert "Marcus Okafor is typing" not in taken
    assert "readonly" not in taken
    said = person.post(url("here", draft), {"section": "focus"}).json()["typing"]
    assert said == [{"field": field, "name": "Marcus Okafor"}]
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert "Okafor is typing" not in person.get(here).content.decode()


def _fields(draft, section):
    from questionnaires.queries import form_of

    return form_of(draft.response.version).section(section).fields


def test_comments_are_for_the_team_and_on_no_page_of_staff(
    in_host, host, complete, applicant, coordinator, owner, sign_in, now
):
    canary = "Our chief must not read this"
    person = sign_in(applicant)
    there = url("question", complete, "city")
    person.post(there, {"text": canary})
    assert canary in person.get(there).content.decode()
    assert "1 comment" in person.get(url("section", complete, "organization")).content.decode()
    submit(complete, applicant, now)
    for member in (coordinator, owner):
        staff = sign_in(member)
        assert not TeamComment.objects.visible_to(member).exists()
        for path in staff_paths(complete):
            page = staff.get(path)
            body = b"".join(page) if page.streaming else page.content
            assert canary not in body.decode(errors="replace"), path
        assert staff.get(there).status_code == 404
    assert canary not in str(list(AuditEvent.objects.values_list("before", "after", "reason")))
    sent = [unseal(mail.body).text for mail in OutboundMessage.objects.all()]
    assert canary not in "".join(sent)


def staff_paths(application):
    """Every page below /staff/ that one application of one cohort can fill."""
    from tests.architecture.cells import pages

    known = {
        "host_slug": "prairie",
        "cohort_slug": application.cohort.slug,
        "reference": application.reference,
        "program_slug": application.cohort.program.slug,
        "field": "city",
        "pk": 1,
    }
    found = [
        reverse(page.name, kwargs={one: known[one] for one in page.parameters})
        for page in pages()
        if "host_slug" in page.parameters and set(page.parameters) <= set(known)
    ]
    staff = [path for path in found if path.startswith("/prairie/staff/")]
    assert len(staff) > 20
    return staff


def test_ones_own_comment_can_be_removed(in_host, draft, applicant, marcus, sign_in, now):
    person = sign_in(applicant)
    person.post(url("question", draft, "city"), {"text": "Mine"})
    comment = TeamComment.objects.get()
    sign_in(marcus.user).post(url("remove_comment", draft, "city", comment.pk))
    assert TeamComment.objects.exists()
    person.post(url("remove_comment", draft, "city", comment.pk))
    assert not TeamComment.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_people_page_costs_the_same_for_any_length(
    in_host, host, cohort, applicant, sign_in, rows, django_assert_num_queries, now
):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant)
    for number in range(rows):
        ApplicationPersonFactory(host=host, application=application, sections=["team"])
        invite(application, applicant, now, email=f"p{number}@r.example")
    person = sign_in(applicant)
    person.get(url("people", application))
    with django_assert_num_queries(12):
        page = person.get(url("people", application))
    assert page.content.count(b'id="invitation-') == rows
