"""The senior leader's reply: by link, from a phone, without an account."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import Job
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from questionnaires.models import AnswerChange
from reporting import actions
from reporting.models import LeaderCommitment, LeaderReply, Report
from reporting.states import ReplyState, reply_machine
from tenancy import links
from tenancy.models import AuditEvent, Link
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import secret, url
from workflow.machine import TransitionNotAllowed

ASKS = {"ask_1": "Fund two posts", "ask_2": "Meet the tribal health board"}


def filled(sendings=0, **answers):
    """What the page posts when these boxes were filled on it."""
    revisions = {f"_rev.{code}": "0" for code in answers}
    return {**revisions, **answers, "sendings": str(sendings), "_key": "a-page"}


GIVEN = {
    "answer_1": "yes",
    "by_1": "2027-01-15",
    "answer_2": "conditions",
    "note_2": "After the budget",
    "reflection": "The clearest picture of our care.",
}
SENT = filled(**GIVEN)


def send(reply, now=NOW, **values):
    actions.save_reply(reply=reply, values=values, now=now)
    return actions.send_reply(reply=reply, sendings=0, now=now)


@pytest.fixture
def version(clock, team, third, measure, applicant):
    return submitted_report(team.team, third, applicant, now=NOW, **ASKS)


@pytest.fixture
def reply(version):
    return LeaderReply.objects.get()


def mails(template):
    return list(OutboundMessage.objects.filter(template=f"reporting/{template}").order_by("pk"))


def token_of(mail):
    return re.search(r"/r/reply/([^/\s]+)/", unseal(mail.body).text)[1]


@pytest.fixture
def token(reply):
    (mail,) = mails("please_reply")
    return token_of(mail)


def page(name, token):
    return reverse(f"reporting_links:{name}", args=[token])


# --- asking --------------------------------------------------------------------------------------


def test_submitting_asks_the_senior_leader(reply, team):
    """S1-18, S1-32: the designated senior leader gets the report and is asked to reply."""
    (mail,) = mails("please_reply")
    assert (mail.to, mail.subject) == (
        "elena@riverbend.example",
        "Action needed: reply to the Quarter 3 report of Riverbend",
    )
    assert reply.member == team.leader
    assert reply.due_at == datetime(2026, 11, 24, 5, 59, tzinfo=UTC)
    assert "Control rose" not in unseal(mail.body).text


def test_who_wrote_the_report_can_not_answer_it(clock, team, third, applicant):
    """The leader may be on the team, but does not answer a report of their own."""
    team.leader.left_at = NOW
    team.leader.save()
    team.lead.leadership = "senior_leader"
    team.lead.save()
    version = submitted_report(team.team, third, applicant, now=NOW)
    assert LeaderReply.objects.get().member == team.alternate
    own = actions.leaders._ask(version=version, member=team.lead, now=NOW)
    with pytest.raises(actions.AuthorCannotReply):
        send(own, reflection="Well done, me.")


def test_a_team_without_leaders_can_still_submit(clock, team, third, applicant):
    for member in (team.leader, team.alternate):
        member.left_at = NOW
        member.save()
    submitted_report(team.team, third, applicant, now=NOW)
    assert not LeaderReply.objects.exists()
    verbs = [e.verb for e in AuditEvent.objects.about(Report.objects.get())]
    assert "found no leader to ask" in verbs


def test_a_cohort_without_replies_asks_nobody(clock, team, cohort, third, applicant):
    cohort.leader_replies = False
    cohort.save()
    submitted_report(team.team, third, applicant, now=NOW)
    assert mails("please_reply") == []


# --- reading -------------------------------------------------------------------------------------


def test_a_mail_scanner_changes_nothing(reply, token):
    """SECURITY T17: HEAD and GET as often as they like."""
    before = (
        list(LeaderReply.objects.values()),
        list(Link.objects.values()),
        OutboundMessage.objects.count(),
        AuditEvent.objects.count(),
    )
    for name, tries in [("reply", 100), ("report", 5), ("not_you", 5)]:
        for n in range(tries):
            client = Client(REMOTE_ADDR=f"203.0.113.{n}")
            assert client.head(page(name, token), follow=True).status_code == 200
            assert client.get(page(name, token), follow=True).status_code == 200
    for name in ["autosave", "later"]:
        assert client.get(page(name, token), follow=True).status_code == 405
    after = (
        list(LeaderReply.objects.values()),
        list(Link.objects.values()),
        OutboundMessage.objects.count(),
        AuditEvent.objects.count(),
    )
    assert after == before


def test_the_leader_sees_the_brief_with_whole_numbers(reply, token):
    response = Client().get(page("reply", token), follow=True)
    text = response.content.decode()
    assert "Replying as <b>Elena Alvarez</b>" in text
    assert "Control rose." in text
    assert "Fund two posts" in text and "Meet the tribal health board" in text
    assert text.count("<svg xmlns") == 1
    assert response["Referrer-Policy"] == "same-origin"
    whole = Client().get(page("report", token), follow=True).content.decode()
    assert secret(whole) == ["7/43", "16%"]


def test_the_link_opens_nothing_else(reply, token, other, third):
    """Nor is it known under another kind, or with a letter changed."""
    client = Client()
    assert client.get(page("reply", token[:-1] + "x"), follow=True).status_code == 404
    assert client.get(f"/r/rsvp/{token}/").status_code == 404
    assert client.get(url("report", "riverbend", third.slug)).status_code == 302
    assert links.find(token, kind="letter") is None


# --- sending -------------------------------------------------------------------------------------


def test_the_reply_is_sent_by_post_and_the_team_is_told(version, reply, token, applicant, sign_in):
    """S1-18: a written reply with reflections; what was promised is followed."""
    client = Client()
    address = client.get(page("reply", token)).url
    assert token not in address
    assert client.post(address, SENT).url == address
    reply.refresh_from_db()
    assert (reply.state, reply.sent_at, reply.editable_until) == (
        ReplyState.SENT,
        NOW,
        NOW + timedelta(days=7),
    )
    promised = LeaderCommitment.objects.order_by("place")
    assert [(c.text, c.conditions, c.due_on) for c in promised] == [
        ("Fund two posts", "", date(2027, 1, 15)),
        ("Meet the tribal health board", "After the budget", None),
    ]
    receipt = client.get(page("reply", token), follow=True).content.decode()
    assert "Your reply is sent" in receipt and "Change my reply" in receipt
    assert sorted(m.to for m in mails("replied")) == [
        "dana@riverbend.example",
        "marcus@riverbend.example",
    ]
    report = sign_in(applicant).get(url("report", "riverbend", version.report.period.slug))
    text = report.content.decode()
    assert "The clearest picture of our care." in text and "2 commitments" in text


def test_a_reply_needs_an_answer_or_a_word(reply, token):
    response = Client().post(page("reply", token), filled(reflection=" "))
    assert response.status_code == 422
    assert "Answer a request or write a few words." in response.content.decode()
    reply.refresh_from_db()
    assert reply.state == ReplyState.DRAFT


def everything():
    """All that a press could change."""
    return (
        list(LeaderReply.objects.values()),
        list(LeaderCommitment.objects.values()),
        list(AnswerChange.objects.values()),
        OutboundMessage.objects.count(),
        AuditEvent.objects.count(),
    )


def test_the_same_press_again_shows_the_receipt_and_changes_nothing(clock, reply, token):
    client = Client()
    client.post(page("reply", token), SENT)
    before = everything()
    for minutes in (0, 5, 60 * 24 * 3):
        clock.move_to(NOW + timedelta(minutes=minutes), tick=False)
        again = client.post(page("reply", token), SENT, follow=True)
        assert again.status_code == 200 and "Your reply is sent" in again.content.decode()
    assert everything() == before
    assert len(mails("replied")) == 2  # the lead and the member, once


def test_the_same_press_after_a_change_does_not_bring_the_old_words_back(clock, reply, token):
    client = Client()
    client.post(page("reply", token), SENT)
    client.post(page("reply", token), {**filled(1, reflection="On second look."), "_key": "two"})
    before = everything()
    client.post(page("reply", token), SENT)
    assert everything() == before
    reply.refresh_from_db()
    assert (reply.reflection, reply.sendings) == ("On second look.", 2)


def test_enter_in_a_box_keeps_and_sends_nothing(reply, token):
    client = Client()
    kept = client.post(page("reply", token), filled(note_1="By phone") | {"save": "1"}, follow=True)
    assert 'value="By phone"' in kept.content.decode()
    reply.refresh_from_db()
    assert (reply.state, mails("replied")) == (ReplyState.DRAFT, [])
    client.post(page("reply", token), SENT)
    changed = {**filled(1, note_1="Or in person"), "save": "1", "_key": "two"}
    kept = client.post(page("reply", token), changed, follow=True).content.decode()
    assert "Send the changed reply" in kept and 'value="Or in person"' in kept
    assert len(mails("replied")) == 2


def test_sending_a_change_without_a_change_tells_nobody(reply, token):
    client = Client()
    client.post(page("reply", token), SENT)
    before = everything()
    client.post(page("reply", token), {**filled(1, **GIVEN), "_key": "two"})
    assert everything() == before


def test_words_of_a_second_page_are_kept_when_the_first_was_sent(reply, token):
    """A second tab with other words: they are not sent, and not lost."""
    client = Client()
    client.post(page("reply", token), SENT)
    other = {**filled(reflection="Typed in the other tab"), "_key": "other-tab"}
    receipt = client.post(page("reply", token), other, follow=True).content.decode()
    assert "The clearest picture of our care." in receipt
    assert "You have typed something since that is not sent." in receipt
    form = client.get(page("reply", token) + "?change=1", follow=True).content.decode()
    assert "Typed in the other tab</textarea>" in form
    reply.refresh_from_db()
    assert (reply.reflection, reply.sendings) == ("The clearest picture of our care.", 1)


def test_the_receipt_lists_every_ask_with_its_answer(reply, token):
    client = Client()
    client.post(page("reply", token), filled(answer_1="not_now", note_1="No money this year"))
    receipt = client.get(page("reply", token), follow=True).content.decode()
    listed = re.search(r'<dl class="answers">(.*?)</dl>', receipt, re.DOTALL)[1]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", listed)).strip()
    assert words == (
        "Fund two posts Not now: No money this year Meet the tribal health board No answer"
    )
    assert "What you said yes to" not in receipt


def test_it_can_be_changed_for_seven_days(clock, reply, token):
    client = Client()
    client.post(page("reply", token), SENT)
    clock.move_to(NOW + timedelta(days=6, hours=23), tick=False)
    form = client.get(page("reply", token) + "?change=1", follow=True).content.decode()
    assert "The clearest picture of our care." in form and "Send the changed reply" in form
    changed = filled(1, **{**GIVEN, "answer_1": "not_now", "reflection": "On second look."})
    client.post(page("reply", token), {**changed, "_key": "changing"})
    reply.refresh_from_db()
    assert (reply.reflection, reply.sent_at) == ("On second look.", NOW)
    assert [c.text for c in LeaderCommitment.objects.all()] == ["Meet the tribal health board"]
    clock.move_to(NOW + timedelta(days=7), tick=False)
    late = client.post(page("reply", token), {**filled(2, reflection="Too late"), "_key": "3"})
    assert late.status_code == 409
    reply.refresh_from_db()
    assert reply.reflection == "On second look."
    assert "Change my reply" not in client.get(page("reply", token), follow=True).content.decode()


def autosave(client, token, **answers):
    """As the page's script sends it: only what was changed."""
    fields = filled(**answers) | {"_changed": list(answers), "_key": f"{answers}"[:40]}
    return client.post(page("autosave", token), fields)


def test_what_is_typed_is_kept_before_it_is_sent(reply, token):
    client = Client()
    saved = autosave(client, token, reflection="Half a thought")
    assert (saved.status_code, saved.json()["revisions"]) == (200, {"reflection": 1})
    assert saved.json()["saved_at"] == "10 a.m."
    autosave(client, token, answer_2="talk")
    autosave(client, token, reflection="A whole thought")
    reply.refresh_from_db()
    assert (reply.state, reply.reflection, reply.saved_at) == (ReplyState.DRAFT, "", NOW)
    assert reply.response.answers == {"reflection": "A whole thought", "answer_2": "talk"}
    assert not Job.objects.filter(input__version=reply.response.version_id).exists()  # no blank
    kept = AnswerChange.objects.filter(field="reflection").order_by("pk")
    assert [(change.revision, change.value) for change in kept] == [
        (1, "Half a thought"),
        (2, "A whole thought"),
    ]
    text = client.get(page("reply", token), follow=True).content.decode()
    assert "A whole thought</textarea>" in text
    assert mails("replied") == []


def test_a_change_is_kept_while_it_is_typed_and_read_once_it_is_sent(
    reply, token, version, applicant, sign_in
):
    client = Client()
    client.post(page("reply", token), SENT)
    assert autosave(client, token, reflection="Not yet for your eyes").status_code == 200
    team_reads = sign_in(applicant).get(url("report", "riverbend", version.report.period.slug))
    assert "Not yet for your eyes" not in team_reads.content.decode()
    form = client.get(page("reply", token) + "?change=1", follow=True).content.decode()
    assert "Not yet for your eyes</textarea>" in form


def test_a_day_that_can_not_be_read_is_asked_again(reply, token):
    response = Client().post(page("reply", token), filled(answer_1="yes", by_1="soon"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "Enter a date, like 09/15/2027." in text and 'value="soon"' in text
    reply.refresh_from_db()
    assert reply.state == ReplyState.DRAFT


def test_a_commitment_of_ones_own_is_followed_too(reply, token):
    own = {"own": "Open the board meeting to patients", "own_by": "2027-02-01"}
    Client().post(page("reply", token), filled(**own))
    assert [(c.text, c.due_on) for c in LeaderCommitment.objects.all()] == [
        ("Open the board meeting to patients", date(2027, 2, 1))
    ]


def test_a_draft_from_before_there_were_revisions_is_carried_over(reply, token):
    """Rows written by an earlier version keep every word."""
    LeaderReply.objects.update(
        asks={"1": {"answer": "talk", "note": "Call me"}}, reflection="Begun long ago"
    )
    client = Client()
    text = client.get(page("reply", token), follow=True).content.decode()
    assert "Begun long ago</textarea>" in text and 'value="Call me"' in text
    autosave(client, token, answer_1="yes")
    reply.refresh_from_db()
    assert reply.response.answers == {
        "answer_1": "yes",
        "answer_2": "talk",
        "note_2": "Call me",
        "reflection": "Begun long ago",
    }


# --- somebody else -------------------------------------------------------------------------------


def test_the_alternate_gets_a_link_of_their_own(team, reply, token):
    """S1-16: one senior leader and one alternate."""
    client = Client()
    assert (
        "Hand over to Otis Park" in client.get(page("not_you", token), follow=True).content.decode()
    )
    done = client.post(page("not_you", token), {"who": "other"})
    assert "Handed over to Otis Park" in done.content.decode()
    (mail,) = mails("handed_over")
    assert mail.to == "otis@riverbend.example"
    second = token_of(mail)
    assert second != token
    assert (
        "You handed this reply over"
        in client.get(page("reply", token), follow=True).content.decode()
    )
    client.post(page("reply", second), SENT)
    sent = LeaderReply.objects.get(state=ReplyState.SENT)
    assert sent.member == team.alternate
    assert client.post(page("reply", token), SENT).status_code == 409
    assert "Otis Park" in client.get(page("reply", token), follow=True).content.decode()


def test_of_two_leaders_only_the_first_replies(version, reply, team):
    other = actions.leaders._ask(version=version, member=team.alternate, now=NOW)
    send(other, reflection="First.")
    with pytest.raises(actions.AlreadyReplied):
        actions.send_reply(reply=reply, sendings=0, now=NOW)
    assert LeaderReply.objects.get(state=ReplyState.SENT).reflection == "First."


def test_not_me_closes_the_link_and_tells_the_lead(reply, token):
    done = Client().post(page("not_you", token), {"who": "nobody"})
    assert "The link is closed" in done.content.decode()
    assert Client().get(page("reply", token), follow=True).status_code == 404
    (mail,) = mails("not_me")
    assert mail.to == "dana@riverbend.example"


def test_a_leader_who_left_can_not_open_the_link(reply, token, team):
    team.leader.left_at = NOW
    team.leader.save()
    assert Client().get(page("reply", token), follow=True).status_code == 404


# --- links ---------------------------------------------------------------------------------------


def test_an_expired_link_leads_to_a_new_one(clock, reply, token):
    client = Client()
    clock.move_to(NOW + timedelta(days=40), tick=False)
    gone = client.get(page("reply", token), follow=True)
    assert gone.status_code == 410
    assert "Email me a new one" in gone.content.decode()
    assert "Elena" not in gone.content.decode()
    assert mails("new_link") == []
    sent = client.post(page("reply", token))
    assert "Look in your mail" in sent.content.decode()
    (mail,) = mails("new_link")
    assert mail.to == "elena@riverbend.example"
    assert client.get(page("reply", token_of(mail)), follow=True).status_code == 200
    client.post(page("reply", token))
    assert len(mails("new_link")) == 1  # pressed again within the minute


def test_finish_later_keeps_the_words_and_mails_a_link(reply, token):
    done = Client().post(
        page("later", token), filled(reflection="To be continued", answer_1="talk")
    )
    assert "Your words are kept." in done.content.decode()
    (mail,) = mails("new_link")
    again = Client().get(page("reply", token_of(mail)), follow=True).content.decode()
    assert "To be continued</textarea>" in again
    assert Client().get(page("reply", token), follow=True).status_code == 200


def test_reopening_the_report_closes_an_open_link(reply, token, version, applicant):
    actions.reopen(report=version.report, reason="A number", now=NOW, by=applicant)
    assert Client().get(page("reply", token), follow=True).status_code == 404
    reply.refresh_from_db()
    assert reply.state == ReplyState.CLOSED
    report = Report.objects.get()
    actions.submit(report=report, now=NOW + timedelta(hours=1), by=applicant)
    assert [m.to for m in mails("please_reply")] == ["elena@riverbend.example"] * 2


def test_the_link_itself_is_kept_nowhere(reply, token):
    assert not Link.objects.filter(sha256=token).exists()
    assert token not in str(list(AuditEvent.objects.values()))


# --- states --------------------------------------------------------------------------------------

ALLOWED = {
    ("send", "draft"): "sent",
    ("change", "sent"): "sent",
    ("hand_over", "draft"): "handed_over",
    ("ask_again", "handed_over"): "draft",
    ("ask_again", "disowned"): "draft",
    ("ask_again", "closed"): "draft",
    ("disown", "draft"): "disowned",
    ("disown", "handed_over"): "disowned",
    ("close", "draft"): "closed",
    ("close", "handed_over"): "closed",
}


@pytest.mark.parametrize("verb", reply_machine.moves)
@pytest.mark.parametrize("state", ReplyState.values)
def test_every_verb_from_every_state(verb, state):
    if (verb, state) in ALLOWED:
        assert reply_machine.target(verb, state) == ALLOWED[verb, state]
    else:
        with pytest.raises(TransitionNotAllowed):
            reply_machine.target(verb, state)
