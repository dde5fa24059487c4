"""Who is asked, reminded, asked instead; and how links live and end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from collaboratives.blueprints.loader import load
from messaging import reminders
from messaging.sealing import unseal
from reporting import actions, queries, tasks
from reporting.models import LeaderReply, Report
from reporting.states import ReplyState
from tenancy.models import AuditEvent, Link
from tests.factories.collaboratives import TeamMemberFactory
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_replies import ASKS, SENT, filled, mails, page, send, token_of
from tests.reporting.test_reports import url

ELENA, OTIS, DANA = "elena@riverbend.example", "otis@riverbend.example", "dana@riverbend.example"


@pytest.fixture(autouse=True)
def registered():
    reminders.register("leader-reply")(tasks.leader_reply)
    reminders.register("leader-unasked")(tasks.leader_unasked)


@pytest.fixture
def version(clock, team, third, measure, applicant):
    return submitted_report(team.team, third, applicant, now=NOW, **ASKS)


@pytest.fixture
def reply(version):
    return LeaderReply.objects.get()


@pytest.fixture
def token(reply):
    return token_of(mails("please_reply")[0])


def tick(clock, *, days=0, hours=0, minutes=0):
    clock.move_to(NOW + timedelta(days=days, hours=hours, minutes=minutes), tick=False)
    for _ in range(2):
        reminders.plan_reminders(now=datetime.now(UTC))


def leave(member):
    member.left_at = datetime.now(UTC)
    member.save()


def text_of(address):
    return Client().get(address, follow=True).content.decode()


def sent_to(template):
    return [mail.to for mail in mails(template)]


# --- the ladder ----------------------------------------------------------------------------------


def test_the_days_of_the_ladder_are_data():
    """S1-18: each program may choose its own."""
    reporting = load("learning-and-action-network").reporting
    assert (reporting.reply_within, reporting.alternate_after) == (14, 7)
    assert reporting.reply_reminders == (3, 0)


def test_the_ladder_from_the_leader_to_the_alternate(clock, reply):
    """S1-16, S1-18: asked on November 9, due on the 23rd at the end of the day."""
    tick(clock, days=6, hours=23)
    assert (sent_to("please_reply"), sent_to("reply_reminder")) == ([ELENA], [])
    tick(clock, days=7, minutes=1)
    assert (sent_to("please_reply"), sent_to("reply_reminder")) == ([ELENA, OTIS], [])
    tick(clock, days=10, hours=23)  # three days before the leader's day
    assert sent_to("reply_reminder") == [ELENA]
    tick(clock, days=13, hours=23)
    assert sent_to("reply_reminder") == [ELENA, ELENA]
    for days in range(14, 22):
        tick(clock, days=days, minutes=1)
    assert sorted(sent_to("reply_reminder")) == [ELENA, ELENA, OTIS, OTIS]
    assert sent_to("please_reply") == [ELENA, OTIS]
    for mail in mails("reply_reminder"):
        assert Client().get(page("reply", token_of(mail)), follow=True).status_code == 200


def test_another_program_may_have_another_ladder(clock, reply, cohort, monkeypatch):
    plan = cohort.program.blueprint.reporting.model_copy(
        update={"alternate_after": 2, "reply_reminders": (1,)}
    )
    blueprint = cohort.program.blueprint.model_copy(update={"reporting": plan})
    monkeypatch.setattr(type(cohort.program), "blueprint", blueprint)
    tick(clock, days=2, minutes=1)
    assert sent_to("please_reply") == [ELENA, OTIS]
    tick(clock, days=12, hours=23)
    assert sent_to("reply_reminder") == [ELENA]


def test_who_replied_is_reminded_of_nothing_and_nobody_else_is_asked(clock, reply):
    send(reply, reflection="Done.")
    for days in range(6, 20):
        tick(clock, days=days)
    assert (sent_to("please_reply"), sent_to("reply_reminder")) == ([ELENA], [])


def test_whoever_sends_first_has_replied(clock, reply, token, team):
    tick(clock, days=7, minutes=1)
    Client().post(page("reply", token_of(mails("please_reply")[1])), SENT)
    assert LeaderReply.objects.get(state=ReplyState.SENT).member == team.alternate
    assert "Otis Park has replied already" in text_of(page("reply", token))
    assert Client().post(page("reply", token), SENT).status_code == 409
    tick(clock, days=13, hours=23)
    assert sent_to("reply_reminder") == []


def test_the_report_says_who_is_waited_for(clock, version, reply, applicant, sign_in):
    address = url("report", "riverbend", version.report.period.slug)
    text = sign_in(applicant).get(address).content.decode()
    assert "Elena Alvarez" in text and "The alternate is asked too on" in text
    tick(clock, days=7, minutes=1)
    later = sign_in(applicant).get(address).content.decode()
    assert "Otis Park" in later and "The alternate is asked too on" not in later


# --- no alternate, or nobody at all --------------------------------------------------------------


def test_without_an_alternate_the_leads_are_asked_to_name_one(clock, reply, team):
    leave(team.alternate)
    tick(clock, days=7, minutes=1)
    assert sent_to("please_reply") == [ELENA]
    (mail,) = mails("no_alternate")
    assert (mail.to, mail.subject) == (
        DANA,
        "Action needed: name an alternate for your leader (Riverbend)",
    )
    text = unseal(mail.body).text
    assert "Elena Alvarez has not replied" in text and "/teams/riverbend/members/" in text


def test_a_leader_without_an_alternate_asks_for_one(clock, reply, token, team):
    leave(team.alternate)
    assert "Ask my team to name somebody" in text_of(page("not_you", token))
    client = Client()
    for _ in range(2):
        done = client.post(page("not_you", token), {"who": "missing"})
        assert "We asked your team" in done.content.decode()
    (mail,) = mails("no_alternate")
    assert "would like somebody else to reply" in unseal(mail.body).text
    assert client.post(page("not_you", token), {"who": "other"}).status_code == 409
    reply.refresh_from_db()
    assert reply.state == ReplyState.DRAFT  # they can still do it themselves


def test_an_author_is_never_offered_as_the_other_leader(clock, team, third, applicant, measure):
    """The alternate wrote the report: the leader can't hand it over to them."""
    leave(team.alternate)
    team.lead.leadership = "alternate"
    team.lead.save()
    submitted_report(team.team, third, applicant, now=NOW, **ASKS)
    token = token_of(mails("please_reply")[0])
    assert "Hand over to" not in text_of(page("not_you", token))
    assert Client().post(page("not_you", token), {"who": "other"}).status_code == 409
    tick(clock, days=7, minutes=1)
    assert sent_to("please_reply") == [ELENA]


def test_a_leader_who_wrote_the_report_and_no_alternate(
    clock, team, third, applicant, measure, sign_in
):
    """Nobody can reply. The report says so, and the alternate is asked when they are named."""
    leave(team.leader)
    leave(team.alternate)
    team.lead.leadership = "senior_leader"
    team.lead.save()
    version = submitted_report(team.team, third, applicant, now=NOW, **ASKS)
    for minutes in (1, 2):
        tick(clock, minutes=minutes)
    assert mails("please_reply") == []
    assert sent_to("no_leader") == [DANA]
    address = url("report", "riverbend", third.slug)
    assert "Nobody can reply at present." in sign_in(applicant).get(address).content.decode()
    TeamMemberFactory(
        host=team.team.host,
        team=team.team,
        user=None,
        name="Ada Lund",
        email="ada@riverbend.example",
        role="viewer",
        leadership="alternate",
    )
    tick(clock, days=3)
    assert sent_to("please_reply") == ["ada@riverbend.example"]
    assert queries.unasked(since=NOW - timedelta(days=1)) == []
    assert LeaderReply.objects.get().version == version


def test_only_the_version_that_stands_is_asked_about(clock, version, reply, team, applicant):
    """While the report is being written on, nobody is asked about the old version."""
    actions.reopen(report=version.report, reason="A number", now=NOW, by=applicant)
    tick(clock, days=1)
    assert sent_to("please_reply") == [ELENA]


# --- a leader who left ---------------------------------------------------------------------------


def test_when_the_leader_leaves_the_alternate_is_asked_at_once(clock, reply, token, team):
    leave(team.leader)
    tick(clock, days=2)
    assert sent_to("please_reply") == [ELENA, OTIS]
    assert Client().get(page("reply", token), follow=True).status_code == 404
    reply.refresh_from_db()
    assert reply.state == ReplyState.CLOSED
    assert not Link.objects.filter(subject_id=reply.pk, revoked_at=None).exists()


def test_who_does_not_take_the_part_is_not_asked_to_reply(clock, reply, token, team):
    team.leader.asked_at, team.leader.refused_at = NOW, datetime.now(UTC)
    team.leader.save()
    for days in range(1, 20):
        tick(clock, days=days)
    assert ELENA not in [*sent_to("reply_reminder"), *sent_to("new_link")]
    assert sent_to("please_reply") == [ELENA, OTIS]
    assert Client().get(page("reply", token), follow=True).status_code == 404


def test_when_the_last_leader_leaves_the_leads_are_asked_to_name_one(clock, reply, token, team):
    leave(team.alternate)
    leave(team.leader)
    for minutes in (1, 2):
        tick(clock, minutes=minutes)
    (mail,) = mails("no_leader")
    assert mail.to == DANA and "/members/" in unseal(mail.body).text
    reply.refresh_from_db()
    assert reply.state == ReplyState.CLOSED
    assert not Link.objects.filter(subject_id=reply.pk, revoked_at=None).exists()
    team.alternate.left_at = None
    team.alternate.save()
    tick(clock, minutes=3)
    assert sent_to("please_reply") == [ELENA, OTIS]
    leave(team.alternate)
    tick(clock, minutes=4)
    assert sent_to("no_leader") == [DANA, DANA]


def test_who_left_gets_no_new_link(clock, reply, token, team):
    clock.move_to(NOW + timedelta(days=40), tick=False)
    leave(team.leader)
    asked = Client().post(page("reply", token))
    assert "Look in your mail" in asked.content.decode()  # the same words as for anybody
    assert mails("new_link") == []


def test_an_old_address_opens_nothing_after_the_roster_was_mended(reply, token, team):
    team.leader.email = "e.alvarez@riverbend.example"
    team.leader.save()
    assert Client().get(page("reply", token), follow=True).status_code == 404
    assert Client().post(page("reply", token), SENT).status_code == 404


# --- not me --------------------------------------------------------------------------------------


def test_a_wrong_person_is_written_to_no_more(clock, reply, token, team):
    """“Not me”: the link ends, the lead is told, the alternate is asked."""
    Client().post(page("not_you", token), {"who": "nobody"})
    reply.refresh_from_db()
    assert reply.state == ReplyState.DISOWNED
    for days in range(1, 20):
        tick(clock, days=days)
    assert ELENA not in [*sent_to("reply_reminder"), *sent_to("new_link")]
    assert sent_to("please_reply") == [ELENA, OTIS]


def test_a_mended_address_is_asked_again(clock, reply, token, team):
    leave(team.alternate)
    Client().post(page("not_you", token), {"who": "nobody"})
    tick(clock, minutes=5)
    assert sent_to("please_reply") == [ELENA]
    team.leader.email = "e.alvarez@riverbend.example"
    team.leader.save()
    tick(clock, hours=2)
    assert sent_to("please_reply") == [ELENA, "e.alvarez@riverbend.example"]
    Client().post(page("reply", token_of(mails("please_reply")[1])), SENT)
    reply.refresh_from_db()
    assert reply.state == ReplyState.SENT


def test_a_disowned_leader_is_not_handed_to(clock, reply, token, team):
    """The link of the leader reached a stranger; the alternate can't hand it back to them."""
    Client().post(page("not_you", token), {"who": "nobody"})
    tick(clock, minutes=5)
    alternate = token_of(mails("please_reply")[1])
    assert "Hand over to" not in text_of(page("not_you", alternate))


# --- handing over --------------------------------------------------------------------------------


def test_one_press_hands_over_and_the_other_may_hand_back(clock, reply, token, team):
    """S1-16. Each has a link of their own, and drafts stay with who typed them."""
    Client().post(page("autosave", token), filled(reflection="For my eyes") | {"_key": "a"})
    Client().post(page("not_you", token), {"who": "other"})
    second = token_of(mails("handed_over")[0])
    assert "For my eyes" not in text_of(page("reply", second))
    Client().post(page("not_you", second), {"who": "other"})
    assert sent_to("handed_over") == [OTIS, ELENA]
    third = token_of(mails("handed_over")[1])
    assert "For my eyes</textarea>" in text_of(page("reply", third))
    Client().post(page("reply", third), SENT)
    assert LeaderReply.objects.get(state=ReplyState.SENT).member == team.leader


def test_handing_over_is_one_press_on_the_page_of_the_reply(clock, reply, token):
    """What stood in the boxes is kept for them; the alternate does not see it."""
    form = text_of(page("reply", token))
    assert 'name="who" value="other"' in form and "Hand over to Otis Park" in form
    Client().post(page("not_you", token), filled(reflection="Just typed") | {"who": "other"})
    reply.refresh_from_db()
    assert (reply.state, reply.response.answers) == (
        ReplyState.HANDED_OVER,
        {"reflection": "Just typed"},
    )
    again = Client().post(page("not_you", token), {"who": "other"})
    assert (again.status_code, "any more" in again.content.decode()) == (409, True)


def test_who_handed_over_can_write_no_more(clock, reply, token):
    Client().post(page("not_you", token), {"who": "other"})
    saved = Client().post(page("autosave", token), filled(reflection="After"))
    assert saved.status_code == 423
    assert Client().post(page("reply", token), SENT).status_code == 409


# --- reopening -----------------------------------------------------------------------------------


def test_reopening_revokes_and_the_next_version_asks_anew(clock, version, reply, token, applicant):
    """S1-18. A link that had expired before can't be renewed either."""
    Client().post(page("autosave", token), filled(reflection="Half a thought"))
    actions.reopen(report=version.report, reason="A number", now=NOW, by=applicant)
    assert Client().get(page("reply", token), follow=True).status_code == 404
    clock.move_to(NOW + timedelta(days=40), tick=False)
    Client().post(page("reply", token))
    assert mails("new_link") == []
    now = datetime.now(UTC)
    actions.submit(report=Report.objects.get(), now=now, by=applicant)
    again = LeaderReply.objects.order_by("-pk").first()
    assert (again.version.number, again.state) == (2, ReplyState.DRAFT)
    assert sent_to("please_reply") == [ELENA, ELENA]


def test_what_was_typed_about_the_old_version_is_carried_to_the_new_one(
    version, reply, token, applicant
):
    """Their own words, and answers to what is asked again in the same words."""
    typed = filled(answer_1="yes", answer_2="talk", note_2="Call me", reflection="Half a thought")
    Client().post(page("autosave", token), typed)
    report = actions.reopen(report=version.report, reason="An ask", now=NOW, by=applicant)
    asks = {"ask_1": "Another thing", "ask_2": ASKS["ask_2"]}
    actions.save_answers(report=report, values=asks, base_revisions=None, now=NOW, by=applicant)
    actions.submit(report=report, now=NOW + timedelta(hours=1), by=applicant)
    again = LeaderReply.objects.order_by("-pk").first()
    assert again.response.answers == {
        "answer_2": "talk",
        "note_2": "Call me",
        "reflection": "Half a thought",
    }
    assert again.response_id != reply.response_id


def test_a_reply_that_was_sent_stays_readable_after_reopening(version, reply, token, applicant):
    Client().post(page("reply", token), SENT)
    actions.reopen(report=version.report, reason="A number", now=NOW, by=applicant)
    assert "The clearest picture of our care." in text_of(page("reply", token))


# --- late ----------------------------------------------------------------------------------------


def test_a_late_reply_is_taken_while_the_link_is_open(clock, reply, token):
    clock.move_to(NOW + timedelta(days=20), tick=False)
    assert "Due" in text_of(page("reply", token))
    Client().post(page("reply", token), SENT)
    reply.refresh_from_db()
    assert reply.state == ReplyState.SENT


def test_a_reply_after_expiry_and_renewal(clock, reply, token):
    """The person renews the link; what was typed before is there."""
    Client().post(page("autosave", token), filled(reflection="Begun in time"))
    clock.move_to(NOW + timedelta(days=45), tick=False)
    assert Client().get(page("reply", token), follow=True).status_code == 410
    assert Client().post(page("autosave", token), filled(reflection="x")).status_code == 404
    Client().post(page("reply", token))
    fresh = token_of(mails("new_link")[0])
    assert "Begun in time</textarea>" in text_of(page("reply", fresh))
    Client().post(page("reply", fresh), SENT)
    reply.refresh_from_db()
    assert reply.state == ReplyState.SENT


def test_each_rung_is_in_the_history(clock, version, reply):
    tick(clock, days=7, minutes=1)
    tick(clock, days=13, hours=23)
    verbs = [event.verb for event in AuditEvent.objects.about(version.report)]
    assert verbs.count("asked the alternate too") == 1 and "reminded" in verbs


# --- reports -------------------------------------------------------------------------------------


def test_the_lead_is_reminded_a_week_before_the_report_is_due(clock, team, third):
    clock.move_to(third.due_at - timedelta(days=7) + timedelta(minutes=1), tick=False)
    for _ in range(2):
        reminders.plan_reminders(now=datetime.now(UTC))
    assert [m.to for m in mails("due")] == ["dana@riverbend.example"]
    assert mails("due")[0].subject == "Action needed: Quarter 3 report"
