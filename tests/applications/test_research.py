"""The study: counts of five or more, and an export of those who consent, under pseudonyms."""

import csv
import json
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from time import time

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.urls import reverse
from django.utils import timezone

from applications.consent import actions as consent
from applications.consent.models import ConsentRecord, ResearchExport
from applications.consent.queries import sheet_of
from applications.consent.research import gather, register
from applications.consent.tasks import DAYS
from documents import jobs, work
from documents.jobs import Failed, Run
from documents.models import Job
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from questionnaires.queries import form_of
from questionnaires.schema import Kind
from tenancy.models import AuditEvent
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    OpenCohortFactory,
    VersionFactory,
    complete_answers,
)
from tests.factories.collaboratives import ProgramFactory, blueprint_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(host):
    content = blueprint_content("progress-report-ian")
    program = ProgramFactory(host=host, content=content, blueprint_key="progress-report-ian")
    version = VersionFactory(host=host, schema=content["form"])
    return OpenCohortFactory(
        host=host, program=program, slug="ian", code="IAN26", application_form=version
    )


def answer(application, person, choice, now):
    return consent.record_choice(
        application=application, sheet=sheet_of(application), read=True, choice=choice,
        by=person, now=now,
    )  # fmt: skip


@pytest.fixture
def sent(in_host, host, cohort, now):
    """Six received applications: five senders consent, one does not; and a draft of a consenter."""
    made = []
    for number in range(6):
        application = ApplicationFactory(
            host=host, cohort=cohort, status="submitted",
            organization_name=f"Secret Hospital {number}",
        )  # fmt: skip
        response = application.response
        response.answers = complete_answers(form_of(response.version))
        response.answers["organization_name"] = f"Secret Hospital {number}"
        response.save()
        answer(application, application.lead, "no" if number == 5 else "consent", now)
        made.append(application)
    return made


def unpacked(content):
    with zipfile.ZipFile(BytesIO(content)) as pack:
        files = {name: pack.read(name).decode() for name in pack.namelist()}
    tables = {
        name: list(csv.DictReader(StringIO(text)))
        for name, text in files.items()
        if name.endswith(".csv")
    }
    return tables, json.loads(files["manifest.json"]), "".join(files.values())


@pytest.fixture
def export(cohort, owner, now):
    """Asks for the export and makes it as a worker does; gives tables, manifest and all text."""

    def make():
        consent.ask_for_export(cohort=cohort, page="/x/", by=owner, now=now)
        job = Job.objects.filter(kind="research_export").latest("pk")
        made = jobs.kinds["research_export"](Run(job))
        work._keep(job, made)
        return unpacked(made.content)

    return make


def test_only_consenters_and_what_one_of_them_sent(sent, export):
    tables, manifest, _text = export()
    assert len(tables["people.csv"]) == len(tables["applications.csv"]) == 5
    assert (manifest["people"], manifest["applications"], manifest["applications_left_out"]) == (
        5,
        5,
        1,
    )
    document = sheet_of(sent[0]).document
    assert manifest["sheet_versions"] == {f"{document.code} {document.version}": 5}
    people = {line["application"] for line in tables["people.csv"]}
    assert people == {line["application"] for line in tables["applications.csv"]}
    assert {line["part"] for line in tables["people.csv"]} == {"lead"}


def test_no_name_no_address_and_no_own_words(sent, export):
    _tables, manifest, text = export()
    for application in sent:
        for private in (application.lead.name, application.lead.email, application.reference):
            assert private not in text
    assert "Secret Hospital" not in text
    form = form_of(sent[0].response.version)
    for code in manifest["questions"]:
        assert form.by_code[code.split(".")[0]].kind in (
            Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO, Kind.SCALE, Kind.NUMBER, Kind.GRID,
        )  # fmt: skip
    assert "organization_name" in manifest["questions_left_out"]
    assert set(manifest["questions"]).isdisjoint(manifest["questions_left_out"])


def test_every_column_is_in_the_codebook(sent, export):
    tables, manifest, _ = export()
    columns = set(tables["applications.csv"][0]) - {"application", "form_version"}
    assert (
        columns == {line["code"] for line in tables["codebook.csv"]} == set(manifest["questions"])
    )
    assert len(columns) > 3


def test_pseudonyms_stay_and_a_withdrawal_shows_in_the_next_one(  # S0-26
    in_host, host, cohort, sent, export, now
):
    another = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    answer(another, another.lead, "consent", now)
    before, _, _ = export()
    answer(sent[0], sent[0].lead, "withdrawn", now + timedelta(hours=1))
    after, manifest, _ = export()
    names = [{line["person"] for line in one["people.csv"]} for one in (before, after)]
    assert names[1] < names[0] and len(names[0] - names[1]) == 1
    assert (manifest["people"], manifest["applications_left_out"]) == (5, 2)


def test_a_colleague_who_consents_brings_no_answers_of_the_sender(in_host, host, sent, export, now):
    colleague = ApplicationPersonFactory(host=host, application=sent[5]).user
    answer(sent[5], colleague, "consent", now)
    tables, _manifest, _ = export()
    assert (len(tables["people.csv"]), len(tables["applications.csv"])) == (6, 5)
    assert [one["application"] for one in tables["people.csv"]].count("") == 1


def test_fewer_than_five_are_neither_counted_nor_exported(sent, export, cohort, now):
    counts = {(one.choice, one.people) for one in register(cohort)}
    assert counts == {("consent", 5), ("no", None)}
    answer(sent[0], sent[0].lead, "withdrawn", now + timedelta(hours=1))
    assert {one.people for one in register(cohort)} == {None}
    with pytest.raises(Failed, match="Fewer than 5"):
        export()
    assert not ResearchExport.objects.filter(file__isnull=False).exists()


def test_hosts_do_not_share_pseudonyms_or_people(sent, other_host, cohort):
    from tenancy.active import open_host

    ours = consent.names_of_host(cohort.host_id).of("person", 1)
    with open_host(other_host.pk):
        theirs = consent.names_of_host(other_host.pk).of("person", 1)
        assert ConsentRecord.objects.count() == 0
    assert ours != theirs
    assert ours == consent.names_of_host(cohort.host_id).of("person", 1)


# --- the owners' pages ------------------------------------------------------------------------


@pytest.fixture
def page():
    return reverse("applications:research", args=["prairie", "ian"])


def test_an_owner_asks_takes_and_is_recorded(sent, cohort, owner, sign_in, page, now):
    person = sign_in(owner)
    shown = person.get(page).content.decode()
    assert "Fewer than 5" in shown and ">5</td>" in shown
    answer_ = person.post(page)
    job = Job.objects.get(kind="research_export")
    assert answer_["Location"] == reverse("documents:job", args=["prairie", job.uuid])
    work._keep(job, jobs.kinds["research_export"](Run(job)))
    export = ResearchExport.objects.get()
    taken = person.get(reverse("applications:research_file", args=["prairie", "ian", export.uuid]))
    tables, _, _ = unpacked(b"".join(taken))
    assert len(tables["people.csv"]) == 5
    verbs = AuditEvent.objects.about(cohort).values_list("verb", "actor_id", "before", "after")
    assert set(verbs) == {
        ("asked for the research export", owner.pk, None, None),
        ("took the research export", owner.pk, None, None),
    }


def test_nobody_but_an_owner(sent, coordinator, reviewer, applicant, sign_in, page):
    for other, status in ((coordinator, 403), (reviewer, 403), (applicant, 404)):
        assert sign_in(other).get(page).status_code == status
        assert sign_in(other).post(page).status_code == status


def test_it_is_asked_again_who_it_is(sent, owner, sign_in, page):
    owner.set_password("a long enough password")
    owner.save()
    person = sign_in(owner)
    session = person.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time() - 3600}]
    session.save()
    assert person.post(page)["Location"].startswith(reverse("account_reauthenticate"))
    assert not ResearchExport.objects.exists()


def test_after_seven_days_the_file_is_gone(
    sent, export, owner, sign_in, now, django_capture_on_commit_callbacks
):
    export()
    made = ResearchExport.objects.get()
    path = made.file.path
    url = reverse("applications:research_file", args=["prairie", "ian", made.uuid])
    with time_machine.travel(made.made_at + DAYS + timedelta(minutes=1), tick=False):
        assert sign_in(owner).get(url).status_code == 404
        with django_capture_on_commit_callbacks(execute=True):
            plan_reminders(now=timezone.now())
    made.refresh_from_db()
    assert (made.ended_at is not None, path.exists()) == (True, False)


def test_drafts_are_never_gathered(in_host, host, cohort, applicant, now):
    draft = ApplicationFactory(host=host, cohort=cohort, lead=applicant)
    answer(draft, applicant, "consent", now)
    gathered = gather(cohort)
    assert (len(gathered.consents), gathered.applications) == (1, [])


def test_the_mail_of_an_export_goes_to_nobody(sent, export):
    """Mails about consent were written by the answers alone."""
    before = OutboundMessage.objects.count()
    export()
    assert OutboundMessage.objects.count() == before
