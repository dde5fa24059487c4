"""What a coach says about a report, in private until it is shared, and what the team answers."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from messaging.sealing import unseal
from reporting import actions, queries
from reporting.models import CoachNote, Feedback, FeedbackAnswer, Period, Report
from reporting.states import FeedbackState, Verdict, feedback_machine
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_replies import mails
from tests.reporting.test_reports import url
from workflow.machine import TransitionNotAllowed

SHEET = ("riverbend", "2026-q3", 1)
SECRET = "Ask about the night shift."


@pytest.fixture
def version(clock, coached, third, measure, applicant):
    return submitted_report(coached.team, third, applicant, now=NOW, progress="Two clinics.")


def write(client, act, *, rev=0, verdict="", **words):
    sent = {f"on_{part}": text for part, text in words.items()}
    bases = {f"_rev.{box}": rev for box in ("verdict", *sent)}
    values = {"act": act, "verdict": verdict, **sent, **bases}
    return client.post(url("feedback", *SHEET), values)


def keep(version, by, verdict="", **words):
    values = {"verdict": verdict, **{f"on_{part}": text for part, text in words.items()}}
    return actions.save_feedback(version=version, values=values, now=NOW, by=by).feedback


def shared(version, coach, verdict=Verdict.ACCEPTED, **words):
    saved = keep(version, coach, verdict, **words)
    return actions.share_feedback(feedback=saved, now=NOW, by=coach)


def text_of(page):
    return page.content.decode()


# --- the queue -----------------------------------------------------------------------------------


def test_the_coach_reads_what_waits_oldest_first(
    version, coached, cohort, other, coach, coordinator, sign_in, clock
):
    """S1-27: each quarter's report is read; what was given leaves the queue. S3-22"""
    second = Period.objects.get(cohort=cohort, number=2)
    clock.move_to(NOW + timedelta(hours=1), tick=False)
    later = submitted_report(coached.team, second, coached.lead.user, now=NOW + timedelta(hours=1))
    submitted_report(other.team, second, other.user, now=NOW)
    mine = sign_in(coach)
    page = text_of(mine.get(url("coaching")))
    assert page.index("Riverbend, Quarter 3") < page.index("Riverbend, Quarter 2")
    assert "Lakeside" not in page
    everybody = sign_in(coordinator)
    assert "Lakeside, Quarter 2" in text_of(everybody.get(url("coaching")))
    assert "Nothing waits for you" in text_of(everybody.get(url("coaching") + "?teams=mine"))
    shared(later, coach)
    page = text_of(mine.get(url("coaching")))
    assert page.index("Riverbend, Quarter 3") < page.index("Given lately")
    assert page.index("Given lately") < page.index("Riverbend, Quarter 2")


@pytest.mark.parametrize(("who", "status"), [("analyst", 403), ("reviewer", 403), ("lead", 404)])
def test_only_who_coaches_opens_the_queue_and_the_sheet(
    who, status, version, team, analyst, reviewer, sign_in
):
    person = {"analyst": analyst, "reviewer": reviewer, "lead": team.lead.user}[who]
    for page in (url("coaching"), url("feedback", *SHEET)):
        assert sign_in(person).get(page).status_code == status


def test_nobody_coaches_a_team_they_are_on(version, team, sign_in):
    person = team.member.user
    MembershipFactory(host=team.team.host, user=person, roles=[Role.COORDINATOR, Role.COACH])
    client = sign_in(person)
    assert "Riverbend, Quarter 3" not in text_of(client.get(url("coaching")))
    assert client.get(url("feedback", *SHEET)).status_code == 404


def test_another_teams_coach_finds_nothing(version, team, in_host, sign_in):
    second = MembershipFactory(host=in_host, roles=[Role.COACH]).user
    client = sign_in(second)
    assert client.get(url("feedback", *SHEET)).status_code == 404
    assert client.post(url("coach_note", *SHEET), {"note-text": "x"}).status_code == 404


# --- writing and sharing -------------------------------------------------------------------------


def test_each_part_of_the_report_has_a_box_and_its_words(version, coach, sign_in):
    """S1-28, S1-31: also what is drawn from tests and numbers, with small groups hidden."""
    page = text_of(sign_in(coach).get(url("feedback", *SHEET)))
    assert [part.code for part in queries.parts_of(version)] == [
        "headline", "progress", "challenges", "learning", "outcome_data", "next_steps", "whole",
    ]  # fmt: skip
    assert "Two clinics." in page and "The team wrote nothing here." in page
    assert "Blood pressure control" in page
    assert "7 of 43" not in page and "16%" not in page  # the small group


def test_a_draft_is_the_coaches_alone(version, coach, team, sign_in):
    answer = write(sign_in(coach), "save", verdict="changes", progress=SECRET)
    assert answer.status_code == 302
    draft = Feedback.objects.get()
    assert (draft.state, draft.draft, draft.words) == ("draft", {"progress": SECRET}, {})
    report = text_of(sign_in(team.lead.user).get(url("report", "riverbend", "2026-q3")))
    home = text_of(sign_in(team.lead.user).get(url("coaching_for_team", "riverbend")))
    assert SECRET not in report + home and "From your coach" not in report
    assert mails("feedback_shared") == []
    assert not AuditEvent.objects.about(version.report).filter(verb__contains="feedback").exists()


def test_sharing_tells_the_team_and_blocks_nothing(
    version, coach, coached, cohort, other, analyst, sign_in
):
    write(sign_in(coach), "share", verdict="changes", progress="Name the clinics.")
    one = Feedback.objects.get()
    assert (one.state, one.verdict, one.words) == (
        "shared", "changes", {"progress": "Name the clinics."},
    )  # fmt: skip
    assert [mail.to for mail in mails("feedback_shared")] == [
        "dana@riverbend.example",
        "marcus@riverbend.example",
    ]
    (mail, _) = mails("feedback_shared")
    assert mail.subject == "Action needed: your coach asks for changes in Quarter 3"
    assert "Name the clinics" not in unseal(mail.body).text
    report = Report.objects.get()
    assert report.status == "submitted"
    lead = text_of(sign_in(coached.lead.user).get(url("report", "riverbend", "2026-q3")))
    assert "Name the clinics." in lead and "Change the report" in lead
    reopen = text_of(sign_in(coached.lead.user).get(url("reopen", "riverbend", "2026-q3")))
    assert "Our coach asked for changes." in reopen
    for reader in (other.user, analyst):
        page = sign_in(reader).get(url("report", "riverbend", "2026-q3"))
        assert page.status_code == 200 and "Name the clinics." not in text_of(page)
    fourth = Period.objects.get(cohort=cohort, number=4)
    begun = actions.start_report(team=coached.team, period=fourth, now=NOW, by=coached.lead.user)
    assert begun.status == "open"


def test_asking_for_changes_needs_words_and_sharing_a_verdict(version, coach, sign_in):
    client = sign_in(coach)
    for verdict, words in (("", {"whole": "Good."}), ("changes", {})):
        assert write(client, "share", verdict=verdict, **words).status_code == 422
    assert not Feedback.objects.exists() and mails("feedback_shared") == []
    empty = keep(version, coach, "changes")
    with pytest.raises(actions.NothingToShare):
        actions.share_feedback(feedback=empty, now=NOW, by=coach)


def test_a_second_press_shares_once_and_a_change_again(version, coach):
    one = shared(version, coach, whole="Good.")
    actions.share_feedback(feedback=one, now=NOW, by=coach)
    assert len(mails("feedback_shared")) == 2  # two people, once each
    keep(version, coach, "accepted", whole="Very good.")
    assert Feedback.objects.get().words == {"whole": "Good."}
    again = actions.share_feedback(feedback=one, now=NOW, by=coach)
    assert (again.words, again.sharings) == ({"whole": "Very good."}, 2)
    assert len(mails("feedback_shared")) == 4


def test_two_who_write_at_once_both_keep_their_words(version, coach, coordinator, sign_in):
    first, second = sign_in(coach), sign_in(coordinator)
    write(first, "save", progress="From Cora.")
    answer = write(second, "save", progress="From Renata.")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Cora Lind saved here meanwhile: “From Cora.”" in page and "From Renata." in page
    assert Feedback.objects.get().draft == {"progress": "From Cora."}
    assert write(second, "save", rev=1, progress="From Renata.").status_code == 302
    assert Feedback.objects.get().draft == {"progress": "From Renata."}


def test_the_sheet_saves_itself_box_by_box(version, coach, coordinator, team, sign_in):
    """What is typed is kept; two who write in two boxes don't meet, in one box both are shown."""
    first, second = sign_in(coach), sign_in(coordinator)
    assert type_in(first, progress="From Cora.").status_code == 200
    assert type_in(second, learning="From Renata.").status_code == 200
    both = {"progress": "From Cora.", "learning": "From Renata."}
    assert Feedback.objects.get().draft == both
    answer = type_in(second, progress="Mine.")
    assert answer.status_code == 409
    (lost,) = answer.json()["conflicts"]
    assert (lost["field"], lost["theirs"], lost["name"]) == (
        "on_progress",
        "From Cora.",
        "Cora Lind",
    )
    assert Feedback.objects.get().draft == both
    assert type_in(second, rev=1, progress="Mine.").status_code == 200
    page = text_of(first.get(url("feedback", *SHEET)))
    assert "Mine." in page and "From Renata." in page and 'data-rev="2"' in page
    assert type_in(sign_in(team.lead.user), progress="x").status_code == 404
    assert mails("feedback_shared") == []


def type_in(client, *, rev=0, **words):
    sent = {f"on_{part}": text for part, text in words.items()}
    bases = {f"_rev.{box}": rev for box in sent}
    return client.post(url("feedback_autosave", *SHEET), {"_changed": list(sent), **sent, **bases})


def test_a_new_version_comes_back_to_the_queue_and_the_old_words_stay(
    version, coach, team, clock, sign_in
):
    shared(version, coach, Verdict.CHANGES, progress="Name the clinics.")
    lead, later = team.lead.user, NOW + timedelta(days=1)
    actions.reopen(report=version.report, reason="Asked.", now=later, by=lead)
    actions.save_answers(
        report=version.report,
        values={"progress": "North."},
        base_revisions=None,
        now=later,
        by=lead,
    )
    second = actions.submit(report=version.report, now=later, by=lead)
    client = sign_in(coach)
    assert "Version 2" in text_of(client.get(url("coaching")))
    page = text_of(client.get(url("feedback", "riverbend", "2026-q3", 2)))
    assert "What was said about version 1" in page and "Name the clinics." in page
    shared(second, coach, whole="Thank you.")
    report = text_of(sign_in(lead).get(url("report", "riverbend", "2026-q3")))
    assert report.index("Thank you.") < report.index("Name the clinics.")


def test_the_coach_is_told_of_a_report(version):
    (mail,) = mails("to_coach")
    assert mail.subject == "A report to read: Riverbend, Quarter 3"
    assert f"/prairie/staff/coaching/{'/'.join(map(str, SHEET))}/" in unseal(mail.body).text


@pytest.mark.parametrize("state", FeedbackState)
@pytest.mark.parametrize(
    ("verb", "legal"), [("share", "draft"), ("share_again", "shared"), ("answer", "shared")]
)
def test_what_a_state_allows(verb, legal, state):
    assert feedback_machine.allows(verb, state) == (state == legal)


# --- the team answers ----------------------------------------------------------------------------


def test_the_team_reads_answers_and_the_coach_too(version, coach, team, sign_in):
    one = shared(version, coach, whole="Good.")
    lead, answers = sign_in(team.lead.user), url("answer_as_team", "riverbend", "2026-q3")
    assert "Not read yet" in text_of(lead.get(url("coaching_for_team", "riverbend")))
    assert lead.post(answers, {"answer-text": ""}).status_code == 302
    one.refresh_from_db()
    assert one.acknowledged_by == team.lead.user and mails("feedback_answered") == []
    lead.post(answers, {"answer-text": ""})  # nothing to say twice
    for _press in range(2):
        lead.post(answers, {"answer-text": "We will call them."})
    client = sign_in(coach)
    assert "The team answered" in text_of(client.get(url("coaching")))
    client.post(url("answer", *SHEET), {"answer-text": "Good luck."})
    assert [(a.text, a.from_team) for a in FeedbackAnswer.objects.for_list()] == [
        ("We will call them.", True),
        ("Good luck.", False),
    ]
    assert [mail.to for mail in mails("feedback_answered")] == [
        coach.email,
        "dana@riverbend.example",
        "marcus@riverbend.example",
    ]
    page = text_of(lead.get(url("report", "riverbend", "2026-q3")))
    assert page.index("We will call them.") < page.index("Good luck.")


def test_who_only_looks_on_or_is_of_another_team_does_not_answer(
    version, coach, team, other, analyst, sign_in
):
    shared(version, coach, whole="Good.")
    answers = url("answer_as_team", "riverbend", "2026-q3")
    team.member.role = "viewer"
    team.member.save()
    looking = sign_in(team.member.user)
    assert "Good." in text_of(looking.get(url("report", "riverbend", "2026-q3")))
    assert looking.post(answers, {"answer-text": "Hm."}).status_code == 403
    assert sign_in(other.user).post(answers, {"answer-text": "Hm."}).status_code == 404
    assert sign_in(analyst).post(answers, {"answer-text": "Hm."}).status_code == 403
    assert not FeedbackAnswer.objects.exists()


def test_nobody_answers_a_draft(version, coach, sign_in):
    write(sign_in(coach), "save", whole="Good.")
    assert sign_in(coach).post(url("answer", *SHEET), {"answer-text": "Hm."}).status_code == 404
    with pytest.raises(TransitionNotAllowed):
        actions.answer_feedback(
            feedback=Feedback.objects.get(), text="Hm.", from_team=True, now=NOW, by=coach
        )


# --- private notes -------------------------------------------------------------------------------


def test_notes_are_for_who_coaches_and_nobody_on_the_team(
    version, coach, coordinator, team, sign_in
):
    mine, colleague = sign_in(coach), sign_in(coordinator)
    mine.post(url("coach_note", *SHEET), {"note-text": SECRET})
    note = CoachNote.objects.get()
    assert SECRET in text_of(colleague.get(url("feedback", *SHEET)))
    lead = sign_in(team.lead.user)
    for page in ("report", "coaching_for_team"):
        names = ["riverbend", "2026-q3"][: 2 if page == "report" else 1]
        assert SECRET not in text_of(lead.get(url(page, *names)))
    events = AuditEvent.objects.order_by("pk")
    assert SECRET not in "".join(f"{e.before}{e.after}{e.reason}{e.object_name}" for e in events)
    assert not AuditEvent.objects.about(team.team).filter(actor_name="Cora Lind").exists()
    colleague.post(url("coach_note", *SHEET), {"remove": note.pk})  # not theirs
    assert CoachNote.objects.exists()
    mine.post(url("coach_note", *SHEET), {"remove": note.pk})
    assert not CoachNote.objects.exists()
    assert mine.post(url("coach_note", *SHEET), {"note-text": " "}).status_code == 422
