"""Periods, writing a report, submitting it, and who may read what of it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from messaging.models import OutboundMessage
from reporting import actions, queries
from reporting.models import ChangeTested, Period, Report, ReportVersion
from reporting.states import ReportStatus, report_machine
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory
from tests.factories.reporting import cohort_with_periods, measure_with, submitted_report
from tests.reporting.conftest import NOW
from workflow.machine import TransitionNotAllowed


def url(name, *args):
    return reverse(f"reporting:{name}", args=["prairie", *args])


# --- periods -------------------------------------------------------------------------------------


def test_eighteen_months_have_six_quarters(cohort):
    """S1-27, S3-22: a report each quarter."""
    periods = list(Period.objects.filter(cohort=cohort).for_list())
    assert [(p.slug, p.starts_on, p.ends_on) for p in periods] == [
        ("2026-q1", date(2026, 2, 1), date(2026, 4, 30)),
        ("2026-q2", date(2026, 5, 1), date(2026, 7, 31)),
        ("2026-q3", date(2026, 8, 1), date(2026, 10, 31)),
        ("2027-q4", date(2026, 11, 1), date(2027, 1, 31)),
        ("2027-q5", date(2027, 2, 1), date(2027, 4, 30)),
        ("2027-q6", date(2027, 5, 1), date(2027, 7, 31)),
    ]
    third = periods[2]
    assert (third.label, third.months_words) == ("Quarter 3", "August to October 2026")
    assert third.opens_at == datetime(2026, 10, 17, 5, tzinfo=UTC)  # midnight in Chicago
    assert third.due_at == datetime(2026, 11, 16, 5, 59, tzinfo=UTC)  # 23:59, now in winter time
    assert periods[3].months_words == "November 2026 to January 2027"


def test_periods_are_planned_once_and_only_where_reports_are_asked_for(
    in_host, cohort, coordinator
):
    with pytest.raises(actions.AlreadyPlanned):
        actions.plan_periods(cohort=cohort, now=NOW, by=coordinator)
    with pytest.raises(actions.NothingToReport):
        cohort_with_periods(in_host, key="progress-report-ian")


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("learning-network", ["headline", "progress", "challenges", "learning", "next_steps"]),
        ("learning-and-action-network", ["headline", "learning", "next_steps"]),
    ],
)
def test_a_report_asks_what_its_program_asks(in_host, key, codes):
    """S1-28 to S1-31, S3-22: sections are the program's data; numbers are drawn, not typed."""
    cohort = cohort_with_periods(in_host, key=key, leader_replies=False)
    form = queries.pages.form_of(Period.objects.filter(cohort=cohort).first().form)
    assert [field.code for field in form.fields()] == codes
    assert [field.code for field in form.fields() if field.required] == ["headline", "learning"]


# --- writing -------------------------------------------------------------------------------------


def test_the_editor_saves_without_checking_and_submits_when_whole(
    clock, team, third, measure, applicant, sign_in
):
    """S1-29, S3-22: what was learned is needed, the rest may stay empty."""
    client = sign_in(applicant)
    page = client.get(url("edit", "riverbend", third.slug))
    assert page.status_code == 200
    assert not Report.objects.exists()
    text = page.content.decode()
    assert "Blood pressure control" in text and "Already in your report" in text
    sent = {"progress": "We moved.", "_rev.progress": "0", "_rev.headline": "0", "submit": "1"}
    after = client.post(url("edit", "riverbend", third.slug), sent)
    assert after.url == url("check", "riverbend", third.slug)
    report = Report.objects.get()
    assert (report.status, report.response.answers) == ("open", {"progress": "We moved."})
    refused = client.post(url("check", "riverbend", third.slug))
    assert refused.status_code == 422
    assert refused.content.decode().count("Answer this question.") == 2
    whole = {
        "headline": "Control rose.", "_rev.headline": "0",
        "learning": "Calls work.", "_rev.learning": "0",
    }  # fmt: skip
    client.post(url("edit", "riverbend", third.slug), whole)
    done = client.post(url("check", "riverbend", third.slug))
    assert done.url == url("report", "riverbend", third.slug)
    report.refresh_from_db()
    assert (report.status, report.submitted_by, report.submitted_at) == (
        ReportStatus.SUBMITTED,
        applicant,
        NOW,
    )
    assert client.get(url("edit", "riverbend", third.slug)).url == done.url


def test_two_writers_lose_nothing(clock, team, third, applicant, sign_in):
    one, two = sign_in(applicant), sign_in(team.member.user)
    path = url("autosave", "riverbend", third.slug)
    first = {"_changed": "learning", "learning": "Mine", "_rev.learning": "0"}
    saved = one.post(path, first)
    assert (saved.status_code, saved.json()["revisions"]) == (200, {"learning": 1})
    clash = two.post(path, {**first, "learning": "Theirs"})
    assert clash.status_code == 409
    assert clash.json()["conflicts"] == [
        {"field": "learning", "theirs": "Mine", "name": "Dana Whitfield", "revision": 1}
    ]
    assert Report.objects.get().response.answers == {"learning": "Mine"}


def test_only_the_lead_submits_and_a_viewer_only_reads(clock, team, third, sign_in):
    member = sign_in(team.member.user)
    member.post(url("edit", "riverbend", third.slug), {"headline": "x", "_rev.headline": "0"})
    page = member.get(url("check", "riverbend", third.slug))
    assert "Only the lead of your team can submit it." in page.content.decode()
    assert member.post(url("check", "riverbend", third.slug)).status_code == 403
    team.member.role = "viewer"
    team.member.save()
    assert member.get(url("edit", "riverbend", third.slug)).status_code == 403


def test_a_period_that_has_not_opened_can_not_be_written(clock, team, cohort, applicant, sign_in):
    fourth = Period.objects.get(cohort=cohort, number=4)
    page = sign_in(applicant).get(url("edit", "riverbend", fourth.slug))
    assert page.status_code == 404


# --- tested changes ------------------------------------------------------------------------------


def test_changes_are_marks_on_the_charts(clock, team, third, measure, applicant, sign_in):
    """S1-28: data on changes tested."""
    client = sign_in(applicant)
    for title, day, act in [
        ("Saturday visits", "2026-07-04", ""),
        ("Blood pressure cuffs", "2025-12-01", "adapt"),
        ("After this quarter", "2026-11-02", ""),
    ]:
        sent = {"title": title, "started_on": day, "act": act, "plan": "Try it."}
        assert client.post(url("change_add", "riverbend"), sent).status_code == 302
    page = client.get(url("changes", "riverbend")).content.decode()
    assert page.index("Blood pressure cuffs") < page.index("Saturday visits")
    version = submitted_report(team.team, third, applicant, now=NOW)
    assert [(c["number"], c["title"], c["act"]) for c in version.content["changes"]] == [
        (1, "Blood pressure cuffs", "adapt"),
        (2, "Saturday visits", ""),
    ]
    report = client.get(url("report", "riverbend", third.slug)).content.decode()
    assert "December 2025. Adapted" in report and "July 2026. Still testing" in report
    one = reverse("collaboratives:measure", args=["prairie", "riverbend", measure.slug])
    every = reverse("collaboratives:measures", args=["prairie", "riverbend"])
    assert "December 2025. Adapted" in client.get(one).content.decode()
    assert "A change you tested" in client.get(one).content.decode()
    assert client.get(every).content.decode().count('r="8.2"') == 2
    change = ChangeTested.objects.get(title="Saturday visits")
    client.post(url("change_remove", "riverbend", change.pk))
    kept = client.get(url("report", "riverbend", third.slug)).content.decode()
    assert "Saturday visits" in kept


def test_a_change_can_not_end_before_it_starts(clock, team, applicant, sign_in):
    sent = {"title": "x", "started_on": "2026-07-04", "ended_on": "2026-07-01"}
    page = sign_in(applicant).post(url("change_add", "riverbend"), sent)
    assert page.status_code == 422
    assert "Enter a day on or after the first day." in page.content.decode()


# --- versions ------------------------------------------------------------------------------------


def test_a_version_is_frozen_with_its_hash(clock, team, third, measure, applicant):
    version = submitted_report(team.team, third, applicant, now=NOW)
    assert version.sha256 == actions.reports.sha256_of(version.content)
    before = ReportVersion.objects.get().content
    actions.reopen(report=version.report, reason="A number was wrong", now=NOW, by=applicant)
    report = Report.objects.get()
    assert report.status == ReportStatus.REOPENED
    assert queries.latest_version(report).content == before
    actions.save_answers(
        report=report, values={"headline": "New"}, base_revisions=None, now=NOW, by=applicant
    )
    second = actions.submit(report=report, now=NOW, by=applicant)
    assert (second.number, second.content["answers"]["headline"]) == (2, "New")
    assert ReportVersion.objects.get(number=1).content == before
    assert [e.verb for e in AuditEvent.objects.about(report)][:2] == [
        "asked for a reply",
        "submitted",
    ]


@pytest.mark.parametrize("verb", ["submit", "reopen"])
@pytest.mark.parametrize("state", ReportStatus.values)
def test_every_verb_from_every_state(verb, state):
    allowed = {("submit", "open"): "submitted", ("submit", "reopened"): "submitted",
               ("reopen", "submitted"): "reopened"}  # fmt: skip
    if (verb, state) in allowed:
        assert report_machine.target(verb, state) == allowed[verb, state]
    else:
        with pytest.raises(TransitionNotAllowed):
            report_machine.target(verb, state)


def test_the_second_of_two_submissions_is_told(clock, team, third, applicant):
    version = submitted_report(team.team, third, applicant, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        actions.submit(report=version.report, now=NOW, by=applicant)
    assert ReportVersion.objects.count() == 1


def test_numbers_after_the_period_are_not_in_its_report(clock, team, third, applicant):
    measure_with(team.team, {"": [(50, 90)] * 4}, first=date(2026, 9, 1))
    version = submitted_report(team.team, third, applicant, now=NOW)
    assert version.content["whole"][0]["months"] == ["2026-09-01", "2026-10-01"]


# --- reading -------------------------------------------------------------------------------------


def test_the_team_reads_its_report_whole(clock, team, third, measure, applicant, sign_in):
    """S1-30, S1-31: charts of process and outcome data by group, a table beside them."""
    submitted_report(team.team, third, applicant, now=NOW)
    page = sign_in(applicant).get(url("report", "riverbend", third.slug)).content.decode()
    assert "Riverbend Regional. Quarter 3, August to October 2026" in page
    assert "16% (7/43)" in page
    assert page.count("<svg xmlns") == 4 + 4 + 1 + 1  # charts, dumbbells and their axis, gap
    assert "Small numbers of this team are hidden from you." not in page


def secret(text):
    """The numbers of the small group, in any form that the pages use."""
    return [word for word in ("7/43", "16%", ",7,43", "7.0, 43.0") if word in text]


def test_the_network_and_staff_read_it_masked(
    clock, team, third, measure, other, applicant, coordinator, analyst, stranger, sign_in
):
    """S1-32, S3-22: shared with the network, small numbers hidden from everybody else."""
    version = submitted_report(team.team, third, applicant, now=NOW, ask_1="Fund two posts")
    assert secret(str(version.content["masked"])) == []
    for person in [other.user, coordinator, analyst]:
        client = sign_in(person)
        page = client.get(url("report", "riverbend", third.slug))
        assert page.status_code == 200
        text = page.content.decode()
        assert secret(text) == []
        assert "Small numbers of this team are hidden from you." in text
        assert "American Indian or Alaska Native" in text and "not shown" in text
        data = client.get(url("report_csv", "riverbend", third.slug)).content.decode()
        assert secret(data) == []
        assert "American Indian or Alaska Native,hidden,hidden" in data
        assert ("Fund two posts" in text) == (person != other.user)
    own = sign_in(applicant).get(url("report_csv", "riverbend", third.slug)).content.decode()
    assert secret(own) == [",7,43"]
    assert sign_in(stranger).get(url("report", "riverbend", third.slug)).status_code == 404


def test_an_outsider_finds_the_same_page_for_hidden_and_for_missing(
    clock, team, third, other, applicant, sign_in
):
    actions.start_report(team=team.team, period=third, now=NOW, by=applicant)
    client = sign_in(other.user)
    for path in [
        url("report", "riverbend", third.slug),  # a draft
        url("report", "riverbend", "2026-q1"),  # not written
        url("report", "nowhere", third.slug),
        url("team_reports", "riverbend"),
        url("edit", "riverbend", third.slug),
        url("changes", "riverbend"),
    ]:
        assert client.get(path).status_code == 404
    assert client.get(url("team_reports", "other")).status_code == 200


def test_a_report_for_the_team_only_stays_there(clock, team, third, other, applicant, sign_in):
    report = submitted_report(team.team, third, applicant, now=NOW).report
    Report.objects.filter(pk=report.pk).update(shared_with="team")
    client = sign_in(other.user)
    assert client.get(url("report", "riverbend", third.slug)).status_code == 404
    listed = client.get(url("team_reports", "other")).content.decode()
    assert "Riverbend" not in listed


def test_other_teams_are_listed_with_what_they_shared(
    clock, team, third, other, applicant, sign_in
):
    submitted_report(team.team, third, applicant, now=NOW)
    page = sign_in(other.user).get(url("team_reports", "other")).content.decode()
    assert "Riverbend, Quarter 3" in page


def test_who_may_only_read_a_report_finds_no_page_to_reopen_it(
    clock, team, third, other, applicant, coordinator, sign_in
):
    submitted_report(team.team, third, applicant, now=NOW)
    page = url("reopen", "riverbend", third.slug)
    assert sign_in(other.user).get(page).status_code == 404
    assert sign_in(coordinator).get(page).status_code == 403


# --- lists ---------------------------------------------------------------------------------------


def test_status_words_follow_the_clock(clock, team, cohort, third, applicant, sign_in):
    def codes():
        return [s.code for s in queries.team_standings(team.team, now=clock_now())]

    def clock_now():
        return datetime.now(UTC)

    assert codes() == ["late", "late", "open", "not_due", "not_due", "not_due"]
    submitted_report(team.team, third, applicant, now=NOW)
    assert codes()[2] == "submitted"
    clock.move_to(datetime(2027, 1, 18, 12, tzinfo=UTC))
    assert codes()[3] == "open"
    page = sign_in(applicant).get(url("team_reports", "riverbend")).content.decode()
    assert page.count("Late") == 2 and page.count("Not open yet") == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_staff_matrix_costs_the_same_for_any_number_of_teams(
    clock, cohort, third, coordinator, applicant, sign_in, rows, django_assert_num_queries
):
    """S1-27: who reported, quarter by quarter."""
    for number in range(rows):
        team = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {number}")
        submitted_report(team, third, applicant, now=NOW)
    client = sign_in(coordinator)
    # opening the host 4, login session, user, membership, cohort; periods, teams, reports,
    # allowances
    with django_assert_num_queries(12):
        page = client.get(url("staff_list", "ln"))
    text = page.content.decode()
    assert text.count('id="team-') == rows
    assert text.count(">Submitted<") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_teams_list_costs_the_same(
    clock, cohort, team, third, other, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        one = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {number}")
        submitted_report(one, third, other.user, now=NOW)
    client = sign_in(other.user)
    # opening the host 4, login session, user, membership, team; place, periods, reports,
    # allowances, others
    with django_assert_num_queries(13):
        page = client.get(url("team_reports", "other"))
    assert page.content.count(b'id="report-') == rows


def test_board_numbers_of_the_open_period(
    clock, cohort, team, third, other, applicant, coordinator, sign_in
):
    submitted_report(team.team, third, applicant, now=NOW)
    page = sign_in(coordinator).get(url("board_numbers", "ln")).content.decode()
    assert "Quarter 3" in page and "1 of 2" in page
    numbers = queries.board_numbers(cohort, coordinator, coordinator.memberships.get(), now=NOW)
    assert (numbers.submitted, numbers.replied, numbers.late, numbers.open) == (1, 0, 4, 1)


def test_due_for_team_is_a_small_part(clock, team, third, applicant, sign_in):
    page = sign_in(applicant).get(url("due_for_team", "riverbend")).content.decode()
    assert page.startswith('<section id="team-report"')
    assert "Quarter 1" in page and "Late" in page


def test_a_submission_tells_the_team(clock, team, third, applicant):
    submitted_report(team.team, third, applicant, now=NOW)
    mails = OutboundMessage.objects.filter(template="reporting/submitted").order_by("to")
    assert [(m.to, m.subject) for m in mails] == [
        ("dana@riverbend.example", "Quarter 3 report submitted: Riverbend"),
        ("marcus@riverbend.example", "Quarter 3 report submitted: Riverbend"),
    ]
