"""A filled form comes in: compared with the web, taken over by choice, and nothing newer lost."""

from datetime import timedelta
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.models import FilledForm
from documents.intake import Refused as FileRefused
from documents.models import StoredFile
from questionnaires.models import AnswerChange
from tenancy.models import AuditEvent
from tests.applications.test_pages import url
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    OpenCohortFactory,
    VersionFactory,
)
from tests.questionnaires.papers import blank, filled_by_pypdf, names_of
from tests.questionnaires.samples import field, form, option

pytestmark = pytest.mark.django_db

FORM = form(
    field("organization_name", "short_text", required=True),
    field("kind", "single", options=[option("clinic"), option("hospital")]),
    field("beds", "number"),
    field("city", "short_text"),
    {"section": "work"},
    field("why", "long_text", max_words=50),
    field("roles", "multiple", options=[option("nurse"), option("cook"), option("none")]),
    field("promise", "acknowledgement", text={"en": "We will come.", "es": "Vendremos."}),
)


@pytest.fixture
def cohort(host):
    schema = FORM.model_dump(mode="json")
    version = VersionFactory(
        host=host, schema=schema, questionnaire__key="apply-small", questionnaire__name="Small"
    )
    return OpenCohortFactory(
        host=host, slug="small-2027", name="Small 2027", code="SM27", application_form=version
    )


@pytest.fixture
def draft(host, cohort, applicant):
    return ApplicationFactory(
        host=host,
        cohort=cohort,
        reference="SM27-0900",
        organization_name="Riverbend",
        lead=applicant,
    )


@cache
def drawn(asked, key="apply-small", number=1, language="en"):
    return blank(asked, key=key, number=number, language=language)


@pytest.fixture
def paper():
    """Draws the blank form and fills it in; saved_at: what the program writes about it."""

    def make(boxes, *, asked=FORM, key="apply-small", number=1, language="en", saved_at=None):
        content = filled_by_pypdf(drawn(asked, key, number, language), boxes)
        if saved_at:
            out = BytesIO()
            with pikepdf.open(BytesIO(content)) as document:
                document.docinfo["/ModDate"] = f"D:{saved_at:%Y%m%d%H%M%S}Z"
                document.save(out)
            content = out.getvalue()
        return SimpleUploadedFile("filled.pdf", content, "application/pdf")

    return make


def type_in(draft, person, now, **values):
    return actions.save_section(
        application=draft, values=values, base_revisions=None, by=person, now=now
    )


def answers(draft):
    draft.refresh_from_db()
    return draft.working.answers


ALL = {
    "organization_name": "Riverbend Clinic",
    "kind": "clinic",
    "beds": "40",
    "city": "Ñandú",
    "why": "One.\nTwo.",
    "roles--nurse": "on",
    "roles--cook": "on",
    "promise--yes": "on",
}


def boxes_named(content_boxes):
    """The box of an agreement has the name that the drawn form gives it."""
    [agreed] = [name for name in names_of(drawn(FORM)) if name.startswith("promise")]
    return {agreed if name.startswith("promise") else name: v for name, v in content_boxes.items()}


def test_it_comes_in_by_choice_and_the_history_says_from_where(
    in_host, draft, applicant, sign_in, paper, now
):  # S3-30, S4-37
    person = sign_in(applicant)
    assert b"Upload a filled form" in person.get(url("task_list", draft)).content
    answer = person.post(url("bring_filled", draft), {"file": paper(boxes_named(ALL))})
    filled = FilledForm.objects.get()
    assert answer["Location"] == url("compare_filled", draft, filled.pk)
    assert answers(draft) == {}  # bringing changes nothing
    page = person.get(answer["Location"]).content.decode()
    assert page.count("checked") == 7  # each empty on the web, so each is suggested
    assert "Ñandú" in page
    chosen = {"take": ["organization_name", "kind", "beds", "city", "why", "roles", "promise"]}
    done = person.post(answer["Location"], chosen)
    assert done["Location"] == url("task_list", draft)
    assert answers(draft) == {
        "organization_name": "Riverbend Clinic",
        "kind": "clinic",
        "beds": 40,
        "city": "Ñandú",
        "why": "One.\nTwo.",
        "roles": ["nurse", "cook"],
        "promise": {"agreed": True, "language": "en", "text": "We will come."},
    }
    assert draft.organization_name == "Riverbend Clinic"  # what lists show follows
    filled.refresh_from_db()
    assert filled.taken == sorted(chosen["take"])
    assert set(AnswerChange.objects.values_list("source", flat=True)) == {"filled"}
    assert b"From a filled form" in person.get(url("question", draft, "city")).content
    events = AuditEvent.objects.about(draft).order_by("pk").values_list("verb", flat=True)
    assert list(events) == ["brought a filled form", "took over answers"]
    again = person.get(url("compare_filled", draft, filled.pk)).content
    assert b"Nothing differs" in again
    assert b"7 answers are the same on both sides." in again


def test_newer_answers_of_the_website_stay_unless_chosen(
    in_host, draft, applicant, sign_in, paper, now
):
    type_in(draft, applicant, now - timedelta(days=2), city="Old town")
    type_in(draft, applicant, now, beds="12")
    upload = paper({"city": "New town", "beds": "9"}, saved_at=now - timedelta(days=1))
    filled = actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    assert filled.saved_at == now - timedelta(days=1)
    page = sign_in(applicant).get(url("compare_filled", draft, filled.pk)).content.decode()
    assert 'value="city" id="take-city-box" checked' in page  # the web's is older
    assert 'value="beds" id="take-beds-box">' in page
    for words in ("Old town", "New town", "12", "9"):
        assert words in page
    shown = {"_rev.city": 1, "_rev.beds": 1}
    sign_in(applicant).post(url("compare_filled", draft, filled.pk), {"take": "city", **shown})
    assert answers(draft) == {"city": "New town", "beds": 12}
    sign_in(applicant).post(url("compare_filled", draft, filled.pk), {"take": "beds", **shown})
    assert answers(draft)["beds"] == 9


@pytest.mark.parametrize("ahead", [None, timedelta(days=2)])
def test_a_file_without_a_believable_date_is_never_newer(
    in_host, draft, applicant, sign_in, paper, now, ahead
):
    type_in(draft, applicant, now - timedelta(days=9), city="Old town")
    upload = paper({"city": "New town"}, saved_at=now + ahead if ahead else None)
    filled = actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    page = sign_in(applicant).get(url("compare_filled", draft, filled.pk)).content
    assert b"checked" not in page


def test_what_somebody_typed_meanwhile_is_not_replaced(
    in_host, host, draft, applicant, sign_in, paper, now
):
    filled = actions.bring_filled(
        application=draft, upload=paper({"city": "From paper"}), by=applicant, now=now
    )
    other = ApplicationPersonFactory(host=host, application=draft).user
    type_in(draft, other, now, city="Typed meanwhile")
    there = url("compare_filled", draft, filled.pk)
    answer = sign_in(applicant).post(there, {"take": "city", "_rev.city": 0}, follow=True)
    assert b"Some answers have changed on the website meanwhile." in answer.content
    assert b"Typed meanwhile" in answer.content
    assert answers(draft) == {"city": "Typed meanwhile"}


def test_what_cannot_be_read_is_listed_and_the_rest_comes_in(
    in_host, draft, applicant, sign_in, paper, now
):
    upload = paper({"beds": "about forty", "city": "Peoria"})
    filled = actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    page = sign_in(applicant).get(url("compare_filled", draft, filled.pk)).content.decode()
    assert "What we could not take from the file" in page
    assert "about forty" in page
    assert 'value="city" id="take-city-box" checked' in page
    sign_in(applicant).post(
        url("compare_filled", draft, filled.pk), {"take": ["city", "beds", "nonsense"]}
    )
    assert answers(draft) == {"city": "Peoria"}


def test_nothing_chosen_changes_nothing(in_host, draft, applicant, sign_in, paper, now):
    filled = actions.bring_filled(
        application=draft, upload=paper({"city": "Peoria"}), by=applicant, now=now
    )
    page = sign_in(applicant).post(url("compare_filled", draft, filled.pk), follow=True)
    assert b"You chose no answers. Nothing has changed." in page.content
    assert answers(draft) == {}


# --- another version, another program, another file ----------------------------------------------


def test_an_older_version_is_mapped_and_what_is_gone_is_said(
    in_host, host, cohort, draft, applicant, sign_in, paper, now
):
    later = form(
        field("organization_name", "short_text", required=True),
        field("kind", "single", options=[option("hospital"), option("system")]),
        field("city", "short_text"),
        field("promise", "acknowledgement", text={"en": "Other words.", "es": "Otras."}),
    )
    second = VersionFactory(
        host=host,
        questionnaire=cohort.application_form.questionnaire,
        number=2,
        schema=later.model_dump(mode="json"),
    )
    cohort.application_form = second
    cohort.save()
    person = sign_in(applicant)
    person.get(url("task_list", draft))  # moves the draft
    page = person.post(url("bring_filled", draft), {"file": paper(boxes_named(ALL))}, follow=True)
    text = page.content.decode()
    assert "Your file is version 1. The website asks version 2." in text
    for words in (
        "This question is not asked any more.",
        "This question has changed. Answer it on the website.",
        "The words to agree to have changed. Read and agree on the website.",
    ):
        assert words in text
    there = page.redirect_chain[-1][0]
    person.post(there, {"take": ["organization_name", "city", "kind", "promise"]})
    assert answers(draft) == {"organization_name": "Riverbend Clinic", "city": "Ñandú"}


def test_a_form_of_another_program_or_host_is_refused_by_name(
    in_host, host, draft, applicant, sign_in, paper, now
):
    VersionFactory(
        host=host, questionnaire__key="apply-other", questionnaire__name="Action Community"
    )
    person = sign_in(applicant)
    for key, number, words in (
        ("apply-other", 1, "This is the form of another program: Action Community."),
        ("apply-elsewhere", 1, "This form is not one of"),
        ("apply-small", 7, "we do not know this version of it"),
    ):
        upload = paper({"city": "Peoria"}, key=key, number=number)
        page = person.post(url("bring_filled", draft), {"file": upload})
        assert page.status_code == 422
        assert words in page.content.decode()
        assert "Download the form of this program and fill that in." in page.content.decode()
    assert not StoredFile.objects.exists()
    assert not FilledForm.objects.exists()


def changed(upload, change):
    out = BytesIO()
    with pikepdf.open(upload) as document:
        change(document)
        document.save(out)
    return SimpleUploadedFile("filled.pdf", out.getvalue(), "application/pdf")


def with_script(document):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = script
    for one in document.Root.AcroForm.Fields:
        one.AA = pikepdf.Dictionary(K=script)


def with_xfa(document):
    document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")


def with_file_inside(document):
    document.attachments["a.txt"] = b"secret"


def test_a_script_is_taken_out_and_the_answers_come_in(in_host, draft, applicant, paper, now):
    upload = changed(paper({"city": "Peoria"}), with_script)
    filled = actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    assert filled.boxes["city"] == "Peoria"
    kept = filled.file.path.read_bytes()
    assert b"JavaScript" not in kept
    assert b"app.alert" not in kept


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (with_xfa, "form", "This is not an application form that was downloaded here."),
        (with_file_inside, "files_inside", "This PDF has other files inside it."),
    ],
)
def test_what_hides_more_than_boxes_is_refused(
    in_host, draft, applicant, paper, now, change, code, words
):
    upload = changed(paper({"city": "Peoria"}), change)
    with pytest.raises(FileRefused, match=words) as refused:
        actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    assert refused.value.code == code
    assert not StoredFile.objects.exists()


def test_a_bomb_in_a_box_bursts_in_its_own_process(in_host, draft, applicant, paper, now):
    def bomb(document):
        for one in document.Root.AcroForm.Fields:
            if str(one.T) == "why":
                one.V = document.make_stream(b"x" * 300_000_000)

    upload = changed(paper({"city": "Peoria"}), bomb)
    assert upload.size < 15 * 2**20
    with pytest.raises(FileRefused, match="We could not read this file"):
        actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scan.jpg", b"\xff\xd8\xff\xe0", "Upload a PDF file."),
        ("empty.pdf", b"", "This file is empty."),
        ("broken.pdf", b"%PDF-1.7\nnothing\n%%EOF\n", "We could not read this PDF."),
    ],
)
def test_other_files_say_what_to_do(in_host, draft, applicant, sign_in, name, content, words):
    page = sign_in(applicant).post(
        url("bring_filled", draft), {"file": SimpleUploadedFile(name, content)}
    )
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_letter_is_no_form(in_host, draft, applicant, sign_in, pdf):
    page = sign_in(applicant).post(url("bring_filled", draft), {"file": pdf()})
    assert page.status_code == 422
    assert "This file has no boxes that we can read." in page.content.decode()


# --- who may, and when ---------------------------------------------------------------------------


def test_only_those_who_may_edit_bring_and_take(
    in_host, host, draft, applicant, coordinator, stranger, sign_in, paper, now
):
    viewer = ApplicationPersonFactory(host=host, application=draft, role="viewer").user
    upload = paper({"city": "Peoria"})
    filled = actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
    there = url("compare_filled", draft, filled.pk)
    for person, status in ((viewer, 200), (coordinator, 404), (stranger, 404)):
        assert sign_in(person).get(there).status_code == status
        assert sign_in(person).get(url("bring_filled", draft)).status_code == status
        sign_in(person).post(there, {"take": "city"})
        upload.seek(0)
        sign_in(person).post(url("bring_filled", draft), {"file": upload})
    assert answers(draft) == {}
    assert FilledForm.objects.count() == 1
    page = sign_in(viewer).get(url("bring_filled", draft)).content
    assert b"You can read these answers, but not change them." in page
    assert b"<input" not in page.split(b'id="main"')[1].split(b"</main>")[0]


def test_the_filled_form_of_another_application_is_not_there(
    in_host, host, cohort, draft, applicant, sign_in, paper, now
):
    filled = actions.bring_filled(
        application=draft, upload=paper({"city": "Peoria"}), by=applicant, now=now
    )
    other = ApplicationFactory(host=host, cohort=cohort, lead=UserFactory())
    page = sign_in(other.lead).get(url("compare_filled", other, filled.pk))
    assert page.status_code == 404


def test_after_the_close_none_comes_in(in_host, draft, applicant, paper, now):  # S3-25
    draft.cohort.closes_at = now - timedelta(days=1)
    draft.cohort.save()
    with pytest.raises(actions.Closed, match="We did not take this form in"):
        actions.bring_filled(
            application=draft, upload=paper({"city": "Peoria"}), by=applicant, now=now
        )
    assert not StoredFile.objects.exists()


def test_the_page_for_uploading_costs_the_same_for_any_number(
    in_host, draft, applicant, sign_in, paper, now
):
    person, upload = sign_in(applicant), paper({"city": "Peoria"})
    costs = set()
    for number in (1, 2, 3):
        upload.seek(0)
        actions.bring_filled(application=draft, upload=upload, by=applicant, now=now)
        with CaptureQueriesContext(connection) as queries:
            page = person.get(url("bring_filled", draft))
        costs.add(len(queries))
        assert page.content.count(b"filled.pdf") == number
    assert len(costs) == 1
