"""Writing a report with several hands, checking it, seeing it as others will, and its versions."""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import caches
from django.template.loader import render_to_string
from pypdf import PdfReader

from charters.actions import add_commitment, begin
from collaboratives.models import DataPoint
from documents import pdf
from documents.models import Job
from messaging.models import OutboundMessage
from questionnaires.hands import presence
from reporting import actions, queries
from reporting.models import Aim, Evidence, Project, Report, ReportVersion
from reporting.queries.differences import word_diff
from tenancy.models import AuditEvent
from tests.factories.reporting import measure_with, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import secret, url


@pytest.fixture(autouse=True)
def nobody_is_here():
    caches["fast"].clear()
    presence._no_try_before = 0.0


def at(third, name, *more, team="riverbend"):
    return url(name, team, third.slug, *more)


def typed(field, value, rev=0, **more):
    return {"_changed": field, field: value, f"_rev.{field}": f"{rev}", **more}


# --- many hands ----------------------------------------------------------------------------------


def test_a_save_is_taken_once_by_its_key(clock, team, third, applicant, sign_in):
    """The same code as in intake: a save whose answer got lost changes nothing more."""
    client, path = sign_in(applicant), at(third, "autosave")
    sent = typed("learning", "Calls work.", _key="first")
    assert client.post(path, sent).json()["revisions"] == {"learning": 1}
    client.post(path, typed("learning", "Calls work well.", 1, _key="second"))
    again = client.post(path, sent)
    assert again.json()["revisions"] == {"learning": 2}
    assert Report.objects.get().response.answers == {"learning": "Calls work well."}


def test_who_is_here_and_who_is_typing(clock, team, third, applicant, sign_in):
    lead, member = sign_in(applicant), sign_in(team.member.user)
    assert lead.post(at(third, "here")).json() == {"people": [], "typing": []}
    member.post(at(third, "autosave"), typed("learning", "Calls"))
    found = lead.post(at(third, "here"), {"section": "words"}).json()
    assert found == {
        "people": [{"name": "Marcus Okafor", "section": "words"}],
        "typing": [{"field": "learning", "name": "Marcus Okafor"}],
    }
    page = lead.get(at(third, "edit")).content.decode()
    assert "Marcus Okafor is here too" in page and "Marcus Okafor is typing here." in page
    taken = lead.get(at(third, "edit") + "?take=learning").content.decode()
    assert "Marcus Okafor is typing here." not in taken


def test_two_versions_of_one_answer_stand_side_by_side(clock, team, third, applicant, sign_in):
    """Without script: the page that was older shows both, and either can be kept."""
    lead, member = sign_in(applicant), sign_in(team.member.user)
    member.post(at(third, "autosave"), typed("learning", "Theirs"))
    clash = lead.post(at(third, "edit"), {"learning": "Mine", "_rev.learning": "0"})
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "Marcus Okafor changed this answer too: Learning" in text
    assert "Theirs" in text and "Mine" in text
    both = lead.get(at(third, "edit") + "?together=learning").content.decode()
    assert "Theirs\n\nMine" in both
    kept = lead.post(at(third, "keep_mine"), {"field": "learning", "revision": "1"})
    assert kept.url == at(third, "edit")
    assert Report.objects.get().response.answers == {"learning": "Mine"}
    question = lead.get(at(third, "question", "learning")).content.decode()
    assert question.count("<blockquote") == 3
    nothing = member.post(at(third, "keep_mine"), {"field": "headline", "revision": "1"})
    assert nothing.url == at(third, "edit")


def test_every_answer_has_its_history(clock, team, third, applicant, other, sign_in):
    client = sign_in(applicant)
    for revision, words in enumerate(["First thought", "Second thought"]):
        client.post(at(third, "autosave"), typed("learning", words, revision))
    assert "Learning" in client.get(at(third, "history")).content.decode()
    first = Report.objects.get().response.changes.order_by("pk").first()
    client.post(at(third, "question", "learning") + f"?change={first.pk}")
    assert Report.objects.get().response.answers == {"learning": "First thought"}
    client.post(at(third, "question", "learning") + "?change=0")
    assert Report.objects.get().response.answers == {"learning": "First thought"}
    assert client.get(at(third, "question", "nothing")).status_code == 404
    stranger = sign_in(other.user)
    for name in ["history", "here", "preview", "keep_mine"]:
        assert stranger.get(at(third, name)).status_code in (404, 405)
    submitted_report(team.team, third, applicant, now=NOW)
    late = client.post(at(third, "autosave"), typed("learning", "Too late", 3))
    assert late.status_code == 423


# --- what is in it already -----------------------------------------------------------------------


def test_the_editor_begins_with_what_is_known(
    clock, team, cohort, third, measure, applicant, sign_in
):
    """S1-28, S1-30, S1-31: numbers, tests, open commitments and the last plan stand there."""
    second = cohort.periods.get(number=2)
    submitted_report(team.team, second, applicant, now=NOW, next_steps="Visits on Saturdays.")
    charter = begin(team=team.team, by=applicant)
    facts = {
        "domain": "patients",
        "text": "Call every patient",
        "owner_name": "Priya Raman",
        "due_on": date(2027, 2, 1),
        "measure_words": "Share reached",
    }
    add_commitment(charter=charter, fields=facts, by=applicant)
    actions.add_change(
        team=team.team,
        given=actions.ChangeFields(title="Cuffs at discharge", started_on=date(2026, 9, 1)),
        by=applicant,
    )
    page = sign_in(applicant).get(at(third, "edit")).content.decode()
    for words in [
        "Blood pressure control",
        "Cuffs at discharge",
        "Call every patient",
        "Planned in Quarter 2",
        "Visits on Saturdays.",
    ]:
        assert words in page
    version = submitted_report(team.team, third, applicant, now=NOW)
    assert version.content["planned"] == "Visits on Saturdays."
    assert version.content["commitments"] == [
        {"text": "Call every patient", "who": "Priya Raman", "due_on": "2027-02-01"}
    ]
    report = sign_in(applicant).get(at(third, "report")).content.decode()
    assert "What we had planned" in report and "Open commitments" in report


def test_what_is_missing_is_said_before_sending(clock, team, third, applicant, sign_in):
    """Questions hold it back; numbers and tests are hints."""
    measure_with(team.team, {"": [(50, 90)] * 4}, first=date(2026, 3, 1), name="Old numbers")
    actions.add_change(
        team=team.team,
        given=actions.ChangeFields(
            title="Saturday visits", started_on=date(2026, 8, 1), ended_on=date(2026, 9, 1)
        ),
        by=applicant,
    )
    client = sign_in(applicant)
    client.post(at(third, "autosave"), typed("headline", "Control rose."))
    page = client.get(at(third, "check")).content.decode()
    assert "A few things are missing" in page and f"{at(third, 'edit')}?check#q-learning" in page
    assert "Old numbers has no numbers yet for these months." in page
    assert "Saturday visits has ended. What did you learn?" in page
    assert "Submit report</button>" not in page
    editor = client.get(at(third, "edit") + "?check").content.decode()
    assert "A few things are missing" in editor
    client.post(at(third, "autosave"), typed("learning", "Calls work."))
    ready = client.get(at(third, "check")).content.decode()
    assert "A few things are missing" not in ready and "Submit report</button>" in ready


# --- preview -------------------------------------------------------------------------------------


def test_a_preview_is_what_the_reader_will_see(clock, team, third, measure, applicant, sign_in):
    """S1-32: as the network reads it, masked; as the leader does, whole. Nothing is kept."""
    client = sign_in(applicant)
    client.post(at(third, "autosave"), typed("headline", "Control rose."))
    client.post(at(third, "autosave"), typed("ask_1", "Fund two posts"))
    measure.refresh_from_db()
    given_out, events = measure.given_out, AuditEvent.objects.count()
    network = client.get(at(third, "preview")).content.decode()
    assert secret(network) == [] and "Control rose." in network
    assert "Fund two posts" not in network
    leader = client.get(at(third, "preview") + "?as=leader").content.decode()
    assert secret(leader) == ["7/43", "16%"] and "Fund two posts" in leader
    measure.refresh_from_db()
    assert (measure.given_out, AuditEvent.objects.count()) == (given_out, events)
    assert not ReportVersion.objects.exists()


# --- sending -------------------------------------------------------------------------------------


def test_the_same_press_twice_sends_once(clock, team, third, applicant, sign_in):
    client = sign_in(applicant)
    whole = {"headline": "Up.", "_rev.headline": "0", "learning": "Much.", "_rev.learning": "0"}
    client.post(at(third, "edit"), whole)
    for _ in range(2):
        assert client.post(at(third, "check"), {"number": "1"}).url == at(third, "report")
    assert ReportVersion.objects.count() == 1
    assert OutboundMessage.objects.filter(template="reporting/submitted").count() == 2
    assert OutboundMessage.objects.filter(template="reporting/please_reply").count() == 1
    assert Job.objects.filter(kind="report_pdf").count() == 2


# --- versions ------------------------------------------------------------------------------------


@pytest.fixture
def two(clock, team, third, measure, applicant):
    """Two versions: other words, and one count of the small group other than before."""
    first = submitted_report(team.team, third, applicant, now=NOW, ask_1="Fund two posts")
    report = actions.reopen(report=first.report, reason="A number was wrong", now=NOW, by=applicant)
    october = DataPoint.objects.filter(stratum__measure=measure, stratum__code="aian")
    october.filter(period_start=date(2026, 10, 1)).update(numerator=9)
    values = {"headline": "Control rose by ten points.", "ask_1": "Fund three posts"}
    actions.save_answers(report=report, values=values, base_revisions=None, now=NOW, by=applicant)
    return first, actions.submit(report=report, number=2, now=NOW, by=applicant)


def test_version_one_stays_readable(two, team, third, other, applicant, coordinator, sign_in):
    """Reopened reports never vanish: while version 2 is written, and after."""
    for person in [applicant, other.user, coordinator]:
        client = sign_in(person)
        old = client.get(at(third, "version", 1)).content.decode()
        assert "Control rose." in old and "by ten points" not in old
        now = client.get(at(third, "report")).content.decode()
        assert "by ten points" in now and at(third, "version", 1) in now
        assert client.get(at(third, "version", 3)).status_code == 404
        assert (secret(old) == []) == (person != applicant)


def test_what_changed_is_said_word_by_word(two, third, other, applicant, coordinator, sign_in):
    own = sign_in(applicant).get(at(third, "version_changes", 2)).content.decode()
    assert "<ins>" in own and " by ten points" in own
    assert "Fund" in own and "three" in own
    assert "7 / 43" in own and "9 / 43" in own
    for person, asks in [(other.user, False), (coordinator, True)]:
        text = sign_in(person).get(at(third, "version_changes", 2)).content.decode()
        assert " by ten points" in text
        assert ("three" in text) == asks
        assert "7 / 43" not in text and "9 / 43" not in text
    same = sign_in(applicant).get(at(third, "version_changes", 2) + "?with=2").content.decode()
    assert "Nothing that you can read is different." in same
    assert sign_in(applicant).get(at(third, "version_changes", 1)).status_code == 404


AIM = {"what": "Control", "for_whom": "all", "how_much": "70%", "by_when": date(2027, 6, 1)}
HEARD = {
    "kind": "story",
    "from_whom": "A patient",
    "heard_on": date(2026, 9, 9),
    "in_reports": True,
}


def test_aims_projects_and_what_people_said_are_compared_too(
    clock, team, third, measure, applicant, sign_in
):
    aim, project, evidence = (
        actions.add_piece(kind, team=team.team, given=given, by=applicant)
        for kind, given in (
            (Aim, {**AIM, "outline": "Call people"}),
            (Project, {"title": "Calls", "started_on": date(2026, 9, 5), "stage": "testing"}),
            (Evidence, {**HEARD, "text": "The clinic closes at five."}),
        )
    )
    first = submitted_report(team.team, third, applicant, now=NOW)
    report = actions.reopen(report=first.report, reason="News", now=NOW, by=applicant)
    for piece, given in (
        (aim, {"outline": "Call people\n- Within a week"}),
        (project, {"stage": "adopted"}),
        (evidence, {"text": "The clinic closes at four."}),
    ):
        actions.edit_piece(piece, given=given, by=applicant)
    actions.submit(report=report, number=2, now=NOW, by=applicant)
    text = sign_in(applicant).get(at(third, "version_changes", 2)).content.decode()
    for heading in ("Aims and what drives them", "Projects", "What people told us"):
        assert heading in text
    assert "Within a week" in text and "In daily work" in text and "five" in text
    assert "Open commitments" not in text and "What we had planned" not in text


def test_a_stranger_reads_no_version(two, third, stranger, sign_in):
    client = sign_in(stranger)
    for name in ["version", "version_csv", "version_changes", "version_pdf", "version_pdf_state"]:
        assert client.get(at(third, name, 1)).status_code == 404


def test_words_are_compared_as_words():
    assert word_diff("Control rose.", "Control fell.") == [
        ("same", "Control "),
        ("removed", "rose"),
        ("added", "fell"),
        ("same", "."),
    ]
    assert word_diff("", "New") == [("added", "New")]
    assert word_diff("Same", "Same") == [("same", "Same")]


def test_numbers_of_an_old_version_are_its_own(two, third, applicant, sign_in):
    client = sign_in(applicant)
    assert ",7,43" in client.get(at(third, "version_csv", 1)).content.decode()
    assert ",9,43" in client.get(at(third, "version_csv", 2)).content.decode()


def test_the_file_of_a_version_hides_what_its_page_hides(two, third, applicant, other, sign_in):
    """The team's own file is whole, everybody else's masked; each is asked for by its reader."""
    _first, second = two
    texts = {}
    for whole in (True, False):
        context = queries.document_of(second.pk, whole=whole)
        file = pdf.render(render_to_string("reporting/pdf.html", context))
        assert b"pdfuaid" in file
        texts[whole] = " ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    assert "by ten points" in texts[True] and "by ten points" in texts[False]
    assert "9/43" in texts[True] and "9/43" not in texts[False] and "7/43" not in texts[False]
    assert "Fund three posts" in texts[True] and "Fund three posts" not in texts[False]
    second.refresh_from_db()
    assert second.pdf_job_id != second.whole_pdf_job_id
    for person, job in [(applicant, second.whole_pdf_job), (other.user, second.pdf_job)]:
        client = sign_in(person)
        waiting = client.get(at(third, "version_pdf", 2)).content.decode()
        assert "The PDF is being made" in waiting
        state = client.get(at(third, "version_pdf_state", 2)).json()
        assert state == {"state": job.state, "progress": 0}
    assert client.post(at(third, "make_version_pdf", 2)).url == at(third, "version_pdf", 2)
