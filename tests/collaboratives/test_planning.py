"""A host adopts a program and plans its runs."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from collaboratives import actions
from collaboratives.blueprints import keys
from collaboratives.models import Cohort, Program
from questionnaires.models import Version
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.collaboratives import CohortFactory, ProgramFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)
PLAN = {
    "name": "Learning Network 2027",
    "slug": "learning-network-2027",
    "code": "ln27",
    "time_zone": "America/Chicago",
    "starts_on": "Thursday, January 14, 2027",
    "opens_on": "September 1, 2026",
    "opens_time": "09:00",
    "closes_on": "December 4, 2026",
    "closes_time": "17:00",
    "seats_held": "",
    "capacity": "",
}


@pytest.fixture
def adopted(host, coordinator):
    def adopt(key="learning-network"):
        with open_host(host.pk):
            return actions.adopt_blueprint(host_id=host.pk, key=key, now=NOW, by=coordinator)

    return adopt


def url(host, name, *args):
    return reverse(f"collaboratives:{name}", args=[host.slug, *args])


@pytest.mark.parametrize("key", keys())
def test_every_shipped_program_can_be_adopted_and_run(key, host, coordinator, sign_in):
    client = sign_in(coordinator)
    answer = client.post(url(host, "adopt", key))
    with open_host(host.pk):
        program = Program.objects.get()
        version = Version.objects.get()
        assert answer.url == url(host, "program", program.slug)
        assert (program.blueprint_key, version.number) == (key, 1)
        assert version.questionnaire.key == f"apply-{program.slug}"
        assert program.blueprint.form.sections
    plan = {**PLAN, "decide_by": "December 18, 2026"}
    answer = client.post(url(host, "plan_cohort", program.slug), plan)
    assert answer.url == url(host, "setup", "learning-network-2027")
    with open_host(host.pk):
        cohort = Cohort.objects.get()
        assert cohort.application_form == version
        assert cohort.grace_minutes == program.blueprint.intake.grace_minutes
    assert Client().get(url(host, "cohort", cohort.slug)).status_code == 404
    client.post(url(host, "publish", cohort.slug))
    assert Client().get(url(host, "cohort", cohort.slug)).status_code == 200


def test_each_copy_is_the_hosts_own(adopted, in_host):
    # S0-14: a program is repeatable
    first, second = adopted(), adopted()
    assert (first.slug, second.slug) == ("learning-network", "learning-network-2")


def test_what_is_not_shipped_is_not_found(host, coordinator, sign_in):
    assert sign_in(coordinator).post(url(host, "adopt", "made-up")).status_code == 404


def test_the_last_day_follows_from_the_first(adopted, host, coordinator, sign_in):
    program = adopted("progress-report-ian")
    sign_in(coordinator).post(
        url(host, "plan_cohort", program.slug),
        {**PLAN, "starts_on": "Thursday, Sept. 15, 2022"},
    )
    with open_host(host.pk):
        cohort = Cohort.objects.get()
    assert (cohort.starts_on, cohort.ends_on) == (date(2022, 9, 15), date(2022, 11, 10))  # S0-14
    assert cohort.opens_at == datetime(2026, 9, 1, 14, tzinfo=UTC)
    assert cohort.closes_at == datetime(2026, 12, 4, 23, tzinfo=UTC)
    assert (cohort.code, cohort.signs_charter, cohort.leader_replies) == ("LN27", False, False)


def test_a_weekday_that_does_not_fit_is_refused_with_the_right_one(
    adopted, host, coordinator, sign_in
):
    # S0-20
    page = sign_in(coordinator).post(
        url(host, "plan_cohort", adopted().slug), {**PLAN, "starts_on": "Friday, January 14, 2027"}
    )
    assert "January 14, 2027 is a Thursday, not a Friday." in page.content.decode()
    with open_host(host.pk):
        assert not Cohort.objects.exists()


def test_through_a_month_is_the_end_of_its_last_day_and_the_page_says_so(
    adopted, host, coordinator, sign_in
):
    # S2-12
    client = sign_in(coordinator)
    page = client.post(
        url(host, "plan_cohort", adopted("take-action-learning-network").slug),
        {**PLAN, "closes_on": "through January 2027"},
        follow=True,
    ).content.decode()
    with open_host(host.pk):
        assert Cohort.objects.get().closes_at == datetime(2027, 2, 1, 5, 59, 59, tzinfo=UTC)
    assert "January 31, 2027 at 11:59 p.m. Central" in page
    assert "That is the end of this day." in page
    assert "This is a weekend" in page
    assert 'value="through 2027-01-31"' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time_zone": ""}, "Choose the time zone."),  # S0-20
        ({"starts_on": "January 14"}, "Type the year too"),  # S0-20
        ({"closes_on": "January 2027"}, "Type a day, or “through January 2027”"),
        ({"closes_on": "August 1, 2026"}, "This is before applications open."),
        ({"code": "not a code"}, "Use 2 to 8 letters and numbers"),
        ({"capacity": "2", "seats_held": "3"}, "There are only 2 seats."),
    ],
)
def test_what_a_plan_may_not_say(change, words, adopted, host, coordinator, sign_in):
    page = sign_in(coordinator).post(url(host, "plan_cohort", adopted().slug), {**PLAN, **change})
    assert words in page.content.decode()
    with open_host(host.pk):
        assert not Cohort.objects.exists()


def test_two_cohorts_of_a_host_have_two_addresses_and_codes(adopted, host, coordinator, sign_in):
    CohortFactory(host=host, slug=PLAN["slug"], code="LN27")
    page = sign_in(coordinator).post(url(host, "plan_cohort", adopted().slug), PLAN)
    assert page.content.decode().count("Another cohort has this one. Choose another.") >= 2


def test_seats_and_kept_seats_come_from_the_program(adopted, host, coordinator, sign_in):
    # S2-03
    page = sign_in(coordinator).get(
        url(host, "plan_cohort", adopted("take-action-learning-network").slug)
    )
    assert page.context["form"]["capacity"].value() == 50


def test_a_change_is_recorded_and_a_public_address_stays(
    adopted, host, coordinator, sign_in, in_host
):
    client = sign_in(coordinator)
    client.post(url(host, "plan_cohort", adopted().slug), PLAN)
    cohort = Cohort.objects.get()
    actions.publish_cohort(cohort=cohort, now=NOW, by=coordinator)
    client.post(
        url(host, "setup", cohort.slug),
        {**PLAN, "slug": "elsewhere", "code": "XX", "capacity": "20", "signs_charter": "on"},
    )
    cohort.refresh_from_db()
    assert (cohort.slug, cohort.code, cohort.capacity) == (PLAN["slug"], "LN27", 20)
    newest = AuditEvent.objects.about(cohort).first()
    assert (newest.verb, newest.before, newest.after) == (
        "changed",
        {"capacity": None, "signs_charter": False},
        {"capacity": 20, "signs_charter": True},
    )
    page = client.get(url(host, "setup", cohort.slug)).content.decode()
    assert "seats: 20" in page


def test_without_a_window_it_is_not_made_public(adopted, host, coordinator, sign_in, in_host):
    client = sign_in(coordinator)
    client.post(url(host, "plan_cohort", adopted().slug), {**PLAN, "opens_on": "", "closes_on": ""})
    page = client.post(url(host, "publish", PLAN["slug"]), follow=True)
    assert "Set when applications open and close first." in page.content.decode()
    assert Cohort.objects.get().published_at is None


def test_a_program_can_have_a_contact_of_its_own(adopted, host, coordinator, sign_in):
    program = adopted()
    sign_in(coordinator).post(
        url(host, "program", program.slug),
        {"name": "Learning Network", "contact_email": "network@prairie.example"},
    )
    cohort = CohortFactory(host=host, program=Program(pk=program.pk))
    page = Client().get(url(host, "cohort", cohort.slug)).content.decode()
    assert "mailto:network@prairie.example" in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COACH, Role.ANALYST])
def test_only_who_runs_programs_may_plan(role, adopted, host, sign_in):
    program = adopted()
    client = sign_in(MembershipFactory(host=host, roles=[role]).user)
    for page in (
        url(host, "blueprints"),
        url(host, "program", program.slug),
        url(host, "plan_cohort", program.slug),
    ):
        assert client.get(page).status_code == 403
    assert client.post(url(host, "adopt", "learning-network")).status_code == 403


def test_another_hosts_program_is_not_found(host, other_host, coordinator, sign_in):
    theirs = ProgramFactory(host=other_host, name="CANARY")
    client = sign_in(coordinator)
    for name in ("program", "plan_cohort"):
        answer = client.get(url(host, name, theirs.slug))
        assert answer.status_code == 404
        assert b"CANARY" not in answer.content
    assert b"CANARY" not in client.get(url(host, "blueprints")).content


def test_a_host_gives_the_addresses_of_a_programs_resources(host, coordinator, sign_in):
    # S0-13, S0-07
    program = ProgramFactory(host=host, slug="ian", blueprint_key="progress-report-ian")
    cohort = CohortFactory(host=host, program=program)
    page = reverse("collaboratives:cohort", args=[host.slug, cohort.slug])
    before = sign_in(coordinator).get(page).content.decode()
    assert before.count("Ask us for the link.") == 2
    staff, settings = sign_in(coordinator), url(host, "program", "ian")
    typed = {"name": "IAN", "contact_email": ""}
    for bad in ("http://hub.example/report", "javascript:alert(1)"):
        refused = staff.post(settings, typed | {"link_progress_report": bad})
        assert refused.context["form"].errors.keys() == {"link_progress_report"}
    hub = "https://hub.example/report?year=2026"
    staff.post(settings, typed | {"link_progress_report": hub})
    assert hub in staff.get(settings).content.decode()
    after = staff.get(page).content.decode()
    assert f'<a href="{hub}" rel="noreferrer">' in after
    assert "Fill in the report here." in after
    assert after.count("Ask us for the link.") == 1
