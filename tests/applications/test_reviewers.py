"""Readers: by hand, evenly, by what they know; who has how much; what to read next."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import actions
from applications.distribution import Reader, Wanting, share_out
from applications.models import Application, Assignment, Expertise
from applications.queries.reviewers import next_to_read, readers_of_host
from messaging.models import OutboundMessage
from tenancy.models import AuditEvent
from tests.applications.test_reviews import COHORT, scored
from tests.factories import MembershipFactory
from tests.factories.applications import ApplicationFactory, AssignmentFactory, DeclarationFactory

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(
    lacks=st.lists(st.integers(0, 4), max_size=9),
    loads=st.lists(st.integers(0, 5), max_size=5),
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 8)), max_size=9),
    by_topic=st.booleans(),
)
def test_sharing_out_is_whole_and_never_gives_what_is_hidden(lacks, loads, pairs, by_topic):
    hidden = {reader: {one for by, one in pairs if by == reader} for reader, _one in pairs}
    wanting = [Wanting(pk, n, topics=frozenset([str(pk % 3)])) for pk, n in enumerate(lacks)]
    readers = [Reader(pk, load, frozenset([str(pk % 3)])) for pk, load in enumerate(loads)]
    pairs = share_out(wanting, readers, hidden, by_topic=by_topic)
    assert len(pairs) == len(set(pairs))
    assert not [pair for pair in pairs if pair[0] in hidden.get(pair[1], ())]
    for one in wanting:
        able = sum(one.pk not in hidden.get(reader.pk, ()) for reader in readers)
        assert sum(pair[0] == one.pk for pair in pairs) == min(one.lacks, able)


@CALM
@given(count=st.integers(1, 20), readers=st.integers(1, 5), lacks=st.integers(1, 3))
def test_without_conflicts_nobody_gets_more_than_one_more(count, readers, lacks):
    wanting = [Wanting(pk, lacks) for pk in range(count)]
    pairs = share_out(wanting, [Reader(pk, 0) for pk in range(readers)], {})
    given = [sum(reader == pk for _one, reader in pairs) for pk in range(readers)]
    assert max(given) - min(given) <= 1


def test_first_readers_come_before_second_ones():
    wanting = [Wanting(1, 1, has=frozenset([7])), Wanting(2, 2)]
    pairs = share_out(wanting, [Reader(8, 0), Reader(9, 0)], {})
    assert pairs == [(2, 8), (1, 9), (2, 9)]


def test_by_topic_goes_before_load():
    wanting = [Wanting(1, 1, topics=frozenset(["birth"]))]
    readers = [Reader(8, 0), Reader(9, 5, frozenset(["birth"]))]
    assert share_out(wanting, readers, {}, by_topic=True) == [(1, 9)]
    assert share_out(wanting, readers, {}) == [(1, 8)]


pages = pytest.mark.django_db
in_host = pytest.mark.usefixtures("in_host")


@pytest.fixture
def three(host, cohort):
    return [
        ApplicationFactory(
            host=host,
            cohort=cohort,
            status="submitted",
            reference=f"LN27-000{n}",
            answers={"clinical_areas": ["maternal"]},
        )
        for n in range(1, 4)
    ]


@pytest.fixture
def second(host):
    return MembershipFactory(host=host, roles=["reviewer"], user__name="Mona Lindgren").user


def url(name, *args):
    return reverse(f"applications:{name}", args=[*COHORT, *args])


@pages
@in_host
def test_evenly_with_one_mail_each(three, reviewer, second, coordinator, cohort, sign_in, now):
    """Two readers each; the coordinator may read too."""
    client = sign_in(coordinator)
    picked = [one.reference for one in three]
    client.post(url("reviewers"), {"pick": picked, "how": "even"})
    loads = {one.person: one.given for one in readers_of_host(cohort)}
    assert loads == {reviewer: 2, second: 2, coordinator: 2}
    mails = OutboundMessage.objects.filter(template="applications/reviews_assigned")
    assert sorted(mail.to for mail in mails) == sorted(one.email for one in loads)
    assert {mail.subject for mail in mails} == {
        "Action needed: 2 applications to read, Learning Network 2027"
    }
    client.post(url("reviewers"), {"pick": picked, "how": "even"})
    assert (Assignment.objects.count(), mails.count()) == (6, 3)
    page = client.get(url("reviewers")).content.decode()
    assert page.count("not opened yet") == 6


@pages
@in_host
def test_nobody_with_a_conflict_is_given_it(three, host, reviewer, coordinator, sign_in, now):
    one = three[0]
    DeclarationFactory(host=host, application=one, person=reviewer, stance="conflict")
    with pytest.raises(actions.Refused):
        actions.assign(application=one, reviewer=reviewer, by=coordinator, now=now)
    client = sign_in(coordinator)
    hand = {"pick": [x.reference for x in three], "how": "hand", "reader": reviewer.pk}
    said = client.post(url("reviewers"), hand, follow=True).content.decode()
    assert f"{one.organization_name}: {reviewer.name} has a conflict of interest." in said
    mails = OutboundMessage.objects.filter(template="applications/reviews_assigned")
    assert [mail.to for mail in mails] == [reviewer.email]
    assert "2 applications given to Ravi Anand." in said
    client.post(url("reviewers"), {"pick": [one.reference], "how": "even"})
    readers = Assignment.objects.filter(application=one).values_list("reviewer", flat=True)
    assert list(readers) == [coordinator.pk]


@pages
@in_host
def test_a_place_is_free_again_after_a_conflict(
    three, host, reviewer, second, coordinator, cohort, now
):
    actions.share_out(cohort=cohort, applications=three, by=coordinator, now=now)
    gone = Assignment.objects.filter(application=three[0]).order_by("pk").first().reviewer
    DeclarationFactory(host=host, application=three[0], person=gone, stance="conflict")
    more = actions.share_out(cohort=cohort, applications=three, by=coordinator, now=now)
    assert [one.pk for one, _reader in more] == [three[0].pk]
    assert more[0][1] != gone


@pages
@in_host
def test_by_what_readers_know(three, reviewer, second, coordinator, cohort, sign_in, now):
    client = sign_in(coordinator)
    page = client.get(url("expertise", second.pk))
    assert b"Hospital" in page.content
    client.post(url("expertise", second.pk), {"topics": ["maternal", "hospital", "no-such"]})
    assert not Expertise.objects.exists()  # one that is unknown
    client.post(url("expertise", second.pk), {"topics": ["maternal", "hospital"]})
    assert Expertise.objects.get().topics == ["hospital", "maternal"]
    picked = {"pick": [one.reference for one in three], "how": "topic"}
    client.post(url("reviewers"), picked)
    assert Assignment.objects.filter(reviewer=second).count() == 3


@pages
@in_host
def test_taking_it_away_closes_it(three, host, reviewer, coordinator, sign_in, now):
    actions.assign(application=three[0], reviewer=reviewer, by=coordinator, now=now)
    actions.declare(application=three[0], stance="clear", by=reviewer, now=now)
    read = url("read", three[0].reference)
    client = sign_in(reviewer)
    assert client.get(read).status_code == 200
    sign_in(coordinator).post(
        url("unassign", three[0].reference), {"take": reviewer.pk, "reader": ""}
    )
    assert client.get(read).status_code == 404
    assert AuditEvent.objects.about(three[0]).filter(verb="took from a reviewer").exists()


@pages
@in_host
def test_the_least_read_comes_next(
    three, host, cohort, reviewer, second, coordinator, sign_in, now
):
    for one in three[:2]:
        AssignmentFactory(host=host, application=one, reviewer=reviewer)
        DeclarationFactory(host=host, application=one, person=reviewer)
    scored(three[0], second, now)
    actions.finish_review(application=three[0], by=second, now=now)
    visible = Application.objects.visible_to(reviewer, reviewer.memberships.get())
    assert next_to_read(visible, cohort, reviewer) == three[1]
    assert sign_in(reviewer).get(url("next_to_read")).url == url("read", three[1].reference)
    for one in three[:2]:
        scored(one, reviewer, now)
        actions.finish_review(application=one, by=reviewer, now=now)
    assert sign_in(reviewer).get(url("next_to_read")).url == reverse(
        "applications:list", args=COHORT
    )
    everything = Application.objects.visible_to(coordinator, coordinator.memberships.get())
    assert next_to_read(everything, cohort, coordinator) == three[2]


@pages
@in_host
@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_length(
    host, cohort, coordinator, sign_in, rows, now, django_assert_num_queries
):
    for _ in range(rows):
        person = MembershipFactory(host=host, roles=["reviewer"]).user
        one = ApplicationFactory(host=host, cohort=cohort, status="submitted")
        AssignmentFactory(host=host, application=one, reviewer=person)
    client = sign_in(coordinator)
    with django_assert_num_queries(22):
        page = client.get(url("reviewers"))
    assert page.content.count(b'id="application-') == rows


@pages
@in_host
@pytest.mark.parametrize("who", ["reviewer", "coach", "analyst", "stranger"])
def test_only_who_decides_gives_applications(three, request, sign_in, who, now):
    client = sign_in(request.getfixturevalue(who))
    for page in [url("reviewers"), url("expertise", 1)]:
        assert client.get(page).status_code in (403, 404)
    client.post(url("reviewers"), {"pick": [three[0].reference], "how": "even"})
    assert not Assignment.objects.exists()
