"""Reminders follow the date of their thing, and go out once."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from messaging import reminders
from messaging.models import OutboundMessage, ReminderOccurrence
from messaging.reminders import Reminder, _send, plan_reminders
from messaging.states import Planned
from tenancy.active import current_host_id, open_host

NOW = timezone.make_aware(datetime(2027, 1, 20, 12))
DAY = timedelta(days=1)


class Diary:
    """A room with one thing on a date, reminded of a day before."""

    def __init__(self, host, post):
        self.host, self.post = host, post
        self.at = NOW + 2 * DAY
        self.done = False
        self.round = 0
        self.broken = False
        self.sends = 0

    def due(self, now):
        if current_host_id() == self.host.pk and not self.done:
            yield Reminder(
                name="example",
                subject=self.host,
                offset_label="-1d",
                due_at=self.at - DAY,
                send=self.send,
                round=self.round,
                until=self.at,
            )

    def send(self):
        self.sends += 1
        self.post(dedupe_key=f"example:{self.round}:{self.sends}")  # the key alone must not save it
        if self.broken:
            raise RuntimeError("the room is at fault")


@pytest.fixture
def diary(host, post, monkeypatch):
    monkeypatch.setattr(reminders, "_registered", {})
    diary = Diary(host, post)
    reminders.register("example")(diary.due)
    return diary


def plans(host):
    with open_host(host.pk):
        return list(ReminderOccurrence.objects.order_by("pk").values_list("state", "due_at"))


def mails(host):
    with open_host(host.pk):
        return OutboundMessage.objects.count()


def test_it_is_planned_then_sent_once_when_due(diary, host):
    assert plan_reminders(now=NOW) == 0
    assert plans(host) == [(Planned.PLANNED, NOW + DAY)]
    assert plan_reminders(now=NOW + DAY) == 1
    assert plan_reminders(now=NOW + DAY) == 0
    assert plans(host) == [(Planned.SENT, NOW + DAY)]
    assert mails(host) == 1


def test_a_moved_date_moves_the_plan(diary, host):
    plan_reminders(now=NOW)
    diary.at += timedelta(hours=12)
    assert plan_reminders(now=NOW + DAY) == 0
    assert plans(host) == [(Planned.PLANNED, NOW + DAY * 1.5)]
    assert plan_reminders(now=NOW + DAY * 1.5) == 1


def test_what_is_done_is_cancelled_and_may_come_back(diary, host):
    plan_reminders(now=NOW)
    diary.done = True
    assert plan_reminders(now=NOW + DAY) == 0
    assert plans(host) == [(Planned.CANCELLED, NOW + DAY)]
    diary.done = False
    assert plan_reminders(now=NOW + DAY) == 1
    assert mails(host) == 1


def test_a_date_that_moves_out_of_sight_is_not_reminded_of_now(diary, host):
    plan_reminders(now=NOW)
    diary.at += 30 * DAY
    plan_reminders(now=NOW + DAY)
    assert [state for state, _ in plans(host)] == [Planned.CANCELLED]
    assert plan_reminders(now=NOW + 31 * DAY) == 1


def test_the_clocks_change_is_not_a_second_reminder(diary, host):
    """The same evening, told in local time, is an hour off after the change; the key is not."""
    chicago = ZoneInfo("America/Chicago")
    diary.at = datetime(2027, 3, 14, 17, tzinfo=chicago)  # clocks went forward that morning
    sent_at = datetime(2027, 3, 13, 17, tzinfo=chicago)
    assert plan_reminders(now=sent_at) == 1
    diary.at -= timedelta(hours=1)
    assert plan_reminders(now=sent_at + timedelta(hours=1)) == 0
    assert mails(host) == 1


def test_a_new_round_is_reminded_of_again(diary, host):
    plan_reminders(now=NOW + DAY)
    diary.round, diary.at = 1, NOW + 9 * DAY
    assert plan_reminders(now=NOW + 8 * DAY) == 1
    assert mails(host) == 2


def test_after_a_long_silence_what_is_too_late_is_missed(diary, host):
    assert plan_reminders(now=NOW + 2 * DAY + timedelta(minutes=1)) == 0
    assert [state for state, _ in plans(host)] == [Planned.MISSED]
    assert mails(host) == 0


def test_a_fault_in_sending_leaves_no_half_mail_and_is_tried_again(diary, host, caplog):
    diary.broken = True
    assert plan_reminders(now=NOW + DAY) == 0
    assert (plans(host), mails(host)) == ([(Planned.PLANNED, NOW + DAY)], 0)
    assert "the room is at fault" in caplog.text
    diary.broken = False
    assert plan_reminders(now=NOW + DAY) == 1


def test_a_fault_of_one_room_does_not_silence_another(diary, host, caplog):
    def faulty(now):
        raise RuntimeError("never says anything")

    reminders._registered = {"faulty": faulty, **reminders._registered}
    assert plan_reminders(now=NOW + DAY) == 1
    assert "reminders faulty" in caplog.text


def test_each_host_is_asked_for_its_own(diary, host, other_host):
    plan_reminders(now=NOW + DAY)
    assert plans(other_host) == []


def test_whoever_comes_second_to_a_due_reminder_finds_it_settled(diary, host):
    plan_reminders(now=NOW)
    with open_host(host.pk):
        [reminder] = diary.due(NOW)
    assert _send(host.pk, reminder, now=NOW + DAY) == 1
    assert _send(host.pk, reminder, now=NOW + DAY) == 0
    assert mails(host) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known_before", [False, True])
def test_two_clocks_at_once_send_one_mail(diary, host, known_before):
    if known_before:
        plan_reminders(now=NOW)
    together = threading.Barrier(4)
    sent = []

    def work():
        together.wait()
        try:
            sent.append(plan_reminders(now=NOW + DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 1
    assert mails(host) == 1
    assert plans(host) == [(Planned.SENT, NOW + DAY)]
