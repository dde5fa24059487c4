"""Who may see what a team shares, and how others find it."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction

from collaboratives.states import SharedWith
from reporting import actions
from reporting.actions import ChangeFields
from reporting.models import ChangeTested, Report
from tenancy.models import AuditEvent
from tests.architecture.cells import plain
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url


def shared_change(team, by, *, level="network", **fields):
    given = {"title": "Calls after discharge", "started_on": date(2026, 8, 1), **fields}
    change = actions.add_change(team=team, given=ChangeFields(**given), by=by)
    return actions.share(item=change, level=SharedWith(level), now=NOW, by=by) if level else change


def default(cohort, level):
    content = cohort.program.content
    content["sharing"]["default"] = level
    cohort.program.content = content
    cohort.program.save()


def titles(client, **wanted):
    page = client.get(f"{url('library')}?{urlencode(wanted)}")
    assert page.status_code == 200
    return sorted(one.title for one in page.context["page"].object_list)


# --- levels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "readers"),
    [
        ("", set()),
        ("team", set()),
        ("cohort", {"other"}),
        ("network", {"other", "far"}),
        ("public", {"other", "far"}),
    ],
)
def test_a_level_says_who_finds_it(
    clock, team, other, far, applicant, stranger, sign_in, level, readers
):
    """S1-34, S3-22: shared openly, item by item; to anybody else it is not there, nor counted."""
    change = shared_change(team.team, applicant, level=level, study="Seven in ten were reached.")
    there = url("item", change.pk)
    assert sign_in(applicant).get(there).status_code == 200
    for name, member in [("other", other), ("far", far)]:
        client = sign_in(member.user)
        found = titles(client)
        assert found == (["Calls after discharge"] if name in readers else [])
        assert titles(client, q="reached") == found
        page = client.get(there)
        assert page.status_code == (200 if name in readers else 404)
        if name not in readers:
            missing = client.get(url("item", 10**9))
            assert plain(page, change.pk) == plain(missing, 10**9)
            assert "Riverbend" not in client.get(url("library")).content.decode()
    assert sign_in(stranger).get(there).status_code == 404
    outside = sign_in(stranger).get(url("library")).content.decode()
    assert "Nothing is public yet" in outside and "Riverbend" not in outside


def test_the_program_suggests_and_a_later_default_widens_nothing(
    clock, team, third, cohort, other, applicant, sign_in
):
    """S1-32, S3-22: written on the item as it is submitted."""
    early = shared_change(team.team, applicant, level="")
    default(cohort, "cohort")
    report = submitted_report(team.team, third, applicant, now=NOW).report
    early.refresh_from_db()
    assert (report.shared_with, early.shared_with) == ("cohort", "cohort")
    default(cohort, "public")
    later = shared_change(team.team, applicant, level="", title="Later")
    report = actions.reopen(report=report, reason="A typo.", now=NOW, by=applicant)
    team.team.refresh_from_db()
    actions.submit(report=report, now=NOW, by=applicant)
    for one in [report, early, later]:
        one.refresh_from_db()
    assert (report.shared_with, early.shared_with) == ("cohort", "cohort")
    assert later.shared_with == "cohort"  # no wider than the report that it goes along with
    assert titles(sign_in(other.user)) == ["Calls after discharge", "Later"]


def test_the_team_chooses_before_and_after_it_submits(
    clock, team, third, other, applicant, sign_in
):
    """S1-32: what the team chose stays; each step is in the record; narrowing works at once."""
    client = sign_in(applicant)
    client.get(url("edit", "riverbend", third.slug))
    report = actions.start_report(team=team.team, period=third, now=NOW, by=applicant)
    where = url("report_sharing", "riverbend", third.slug)
    page = client.get(where).content.decode()
    assert "All teams in this cohort" in page and 'value="public"' not in page
    assert client.post(where, {"level": "public"}).status_code == 422
    assert client.post(where, {"level": "team"}).url == url("check", "riverbend", third.slug)
    assert "Only this team" in client.get(url("check", "riverbend", third.slug)).content.decode()
    change = shared_change(team.team, applicant, level="")
    submitted_report(team.team, third, applicant, now=NOW)
    report.refresh_from_db()
    change.refresh_from_db()
    assert (report.shared_with, change.shared_with) == ("team", "team")
    reading = url("report", "riverbend", third.slug)
    assert sign_in(other.user).get(reading).status_code == 404
    client = sign_in(applicant)
    client.post(where, {"level": "network"})
    assert sign_in(other.user).get(reading).status_code == 200
    sign_in(applicant).post(where, {"level": "team"})
    assert sign_in(other.user).get(reading).status_code == 404
    verbs = [(e.verb, e.after) for e in AuditEvent.objects.about(report) if "shared" in e.verb]
    assert verbs == [
        ("shared_narrower", {"level": "team"}),
        ("shared_wider", {"level": "network"}),
        ("shared_narrower", {"level": "team"}),
    ]


def test_nobody_but_the_team_can_widen(clock, team, other, applicant, coordinator, sign_in):
    change = shared_change(team.team, applicant, level="cohort")
    where = url("change_sharing", "riverbend", change.pk)
    assert sign_in(coordinator).post(where, {"level": "public"}).status_code == 403
    assert sign_in(other.user).post(where, {"level": "public"}).status_code == 404
    team.member.role = "viewer"
    team.member.save()
    assert sign_in(team.member.user).post(where, {"level": "team"}).status_code == 403
    change.refresh_from_db()
    assert change.shared_with == "cohort"
    sign_in(applicant).post(where, {"level": "network"})
    change.refresh_from_db()
    assert change.shared_with == "network"


def test_the_database_refuses_a_submitted_report_without_a_level(clock, team, third, applicant):
    report = submitted_report(team.team, third, applicant, now=NOW).report
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(shared_with="")


# --- finding -------------------------------------------------------------------------------------


@pytest.fixture
def shelf(team, other, far, applicant):
    team.team.clinical_areas = ["Heart disease"]
    team.team.save()
    shared_change(
        team.team, applicant, title="Home cuffs", for_whom="Black patients", act="abandon",
        study="Few readings were sent back.",
    )  # fmt: skip
    shared_change(
        other.team, other.user, title="Llamadas en español", act="adopt", plan="Llamar pronto."
    )
    shared_change(far.team, far.user, title="Foot checks", act="adapt", study="Nurses check feet.")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Foot checks", "Home cuffs", "Llamadas en español"]),
        ({"q": "reading"}, ["Home cuffs"]),  # another form of the word
        ({"q": "llamada"}, ["Llamadas en español"]),
        ({"q": '"sent back"'}, ["Home cuffs"]),
        ({"q": "nurse OR cuff"}, ["Foot checks", "Home cuffs"]),
        ({"q": "nurse -feet"}, []),
        ({"q": "a&b | ('!:*\\"}, []),
        ({"area": "Diabetes"}, ["Foot checks"]),
        ({"group": "Black patients"}, ["Home cuffs"]),
        ({"setting": "health_center"}, ["Foot checks"]),
        ({"result": "abandon"}, ["Home cuffs"]),
        ({"result": "adopt", "q": "cuffs"}, []),
    ],
)
def test_the_library_finds_also_what_failed_and_finished_cohorts(
    clock, shelf, applicant, sign_in, wanted, found
):
    assert titles(sign_in(applicant), **wanted) == found


def test_the_address_holds_what_is_looked_for(clock, shelf, applicant, sign_in):
    page = sign_in(applicant).get(f"{url('library')}?q=cuffs&result=abandon&group=Black+patients")
    text = page.content.decode()
    assert 'value="cuffs"' in text
    assert '<option value="abandon" selected>' in text
    assert '<option value="Black patients" selected>' in text
    assert text.count('id="item-') == 1


def test_filters_offer_nothing_of_what_is_not_shared(clock, shelf, far, applicant, sign_in):
    ChangeTested.objects.filter(team=far.team).update(shared_with="team")
    text = sign_in(applicant).get(url("library")).content.decode()
    for words in ["Diabetes", "health_center", "Foot checks"]:
        assert words not in text


def test_an_empty_library_says_what_comes(clock, team, applicant, sign_in):
    assert "Nothing is shared yet" in sign_in(applicant).get(url("library")).content.decode()
    page = sign_in(applicant).get(f"{url('library')}?q=x").content.decode()
    assert "Nothing matches" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_library_costs_the_same_for_any_length(
    clock, team, applicant, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        shared_change(team.team, applicant, title=f"Test {number}")
    client = sign_in(applicant)
    # opening the host 4, login session, user, membership, may open; choices, count, rows
    with django_assert_num_queries(11):
        page = client.get(url("library"))
    assert page.content.decode().count('id="item-') == rows


# --- one item ------------------------------------------------------------------------------------


def test_numbers_are_masked_for_every_reader_but_the_team(
    clock, team, measure, third, other, applicant, coordinator, sign_in
):
    """S1-34: the data go along, small numbers never."""
    change = shared_change(team.team, applicant, measure=measure)
    submitted_report(team.team, third, applicant, now=NOW)
    there = url("item", change.pk)
    own = sign_in(applicant).get(there).content.decode()
    assert "7 of 43" in own or "7/43" in own or ">43<" in own or "16" in own
    for person in [other.user, coordinator]:
        page = sign_in(person).get(there)
        table = page.context["item"].charts.table
        assert table.masked
        assert all(cell.numerator != 7 for group in table.groups for cell in group.cells)
        assert "Small numbers of this team are hidden from you." in page.content.decode()
    assert not sign_in(applicant).get(there).context["item"].charts.table.masked


def test_no_numbers_where_no_report_is_shared(
    clock, team, measure, third, other, applicant, sign_in
):
    change = shared_change(team.team, applicant, measure=measure)
    report = submitted_report(team.team, third, applicant, now=NOW).report
    actions.share(item=report, level=SharedWith.TEAM, now=NOW, by=applicant)
    page = sign_in(other.user).get(url("item", change.pk))
    assert page.status_code == 200 and page.context["item"].charts is None


def test_who_else_works_on_this_names_teams_that_share(clock, team, other, far, applicant, sign_in):
    """S3-22: teams find each other, as far as they share."""
    for one in [team.team, other.team, far.team]:
        one.clinical_areas = ["Diabetes"]
        one.save()
    change = shared_change(team.team, applicant)
    shared_change(other.team, other.user, level="cohort", title="Theirs")
    shared_change(far.team, far.user, level="team", title="Hidden")
    page = sign_in(applicant).get(url("item", change.pk)).content.decode()
    assert "Lakeside" in page and "Far" not in page
    ChangeTested.objects.filter(team=far.team).update(shared_with="network")
    assert "Far" in sign_in(applicant).get(url("item", change.pk)).content.decode()
