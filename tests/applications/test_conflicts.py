"""Who has a conflict of interest finds no trace of the application. PRODUCT 4, R14"""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import actions
from applications.models import Application, ApplicationPerson, Declaration, Video
from applications.ties import addresses_in, ties_of
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    complete_answers,
)
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_host")]

COHORT = ["prairie", "learning-network-2027"]


# --- how a conflict is found ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "ties"),
    [
        (
            "Jane@Med.Riverbend.org",
            ["jane@med.riverbend.org", "med.riverbend.org", "riverbend.org"],
        ),
        ("jane@gmail.com", ["jane@gmail.com"]),
        ("jane@prairie.example", ["jane@prairie.example"]),
        (
            "jane@health.state.il.us",
            ["health.state.il.us", "jane@health.state.il.us", "state.il.us"],
        ),
        ("jane@a.co.uk", ["a.co.uk", "jane@a.co.uk"]),
        ("", []),
    ],
)
def test_an_address_ties_by_itself_and_by_its_institution(address, ties):
    assert ties_of([address], said_nothing="prairie.example") == ties


def test_addresses_are_found_anywhere_in_the_answers():
    answers = {"team": [{"email": "a@b.org"}], "why": "Ask Rosa (rosa@c.org)."}
    assert addresses_in(answers) == ["a@b.org", "rosa@c.org"]


def declared(application, person, now):
    actions.declare(
        application=application, stance="conflict", reason="My wife", by=person, now=now
    )


def another_application(application, person, now):
    other = ApplicationFactory(
        host=application.host, status="submitted", organization=application.organization
    )
    ApplicationPersonFactory(host=application.host, application=other, user=person, left_at=now)


def on_a_team(application, person, now):
    team = TeamFactory(host=application.host, organization=application.organization)
    TeamMemberFactory(host=application.host, team=team, email=person.email.upper(), left_at=now)


def told_by_a_colleague(application, person, now):
    actions.note_conflict(
        application=application,
        person=person,
        reason="Was their consultant",
        by=UserFactory(),
        now=now,
    )


@pytest.fixture
def sent(complete, applicant, now):
    return actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)


WAYS = [declared, another_application, on_a_team, told_by_a_colleague]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_conflict_hides_an_application(sent, coordinator, way, now):
    membership = coordinator.memberships.get()
    visible = Application.objects.visible_to(coordinator, membership)
    assert visible.filter(pk=sent.pk).exists()
    way(sent, coordinator, now)
    assert not visible.filter(pk=sent.pk).exists()
    assert Application.objects.hidden_from(coordinator).filter(pk=sent.pk).exists()


@pytest.mark.parametrize(
    "address", ["marcus@riverbend.example", "nobody@riverbend.example", "x@lab.riverbend.example"]
)
def test_whoever_has_an_address_of_the_institution_is_in_conflict(sent, host, address):
    person = MembershipFactory(host=host, user__email=address)
    assert not Application.objects.visible_to(person.user, person).exists()


@pytest.mark.parametrize("address", ["marcus@gmail.com", "someone@prairie.example", "a@other.org"])
def test_public_mail_and_the_hosts_own_domain_say_nothing(sent, host, draft, address, now):
    """Somebody of the host itself may be on the team: then only they are tied."""
    sent.response.answers["team"][0]["email"] = "other@gmail.com"
    sent.response.answers["team"][1]["email"] = "colleague@prairie.example"
    sent.response.save()
    ApplicationPersonFactory(host=host, application=sent, user__email="p@prairie.example")
    actions.begin_review(application=sent, by=sent.lead)
    person = MembershipFactory(host=host, user__email=address)
    assert Application.objects.visible_to(person.user, person).get() == sent


def test_whoever_is_named_in_a_draft_does_not_see_that_it_is_there(draft, host, applicant, now):
    person = MembershipFactory(host=host, user__email="kim@gmail.com")
    assert Application.objects.visible_to(person.user, person).get() == draft
    actions.save_section(
        application=draft,
        values={"lead_contact": {"name": "Kim", "email": "Kim@gmail.com"}},
        base_revisions=None,
        by=applicant,
        now=now,
    )
    assert not Application.objects.visible_to(person.user, person).exists()


def test_a_conflict_holds_for_all_applications_of_the_institution(sent, coordinator, now):
    later = ApplicationFactory(
        host=sent.host, cohort=sent.cohort, status="submitted", organization=sent.organization
    )
    declared(sent, coordinator, now)
    assert set(Application.objects.hidden_from(coordinator)) == {sent, later}


def test_staff_who_apply_themselves_open_their_own_pages_and_no_staff_page(
    sent, host, sign_in, now
):
    person = MembershipFactory(host=host, user__email="theo@prairie.example").user
    ApplicationPersonFactory(host=host, application=sent, user=person)
    client, letter = sign_in(person), sent.letters.get()
    own = reverse("applications:status", args=["prairie", sent.reference])
    file = reverse("applications:file", args=["prairie", sent.reference, letter.file.uuid])
    read = reverse("applications:read", args=[*COHORT, sent.reference])
    answer = client.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert [client.get(url).status_code for url in (own, read)] == [200, 404]


def test_ties_of_applications_that_were_there_before(sent, in_host):
    ties = sent.ties
    assert "riverbend.example" in ties
    Application.objects.update(ties=[])
    fill = import_module("applications.migrations.0013_ties_of_what_is_there").fill
    loader = MigrationLoader(connection)
    past = loader.project_state(("applications", "0012_conflicts_of_interest")).apps
    fill(past, SimpleNamespace(connection=connection))
    sent.refresh_from_db()
    assert sent.ties == ties


# --- asked before it opens ------------------------------------------------------------------------


def given(application, reviewer, coordinator, now):
    actions.assign(application=application, reviewer=reviewer, by=coordinator, now=now)
    return reverse("applications:read", args=[*COHORT, application.reference])


def test_a_reviewer_is_asked_before_the_application_opens(
    sent, reviewer, coordinator, sign_in, now
):
    client, url = sign_in(reviewer), given(sent, reviewer, coordinator, now)
    ask = reverse("applications:declare", args=[*COHORT, sent.reference])
    letter = reverse(
        "applications:file", args=["prairie", sent.reference, sent.letters.get().file.uuid]
    )
    asked = client.get(url, follow=True)
    assert asked.redirect_chain == [(ask, 302)]
    page = asked.content.decode()
    assert "Riverbend Regional Medical Center" in page
    assert "Dana Whitfield" not in page  # this program hides names from its readers
    assert "We meet every month" not in page  # an answer
    assert client.get(letter).status_code == 404
    assert client.post(f"{url.removesuffix('read/')}notes/", {"text": "x"}).status_code == 404
    assert client.post(ask, {}).status_code == 422
    assert client.post(ask, {"stance": "clear"}).url == url
    assert "We meet every month" in client.get(url).content.decode()
    events = AuditEvent.objects.about(sent).filter(verb="declared no conflict")
    assert events.get().actor_name == reviewer.name


def test_with_a_conflict_it_is_gone_and_who_gave_it_is_told(
    sent, reviewer, coordinator, sign_in, now
):
    client, url = sign_in(reviewer), given(sent, reviewer, coordinator, now)
    ask = reverse("applications:declare", args=[*COHORT, sent.reference])
    no_word = client.post(ask, {"stance": "conflict"})
    assert (no_word.status_code, Declaration.objects.count()) == (422, 0)
    done = client.post(ask, {"stance": "conflict", "reason": "My sister works there"}, follow=True)
    assert done.status_code == 200
    assert sent.reference not in done.content.decode()
    assert sent.organization_name not in done.content.decode()
    assert [client.get(one).status_code for one in (url, ask)] == [404, 404]
    mail = OutboundMessage.objects.get(template="applications/conflict_declared")
    assert mail.to == coordinator.email
    assert mail.subject == f"Action needed: give {sent.reference} to another reviewer"
    event = AuditEvent.objects.about(sent).get(verb="declared a conflict")
    assert (event.actor_name, event.reason) == (reviewer.name, "My sister works there")


def test_it_can_be_asked_anew(sent, reviewer, coordinator, sign_in, now):
    url = given(sent, reviewer, coordinator, now)
    declared(sent, reviewer, now)
    assert sign_in(reviewer).get(url).status_code == 404
    actions.ask_anew(application=sent, person=reviewer, by=coordinator, now=now)
    assert sign_in(reviewer).get(url).status_code == 302
    assert AuditEvent.objects.about(sent).filter(verb="asked anew about a conflict").exists()


def test_a_coordinator_can_say_so_too(sent, coordinator, sign_in, now):
    client = sign_in(coordinator)
    read = reverse("applications:read", args=[*COHORT, sent.reference])
    ask = reverse("applications:declare", args=[*COHORT, sent.reference])
    assert ask in client.get(read).content.decode()
    client.post(ask, {"stance": "conflict", "reason": "I chair their board"})
    assert client.get(read).status_code == 404
    assert not OutboundMessage.objects.filter(template="applications/conflict_declared").exists()


def test_a_colleague_notes_a_conflict_and_it_is_asked_anew(
    sent, host, reviewer, coordinator, sign_in, now
):
    """By page; whoever gave it is told, who has the conflict gets no mail about it."""
    giver = MembershipFactory(host=host).user
    read = given(sent, reviewer, giver, now)
    page = reverse("applications:conflicts", args=[*COHORT, sent.reference])
    staff, hides = sign_in(coordinator), sign_in(reviewer)
    assert b"Nothing was declared yet" in staff.get(page).content
    assert staff.post(page, {"reader": reviewer.pk, "reason": " "}).status_code == 422
    assert staff.post(page, {"reader": coordinator.pk, "reason": "Me"}).status_code == 422
    done = staff.post(page, {"reader": reviewer.pk, "reason": "Was their adviser"}, follow=True)
    assert b"Was their adviser" in done.content
    assert (hides.get(read).status_code, hides.get(page).status_code) == (404, 403)
    mail = OutboundMessage.objects.get(template="applications/conflict_declared")
    assert mail.to == giver.email
    said = Declaration.objects.get()
    assert (said.person, said.declared_by) == (reviewer, coordinator)
    OutboundMessage.objects.all().delete()
    anew = reverse("applications:ask_anew", args=[*COHORT, sent.reference, said.pk])
    assert staff.post(anew).status_code == 302
    assert hides.get(read).status_code == 302  # the question comes first
    mail = OutboundMessage.objects.get()
    assert (mail.to, mail.template) == (reviewer.email, "applications/reviews_assigned")
    assert staff.post(anew).status_code == 404


def test_nobody_takes_back_a_conflict_of_their_own(sent, coordinator, conflicted, sign_in, now):
    """Neither the page nor the verb is there for whom it is hidden from."""
    declared(sent, coordinator, now)
    pk = Declaration.objects.get().pk
    urls = [
        reverse("applications:conflicts", args=[*COHORT, sent.reference]),
        reverse("applications:ask_anew", args=[*COHORT, sent.reference, pk]),
    ]
    for person in (coordinator, conflicted):
        client = sign_in(person)
        assert [client.post(url, {"reason": "x"}).status_code for url in urls] == [404, 404]
    with pytest.raises(actions.Refused):
        actions.note_conflict(
            application=sent, person=coordinator, reason="x", by=coordinator, now=now
        )
    assert Declaration.objects.count() == 1


# --- no trace in any channel ----------------------------------------------------------------------


STAFF = "/prairie/staff/"
LIST = "/prairie/staff/p/learning-network-2027/applications/"
CHANNELS = {
    "list": LIST,
    "drafts": f"{LIST}?view=drafts",
    "search": f"{LIST}?q=riverbend",
    "by name": f"{LIST}?sort=organization",
    "to release": f"{LIST}?view=to_release",
    "board": f"{LIST}board/?view=started",
    "funnel": f"{LIST}numbers/",
    "export": f"{LIST}export/?view=started",
    "give to a reader": f"{LIST}bulk/readers/?pick=LN27-0001&pick=LN27-0800",
    "record a decision": f"{LIST}bulk/decision/?pick=LN27-0001&pick=LN27-0800",
    "staff home": f"{STAFF}waiting/",
    "clock": f"{LIST}clock/",
    "waitlist": f"{LIST}waitlist/",
    "release": f"{LIST}release/",
    "write": f"{LIST}write/?pick=LN27-0001&pick=LN27-0800",
    "write to all": f"{LIST}write/?everybody=1&view=started",
    "deadline": f"{LIST}deadline/",
    "letter desk": f"{LIST}letters/",
    "mailed letter": f"{LIST}letters/?subject=Learning+Network+Application+-+Riverbend+Regional",
    "mail": "/prairie/staff/p/learning-network-2027/messages/",
    "searched mail": "/prairie/staff/p/learning-network-2027/messages/?q=riverbend",
    "activity log": "/prairie/staff/log/",
    "organizations": f"{STAFF}organizations/",
    "searched organizations": f"{STAFF}organizations/?q=riverbend",
}
OF_ITSELF = ["read", "log", "declare", "conflicts", "arrange", "file_letter"]
TOKEN = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|name="key" value="[\w-]+"|[?&]amp;_=\d+'
)


def look(client):
    answers = {name: client.get(url) for name, url in CHANNELS.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        CHANNELS, 200
    )
    return {name: TOKEN.sub(b"", answer.content) for name, answer in answers.items()}


def its_life(cohort, pdf, applicant, coordinator, now):
    """Everything that may happen to an application, step by step."""
    draft = actions.start(cohort=cohort, organization_name="Riverbend", by=applicant, now=now)
    actions.save_section(
        application=draft,
        values=complete_answers(form_of(draft.response.version)),
        base_revisions=None,
        by=applicant,
        now=now,
    )
    actions.upload_letter(letter=draft.letters.get(), upload=pdf(), by=applicant, now=now)
    Application.objects.filter(pk=draft.pk).update(
        more_time_asked_at=now, more_time_asked_by=applicant, more_time_reason="We need it"
    )
    yield "draft"
    sent = actions.submit(application=draft, signed_name="Dana", by=applicant, now=now)
    yield "submitted"
    actions.decide(application=sent, outcome="waitlist", feedback="Later.", by=coordinator, now=now)
    yield "decided"
    actions.release(application=sent, by=coordinator, now=now)
    yield "waitlisted"


@pytest.fixture
def conflicted(host):
    """By their address; nobody had to declare anything."""
    return MembershipFactory(
        host=host, user__email="pat@riverbend.example", user__name="Pat Moreno"
    ).user


@pytest.fixture
def other(in_host, host, cohort):
    return ApplicationFactory(host=host, cohort=cohort, status="submitted", reference="LN27-0800")


def test_no_trace_in_any_channel(
    other, cohort, pdf, applicant, coordinator, conflicted, sign_in, now
):
    """Each page of the conflicted person is byte for byte that of a world without it; and each
    page of a colleague shows it at some time."""
    hides, shows = sign_in(conflicted), sign_in(coordinator)
    before = look(hides)
    of_colleague, seen = look(shows), set()
    for stage in its_life(cohort, pdf, applicant, coordinator, now):
        for name, page in look(hides).items():
            assert page == before[name], (stage, name)
        seen |= {name for name, page in look(shows).items() if page != of_colleague[name]}
        pages = [reverse(f"applications:{name}", args=[*COHORT, "LN27-0001"]) for name in OF_ITSELF]
        assert {hides.get(page).status_code for page in pages} == {404}, stage
    assert seen == set(CHANNELS)
    of_all = CHANNELS["export"]
    files = [one.post(of_all, {"format": "csv"}).content for one in (hides, shows)]
    assert [b"LN27-0001" in file for file in files] == [False, True]


def test_letters_films_mails_and_the_organization_answer_not_found(
    host, sent, coordinator, conflicted, sign_in, now
):
    letter = sent.letters.get()
    Video.objects.create(
        host=host,
        application=sent,
        field="film",
        file=letter.file,
        added_at=now,
        added_by=sent.lead,
    )
    mail = OutboundMessage.objects.about(sent).first()
    file = ["prairie", sent.reference, letter.file.uuid]
    organization = sent.organization_id
    urls = [
        reverse("applications:file", args=file),
        reverse("applications:file_page", args=[*file, 1]),
        reverse("applications:video_file", args=["prairie", sent.reference, "film"]),
        reverse("messaging:detail", args=[*COHORT, mail.pk]),
        reverse("messaging:confirm_send_again", args=[*COHORT, mail.pk]),
        reverse("collaboratives:organization", args=["prairie", organization]),
        reverse("applications:task_list", args=["prairie", sent.reference]),
    ]
    hides, shows = sign_in(conflicted), sign_in(coordinator)
    assert [hides.get(url).status_code for url in urls] == [404] * len(urls)
    opened = [shows.get(url) for url in urls]
    for answer in opened:
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert [answer.status_code for answer in opened[2:6]] == [200] * 4
    history = reverse("applications:of_organization", args=["prairie", organization])
    assert sent.reference not in hides.get(history).content.decode()
    assert sent.reference in shows.get(history).content.decode()
    autosave = reverse("applications:autosave", args=["prairie", sent.reference, "organization"])
    assert (
        hides.post(autosave, {"city": "x"}, headers={"accept": "application/json"}).status_code
        == 404
    )


POSTS = [
    "begin_review",
    "ask",
    "note",
    "decide",
    "undo_decision",
    "offer_again",
    "extend",
    "move_lead",
]


@pytest.mark.parametrize("name", POSTS)
def test_no_verb_reaches_it(sent, conflicted, sign_in, name, now):
    events = AuditEvent.objects.count()
    url = reverse(f"applications:{name}", args=[*COHORT, sent.reference])
    answer = sign_in(conflicted).post(url, {"text": "x", "question": "x", "outcome": "admit"})
    sent.refresh_from_db()
    assert (answer.status_code, sent.status, AuditEvent.objects.count()) == (
        404,
        "submitted",
        events,
    )


def test_bulk_acts_pass_over_it(sent, other, coordinator, conflicted, sign_in, now):
    for one in (sent, other):
        actions.decide(application=one, outcome="admit", by=coordinator, now=now)
    url = reverse("applications:release", args=COHORT)
    sign_in(conflicted).post(url, {"release": "1", "pick": [sent.reference, other.reference]})
    for one in (sent, other):
        one.refresh_from_db()
    assert (sent.status, other.status) == ("decided", "released")


def test_hiding_costs_no_query_more(sent, coordinator, conflicted, sign_in, now):
    costs = []
    for person in (coordinator, conflicted):
        client = sign_in(person)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_people_on_it_are_not_told_who_has_a_conflict(sent, reviewer, coordinator, sign_in, now):
    given(sent, reviewer, coordinator, now)
    declared(sent, reviewer, now)
    pages = ["status", "task_list", "people", "history"]
    client = sign_in(sent.lead)
    for name in pages:
        page = client.get(reverse(f"applications:{name}", args=["prairie", sent.reference]))
        assert reviewer.name not in page.content.decode()
    assert ApplicationPerson.objects.filter(user=reviewer).count() == 0
