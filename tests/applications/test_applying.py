"""An applicant starts, answers, submits and takes back."""

from datetime import timedelta

import pytest

from applications import actions
from applications.models import Application, Letter
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.applications.conftest import NOW
from tests.applications.test_deciding import at_once
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory, ApplicationPersonFactory
from workflow.machine import TransitionNotAllowed

pytestmark = pytest.mark.django_db


def mails(template=""):
    return [
        (mail.template.removeprefix("applications/"), mail.to)
        for mail in OutboundMessage.objects.order_by("pk")
        if template in mail.template
    ]


def start(cohort, by, now, name="Riverbend Regional Medical Center"):
    return actions.start(cohort=cohort, organization_name=name, job="Director", by=by, now=now)


def test_a_start_makes_a_draft_with_reference_letter_rows_and_what_is_known(
    in_host, cohort, applicant, now
):
    application = start(cohort, applicant, now)
    assert (application.reference, application.status) == ("LN27-0001", "draft")
    assert application.people.get().role == "lead"
    assert list(application.letters.values_list("field", "state")) == [("ceo_letter", "missing")]
    assert application.response.answers == {
        "organization_name": "Riverbend Regional Medical Center",
        "lead_contact": {"name": "Dana Whitfield", "title": "Director", "email": applicant.email},
    }
    assert mails() == [("started", applicant.email)]
    assert AuditEvent.objects.about(application).get().verb == "started"


def test_references_count_on_per_cohort(in_host, cohort, applicant, now):
    first = start(cohort, applicant, now, "One Hospital")
    second = start(cohort, UserFactory(), now, "Two Hospital")
    assert [first.reference, second.reference] == ["LN27-0001", "LN27-0002"]


def test_starting_twice_gives_the_same_draft(in_host, cohort, applicant, now):
    first = start(cohort, applicant, now)
    assert start(cohort, applicant, now, " riverbend  regional medical center ") == first
    assert Application.objects.count() == 1


def test_nobody_starts_outside_the_window(in_host, cohort, applicant):  # S3-25 S2-12 S4-31
    for moment in (cohort.opens_at - timedelta(seconds=1), cohort.closes_at):
        with pytest.raises(actions.Closed):
            start(cohort, applicant, moment)


def save(application, by, now, base=None, **values):
    return actions.save_section(
        application=application, values=values, base_revisions=base, by=by, now=now
    )


@pytest.mark.django_db(transaction=True)
def test_two_who_change_what_was_sent_at_once_lose_nothing(host, cohort, applicant):
    with open_host(host.pk):
        sent = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="submitted")
        other = ApplicationPersonFactory(host=host, application=sent).user
    results = at_once(
        host,
        lambda: save(sent, applicant, NOW, city="Springfield"),
        lambda: save(sent, other, NOW, zip_code="61602"),
    )
    assert [one.changed for one in results] == [("city",), ("zip_code",)]
    with open_host(host.pk):
        kept = Application.objects.select_related("revision", "response").get()
        assert kept.revision.answers == {"city": "Springfield", "zip_code": "61602"}
        assert kept.response.answers == {}
        assert AuditEvent.objects.about(sent).filter(verb="began to change").count() == 1


def test_saving_never_checks_what_is_required(in_host, draft, applicant, now):
    saved = save(draft, applicant, now, zip_code="NOT A ZIP", city="")
    assert saved.changed == ("zip_code",)
    draft.response.refresh_from_db()
    assert draft.response.answers == {"zip_code": "NOT A ZIP"}


def test_saving_keeps_the_name_and_progress_for_lists(in_host, draft, applicant, now):
    save(draft, applicant, now, organization_name="Riverbend Health")
    draft.refresh_from_db()
    assert draft.organization_name == "Riverbend Health"
    assert draft.progress > 0


def test_a_viewer_and_a_stranger_save_nothing(in_host, host, draft, now):
    viewer = ApplicationPersonFactory(host=host, application=draft, role="viewer").user
    for person in (viewer, UserFactory()):
        with pytest.raises(actions.Refused):
            save(draft, person, now, city="Peoria")
    draft.response.refresh_from_db()
    assert draft.response.answers == {}


def test_two_people_in_one_section_lose_nothing(in_host, host, draft, applicant, now):
    other = ApplicationPersonFactory(host=host, application=draft).user
    save(draft, applicant, now, base={"city": 0}, city="Springfield")
    saved = save(
        draft, other, now, base={"city": 0, "zip_code": 0}, city="Peoria", zip_code="61601"
    )
    assert saved.changed == ("zip_code",)
    assert [(c.field, c.theirs, c.mine) for c in saved.conflicts] == [
        ("city", "Springfield", "Peoria")
    ]


def submit(application, by, now):
    return actions.submit(
        application=application, signed_name="Dana Whitfield", signed_title="CEO", by=by, now=now
    )


def test_submitting_stamps_and_mails_every_editor(in_host, host, complete, applicant, now):
    editor = ApplicationPersonFactory(host=host, application=complete).user
    ApplicationPersonFactory(host=host, application=complete, role="viewer")
    application = submit(complete, applicant, now)
    assert application.status == "submitted"
    assert application.received_at == application.submitted_at == now
    assert application.signed_name == "Dana Whitfield"
    assert application.organization.name == "Riverbend Regional Medical Center"
    assert application.organization.state == "IL"
    assert mails("received") == [("received", applicant.email), ("received", editor.email)]


def test_submitting_twice_gives_one_receipt(in_host, complete, applicant, now):
    first = submit(complete, applicant, now)
    again = submit(complete, applicant, now + timedelta(minutes=1))
    assert again.submitted_at == first.submitted_at
    assert len(mails("received")) == 1


def test_a_submitted_application_keeps_its_version_of_the_form(in_host, complete, applicant, now):
    version = complete.response.version_id
    submit(complete, applicant, now)
    complete.cohort.application_form = None
    complete.cohort.save()
    assert Application.objects.get().response.version_id == version


def test_submitting_lists_all_that_is_missing(in_host, draft, applicant, now):
    with pytest.raises(actions.Incomplete) as refused:
        submit(draft, applicant, now)
    kinds = {(one.kind, one.anchor) for one in refused.value.missing}
    assert ("letter", "ceo_letter") in kinds  # S3-23
    assert ("section", "organization_name") in kinds
    assert ("section", "agrees_share") in kinds  # S3-22
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("people", "reason", "blocked"),
    [
        (2, "", True),
        (2, "Two of us do it all.", False),
        (3, "", False),
        (7, "", False),
        (8, "", True),
    ],
)
def test_a_team_of_three_to_seven(  # S3-17
    in_host, complete, applicant, now, people, reason, blocked
):
    row = {"title": "Nurse", "roles": ["equity"], "department": "clinical", "lenses": ["data"]}
    rows = [{**row, "name": f"P{n}", "email": f"p{n}@x.example"} for n in range(people)]
    rows[0]["lead"] = True
    answers = {**complete.response.answers, "team": rows}
    if reason:
        answers["team_size_reason"] = reason
    complete.response.answers = answers
    complete.response.save()
    if blocked:
        with pytest.raises(actions.Incomplete) as refused:
            submit(complete, applicant, now)
        assert {one.code for one in refused.value.missing} == {"team"}
    else:
        assert submit(complete, applicant, now).status == "submitted"


def test_the_grace_is_silent_and_ends(in_host, complete, applicant):
    closes = complete.cohort.closes_at
    actions.note_begun(application=complete, now=closes - timedelta(minutes=2))
    with pytest.raises(actions.Closed):
        submit(complete, applicant, closes + timedelta(minutes=30))
    late = submit(complete, applicant, closes + timedelta(minutes=29))
    assert (late.status, late.in_grace) == ("submitted", True)


def test_only_the_lead_submits_and_withdraws(in_host, host, complete, now):
    editor = ApplicationPersonFactory(host=host, application=complete).user
    with pytest.raises(actions.Refused):
        submit(complete, editor, now)
    with pytest.raises(actions.Refused):
        actions.withdraw(application=complete, by=editor, now=now)


def test_a_late_draft_keeps_its_answers(in_host, draft, applicant, now):
    save(draft, applicant, now, city="Springfield")
    late = draft.cohort.closes_at + timedelta(hours=1)
    with pytest.raises(actions.Closed):
        save(draft, applicant, late, city="")
    draft.response.refresh_from_db()
    assert draft.response.answers == {"city": "Springfield"}


@pytest.mark.parametrize(
    ("status", "back"),
    [
        ("draft", "draft"),
        ("submitted", "submitted"),
        ("in_review", "submitted"),
        ("info_asked", "submitted"),
        ("decided", "submitted"),
    ],
)
def test_withdrawing_can_be_undone(in_host, host, cohort, applicant, now, status, back):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status=status)
    gone = actions.withdraw(application=application, reason="No time", by=applicant, now=now)
    assert (gone.status, gone.withdrawn_from) == ("withdrawn", status)
    assert mails("withdrawn") == [("withdrawn", applicant.email)]
    here = actions.undo_withdrawal(application=gone, by=applicant, now=now + timedelta(days=13))
    assert (here.status, here.withdrawn_at, here.outcome) == (back, None, "")


def test_after_14_days_a_withdrawal_stays(in_host, host, draft, applicant, now):
    actions.withdraw(application=draft, by=applicant, now=now)
    with pytest.raises(actions.Closed):
        actions.undo_withdrawal(application=draft, by=applicant, now=now + timedelta(days=14))


def test_an_offer_is_declined_not_withdrawn_but_a_waitlist_can_be_left(
    in_host, host, cohort, applicant, now
):
    offered = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="released")
    with pytest.raises(actions.Refused):
        actions.withdraw(application=offered, by=applicant, now=now)
    waiting = ApplicationFactory(
        host=host, cohort=cohort, lead=applicant, status="released", outcome="waitlist"
    )
    assert actions.withdraw(application=waiting, by=applicant, now=now).status == "withdrawn"
    back = actions.undo_withdrawal(application=waiting, by=applicant, now=now)
    assert (back.status, back.outcome) == ("released", "waitlist")


def test_a_finished_application_cannot_be_withdrawn(in_host, host, cohort, applicant, now):
    done = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="offer_accepted")
    with pytest.raises(TransitionNotAllowed):
        actions.withdraw(application=done, by=applicant, now=now)


def test_every_letter_of_the_form_has_its_row(in_host, cohort, applicant, now):
    application = start(cohort, applicant, now)
    asked = [f.code for f in form_of(cohort.application_form).fields() if f.kind == "upload"]
    assert (
        list(Letter.objects.filter(application=application).values_list("field", flat=True))
        == asked
    )
