"""A charter from the first word to the last signature. S0-05, S0-06, S0-10, S0-11, S0-23."""

import json
import threading
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connections

from charters import actions, queries, rules
from charters.models import Signature
from charters.states import CommitmentStatus, SignatureStatus, Status
from messaging.models import OutboundMessage
from tenancy import links
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.factories.charters import CharterFactory, CommitmentFactory
from tests.factories.collaboratives import TeamMemberFactory
from workflow.machine import TransitionNotAllowed

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_fixed_time():
    with time_machine.travel(NOW, tick=False):
        yield


def ready(host):
    charter = CharterFactory(host=host, sections={"why": "Because the gap is ours to close."})
    CommitmentFactory(host=host, charter=charter)
    leader = TeamMemberFactory(
        host=host, team=charter.team, user=None, leadership="senior_leader", name="Elena Alvarez"
    )
    lead = TeamMemberFactory(host=host, team=charter.team)
    return charter, lead, leader


def proposed(host):
    charter, lead, _ = ready(host)
    version = actions.propose(charter=charter, language="en", by=lead.user, now=NOW)
    return version, version.signatures.get(), lead


@pytest.mark.django_db
class TestPropose:
    def test_it_says_what_is_missing_all_at_once(self, in_host):
        charter = CharterFactory(host=in_host)
        with pytest.raises(actions.NotReady) as lacks:
            actions.propose(charter=charter, language="en", by=UserFactory(), now=NOW)
        assert lacks.value.missing == [
            "Write at least one part in your own words.",
            "Add a commitment for at least one domain.",  # S0-11
            "Name the senior leader who signs.",
        ]
        charter.refresh_from_db()
        assert charter.status == Status.DRAFT

    def test_it_freezes_the_words_and_asks_the_leader(self, in_host):
        version, signature, _ = proposed(in_host)
        assert version.number == 1
        assert version.sha256 == rules.sha256(version.document)
        document = json.loads(version.document)
        assert document["commitments"][0]["domain"] == "Our Patients"  # S0-12
        assert document["commitments"][0]["due_on"] == "2027-06-30"
        assert [m.to for m in OutboundMessage.objects.all()] == [signature.member.email]
        assert "Action needed" in OutboundMessage.objects.get().subject

    def test_the_same_words_have_the_same_seal(self, in_host):
        version, _, lead = proposed(in_host)
        actions.take_back(charter=version.charter, by=lead.user, now=NOW)
        again = actions.propose(charter=version.charter, language="en", by=lead.user, now=NOW)
        assert (again.number, again.sha256) == (2, version.sha256)

    def test_it_cannot_be_written_in_while_it_waits(self, in_host):
        version, _, lead = proposed(in_host)
        with pytest.raises(TransitionNotAllowed):
            actions.write(charter=version.charter, sections={"why": "x"}, by=lead.user)


@pytest.mark.django_db
class TestSign:
    def test_the_last_signature_locks_the_version_and_asks_for_its_pdf(self, in_host):
        version, signature, lead = proposed(in_host)
        actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)
        version.refresh_from_db()
        version.charter.refresh_from_db()
        assert version.charter.status == Status.SIGNED
        assert version.signed_at == NOW
        assert version.pdf_job.kind == "charter_pdf"
        assert [e.verb for e in AuditEvent.objects.about(version.charter)] == [
            "locked",
            "signed",
            "proposed",
        ]
        assert OutboundMessage.objects.filter(to=lead.email).count() == 1

    def test_it_can_be_done_once(self, in_host):
        _, signature, _ = proposed(in_host)
        actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)
        with pytest.raises(TransitionNotAllowed):
            actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)

    def test_nobody_signs_twice_while_another_one_is_still_asked(self, in_host):
        version, signature, lead = proposed(in_host)
        Signature.objects.create(host=in_host, version=version, member=lead, position=1)
        actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)
        version.charter.refresh_from_db()
        assert version.charter.status == Status.PROPOSED
        with pytest.raises(TransitionNotAllowed):
            actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)

    def test_declining_gives_the_charter_back_with_the_reason(self, in_host):
        version, signature, lead = proposed(in_host)
        actions.decline(signature=signature, reason="Name the budget.", now=NOW)
        version.refresh_from_db()
        version.charter.refresh_from_db()
        assert version.charter.status == Status.DRAFT
        assert (version.closed_at, version.closed_reason) == (NOW, "Name the budget.")
        told = OutboundMessage.objects.get(to=lead.email)
        assert "Action needed" in told.subject

    def test_taking_back_ends_the_links(self, in_host):
        version, signature, lead = proposed(in_host)
        token = links.issue(
            kind="sign", subject=signature, expires_at=datetime(2027, 1, 1, tzinfo=UTC)
        )
        actions.take_back(charter=version.charter, by=lead.user, now=NOW)
        assert links.find(token, kind="sign") is None
        assert version.signatures.get().status == SignatureStatus.WITHDRAWN
        with pytest.raises(TransitionNotAllowed):
            actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)

    def test_the_next_version_leaves_the_signed_one_as_it_was(self, in_host):
        version, signature, lead = proposed(in_host)
        actions.sign(signature=signature, typed_name="Elena Alvarez", now=NOW)
        charter = actions.reopen(charter=version.charter, by=lead.user, reason="A new aim")
        actions.write(charter=charter, sections={"why": "New words."}, by=lead.user)
        second = actions.propose(charter=charter, language="en", by=lead.user, now=NOW)
        version.refresh_from_db()
        assert second.number == 2
        assert rules.sha256(version.document) == version.sha256
        assert "New words." not in version.document


@pytest.mark.django_db(transaction=True)
def test_signing_and_taking_back_at_once_cannot_both_win(host):
    with open_host(host.pk):
        version, signature, lead = proposed(host)
    outcomes, gate = [], threading.Barrier(2)

    def press(act):
        gate.wait()
        try:
            with open_host(host.pk):
                act()
            outcomes.append("done")
        except TransitionNotAllowed:
            outcomes.append("refused")
        finally:
            connections.close_all()

    def sign():
        actions.sign(
            signature=Signature.objects.select_related("version__charter", "member").get(
                pk=signature.pk
            ),
            typed_name="Elena Alvarez",
            now=NOW,
        )

    def take_back():
        actions.take_back(charter=version.charter, by=lead.user, now=NOW)

    threads = [threading.Thread(target=press, args=[act]) for act in (sign, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


@pytest.mark.django_db
def test_a_promise_is_settled_with_its_reason(in_host):
    commitment = CommitmentFactory(host=in_host)
    actions.settle(
        commitment=commitment,
        status=CommitmentStatus.DROPPED,
        reason="The clinic closed.",
        by=UserFactory(),
    )
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_reason) == ("dropped", "The clinic closed.")


@pytest.mark.django_db
def test_domains_follow_the_commitments(in_host):
    charter = CharterFactory(host=in_host)
    by = UserFactory()
    fields = {"text": "x", "owner_name": "y", "due_on": date(2027, 1, 1)}
    one = actions.add_commitment(charter=charter, fields={**fields, "domain": "people"}, by=by)
    actions.add_commitment(charter=charter, fields={**fields, "domain": "community"}, by=by)
    charter.refresh_from_db()
    assert charter.domains == ["community", "people"]
    actions.remove_commitment(commitment=one, by=by)
    charter.refresh_from_db()
    assert charter.domains == ["community"]


@pytest.mark.django_db
def test_the_board_shows_teams_without_a_charter_too(in_host):
    charter = CharterFactory(host=in_host)
    rows = queries.board(charter.team.cohort)
    assert [(row.team, row.charter) for row in rows] == [(charter.team, charter)]


def test_a_commitment_is_due_within_a_year():
    """S0-31: it can be carried out within one year."""
    today = date(2026, 11, 23)
    assert rules.due_date_problem(date(2026, 11, 23), today) == "Choose a day in the future."
    assert rules.due_date_problem(date(2027, 11, 24), today) == ""
    assert "within a year" in rules.due_date_problem(date(2027, 11, 25), today)
