"""Staff see what was sent to whom; nobody else does."""

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.models import OutboundMessage, Suppression
from messaging.outbox import address_sha256
from messaging.sealing import unseal
from messaging.states import State
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories.messaging import OutboundMessageFactory

COHORT = "action-2027"


def page(host, name="list", *more):
    return reverse(f"messaging:{name}", args=[host.slug, COHORT, *more])


def in_its_host(host, **changes):
    return OutboundMessageFactory(host=host, cohort_slug=COHORT, **changes)


def sent(host, **changes):
    return in_its_host(host, state=State.SENT, sent_at=timezone.now(), **changes)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_length(
    rows, host, coordinator, sign_in, django_assert_num_queries
):
    for _ in range(rows):
        in_its_host(host)
    client = sign_in(coordinator)
    # host, transaction, its setting, login session, user, membership, tabs, count, rows, ends
    with django_assert_num_queries(11):
        answer = client.get(page(host))
    assert answer.content.count(b'id="message-') == rows


def test_the_list_shows_its_cohorts_mail_and_what_belongs_to_none(host, coordinator, sign_in):
    in_its_host(host, subject="Of this cohort")
    OutboundMessageFactory(host=host, subject="Of no cohort")
    OutboundMessageFactory(host=host, subject="Of another", cohort_slug="other")
    in_its_host(host, subject="Between us", is_private=True)
    text = sign_in(coordinator).get(page(host)).content.decode()
    assert "Of this cohort" in text and "Of no cohort" in text
    assert "Of another" not in text and "Between us" not in text


def test_tabs_and_search_narrow_it(host, coordinator, sign_in):
    sent(host, subject="Welcome to the team", to="ann@example.org")
    in_its_host(host, subject="Not yet gone")
    in_its_host(host, subject="Wrong address", state=State.FAILED)
    client = sign_in(coordinator)

    def subjects(query):
        answer = client.get(f"{page(host)}?{query}")
        return [message.subject for message in answer.context["page"]]

    assert subjects("") == ["Wrong address", "Not yet gone", "Welcome to the team"]
    assert subjects("view=sent") == ["Welcome to the team"]
    assert subjects("view=waiting") == ["Not yet gone"]
    assert subjects("view=problems") == ["Wrong address"]
    assert subjects("q=ANN@") == ["Welcome to the team"]
    assert subjects("view=sent&q=address") == []


def test_a_mail_is_shown_without_its_private_link(host, coordinator, sign_in):
    message = in_its_host(host, text="Open https://x.example/r/reply/t0ken/ now", secrets=["t0ken"])
    text = sign_in(coordinator).get(page(host, "detail", message.pk)).content.decode()
    assert "Open https://x.example/r/reply/[private link]/ now" in text
    assert "t0ken" not in text


@pytest.mark.parametrize("name", ["detail", "confirm_send_again", "send_again", "cancel"])
def test_a_mail_is_found_under_its_own_cohort_only(name, host, owner, sign_in):
    mail = OutboundMessageFactory(host=host, cohort_slug="other")
    client = sign_in(owner)
    ask = client.get if name in ("detail", "confirm_send_again") else client.post
    assert ask(page(host, name, mail.pk)).status_code == 404


@pytest.mark.parametrize("name", ["detail", "confirm_send_again"])
def test_mail_of_another_host_does_not_exist(name, host, other_host, coordinator, sign_in):
    foreign = in_its_host(other_host)
    assert sign_in(coordinator).get(page(host, name, foreign.pk)).status_code == 404


def test_private_mail_does_not_exist_for_staff(host, owner, sign_in):
    message = in_its_host(host, is_private=True)
    assert sign_in(owner).get(page(host, "detail", message.pk)).status_code == 404


@pytest.mark.parametrize("who", ["reviewer", "coach", "analyst"])
def test_other_roles_may_not_read_mail(who, host, sign_in, request):
    message = in_its_host(host)
    client = sign_in(request.getfixturevalue(who))
    assert client.get(page(host)).status_code == 403
    assert client.get(page(host, "detail", message.pk)).status_code == 403


# --- sending again -------------------------------------------------------------------------------


def test_a_mail_that_failed_is_sent_again_and_its_address_trusted(host, coordinator, sign_in):
    message = in_its_host(
        host, state=State.FAILED, attempts=1, last_code=550, last_error="5.1.1 no such user"
    )
    with open_host(host.pk):
        Suppression.objects.create(
            host=host,
            address_sha256=address_sha256(message.to),
            reason="550",
            since=timezone.now(),
        )
    client = sign_in(coordinator)
    asked = client.get(page(host, "confirm_send_again", message.pk))
    assert "gets the same words once more" in asked.content.decode()
    answer = client.post(page(host, "send_again", message.pk), follow=True)
    assert "on its way again" in answer.content.decode()
    with open_host(host.pk):
        again = OutboundMessage.objects.get()
        assert (again.state, again.attempts, again.last_error) == (State.QUEUED, 0, "")
        assert not Suppression.objects.exists()
        [event] = AuditEvent.objects.about(again)
    assert (event.verb, event.before, event.after) == (
        "sent again",
        {"state": "failed"},
        {"state": "queued"},
    )


def test_a_mail_that_was_sent_goes_out_as_a_copy(host, coordinator, sign_in):
    first = sent(host, text="Good news.")
    client = sign_in(coordinator)
    client.post(page(host, "send_again", first.pk))
    with open_host(host.pk):
        second = OutboundMessage.objects.get(state=State.QUEUED)
    assert (second.to, second.subject) == (first.to, first.subject)
    assert unseal(second.body).text == "Good news."
    assert second.message_id != first.message_id
    assert second.dedupe_key == f"{first.dedupe_key}:again:1"
    client.post(page(host, "send_again", first.pk))
    with open_host(host.pk):
        assert OutboundMessage.objects.filter(dedupe_key__endswith=":again:2").exists()


@pytest.mark.parametrize("state", [State.QUEUED, State.RETRY, State.CANCELLED])
def test_what_still_waits_or_was_cancelled_is_not_sent_again(state, host, coordinator, sign_in):
    message = in_its_host(host, state=state)
    client = sign_in(coordinator)
    asked = client.get(page(host, "confirm_send_again", message.pk)).content.decode()
    assert "Send it again" not in asked
    answer = client.post(page(host, "send_again", message.pk), follow=True)
    assert "can&#x27;t be sent again" in answer.content.decode()
    with open_host(host.pk):
        assert OutboundMessage.objects.get().state == state


def test_a_mail_whose_private_link_is_gone_is_not_sent_again(host, coordinator, sign_in):
    message = sent(host, is_blanked=True)
    client = sign_in(coordinator)
    assert "make a new one" in client.get(page(host, "detail", message.pk)).content.decode()
    client.post(page(host, "send_again", message.pk))
    with open_host(host.pk):
        assert OutboundMessage.objects.count() == 1


def test_a_waiting_mail_is_cancelled_and_its_link_dies(host, coordinator, sign_in):
    message = in_its_host(host, text="Open t0ken", secrets=["t0ken"])
    client = sign_in(coordinator)
    client.post(page(host, "cancel", message.pk))
    with open_host(host.pk):
        kept = OutboundMessage.objects.get()
    assert (kept.state, unseal(kept.body).text) == (State.CANCELLED, "Open [private link]")


def test_a_mail_on_its_way_is_not_cancelled(host, coordinator, sign_in):
    message = in_its_host(
        host, state=State.SENDING, locked_by="a worker", lease_until=timezone.now()
    )
    answer = sign_in(coordinator).post(page(host, "cancel", message.pk), follow=True)
    assert "too late" in answer.content.decode()
    with open_host(host.pk):
        assert OutboundMessage.objects.get().state == State.SENDING


@pytest.mark.parametrize("name", ["send_again", "cancel"])
def test_looking_changes_nothing(name, host, coordinator, sign_in):
    message = in_its_host(host)
    assert sign_in(coordinator).get(page(host, name, message.pk)).status_code == 405
