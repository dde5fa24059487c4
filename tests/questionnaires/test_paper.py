"""The blank form: everything that the page asks, in boxes that any program can fill in."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.utils import timezone

from collaboratives.blueprints import keys, load
from documents import boxes
from documents.models import Job
from documents.work import run_due_jobs
from questionnaires import actions, paper, rules
from questionnaires.forms import controls
from questionnaires.paper.reading import NotOurForm, open_filled, read
from questionnaires.schema import OTHER, Kind
from tenancy.active import open_host
from tests.questionnaires import every_kind
from tests.questionnaires.papers import blank, blank_of, boxes_for, filled_by_pypdf, html, names_of
from tests.questionnaires.samples import complete_answers, field, form, option

PROGRAMS = keys()


def saved(tmp_path, content):
    path = tmp_path / "filled.pdf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_question_of_the_page_has_its_box(program, language):  # S3-30, S4-37
    schema = load(program).form
    answers = complete_answers(schema)
    expected = set(boxes_for(schema, answers))
    found = names_of(blank_of(program, language))
    assert expected - found == set()
    assert {paper.STAMP, paper.SIGNED_NAME} <= found
    asked = {one.code for one in schema.fields() if one.answer_codes}
    assert {name.split("-")[0].removesuffix(OTHER) for name in found} >= asked


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_is_tagged_and_each_box_says_what_it_is_for(program):
    with pikepdf.open(BytesIO(blank_of(program, "es"))) as document:
        assert document.Root.Lang == "es"
        assert document.Root.MarkInfo.Marked
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        said = []
        for box in document.Root.AcroForm.Fields:
            kids = box.get("/Kids", [])
            said += [str(kid.TU) for kid in kids] or [str(box.TU)]
            assert "/Opt" not in box or str(box.FT) == "/Ch"
            for kid in kids:
                assert "/T" not in kid
        assert all(words and not words.islower() for words in said)
        assert len(set(said)) == len(said)
        for page in document.pages:
            assert str(page.Tabs) == "/S"
        widgets = [
            thing
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S")) == "/Form"
        ]
        assert len(widgets) == len(said)


def test_limits_conditions_and_what_is_not_asked_are_printed():
    reader = pypdf.PdfReader(BytesIO(blank_of("action-community", "en")))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "200 words at most." in text
    assert "Only if “Is it part of a larger system?” is “Yes”." in text
    assert "Add the video on the website, or email us a link to it." in text
    assert "This is a file of its own." in text
    assert "Fill in only the lines for what you ticked under" in text
    assert len(reader.pages) <= 30


def test_it_carries_its_stamp_twice_and_nobody_can_change_it():
    with pikepdf.open(BytesIO(blank_of("learning-network", "en"))) as document:
        stamp = "prairie/apply-learning-network/1/en"
        assert boxes.mark(document) == stamp
        assert boxes.values(document) == {paper.STAMP: stamp}
        [box] = [one for one in document.Root.AcroForm.Fields if str(one.T) == paper.STAMP]
        assert int(box.Ff) & 1


def test_the_same_form_gives_the_same_bytes():
    schema = load("progress-report-ian").form
    assert blank(schema) == blank(schema)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_filled_by_pypdf_it_comes_back_whole(program, language, tmp_path):
    schema = load(program).form
    answers = complete_answers(schema, city="Ñandú, Zoë 李")
    filled = filled_by_pypdf(blank_of(program, language), boxes_for(schema, answers))
    opened = open_filled(saved(tmp_path, filled))
    assert (opened.stamp.key, opened.stamp.number) == (f"apply-{program}", 1)
    reading = read(schema, opened)
    assert reading.unread == ()
    agreed = {one.code for one in schema.fields() if one.kind == Kind.ACKNOWLEDGEMENT}
    assert set(reading.values) == set(answers)
    for code, value in answers.items():
        if code in agreed:
            assert reading.values[code]["text"] == schema.by_code[code].text.to(language)
        else:
            assert reading.values[code] == value, code


FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize("program", ["chromium", "firefox", "evince"])
def test_filled_by_other_programs_it_comes_back_whole(program):  # S3-30, S4-37
    opened = open_filled(FILES / f"{program}.pdf")
    assert (opened.stamp.key, opened.stamp.number) == ("apply-every-kind", 1)
    reading = read(every_kind.asked(), opened)
    assert reading.unread == ()
    assert reading.values == every_kind.answers()


def test_libreoffice_drops_the_boxes_and_that_is_said():
    with pytest.raises(NotOurForm, match="saved with LibreOffice"):
        open_filled(FILES / "libreoffice.pdf")


def test_what_cannot_be_read_is_listed_with_its_words(tmp_path):
    schema = form(
        field("when", "date"),
        field("beds", "number"),
        field("kind", "single", options=[option("a"), option("b")]),
        field("city", "short_text"),
    )
    content = filled_by_pypdf(
        blank(schema), {"when": "next spring", "beds": "about forty", "city": "Peoria"}
    )
    reading = read(schema, open_filled(saved(tmp_path, content)))
    assert reading.values == {"city": "Peoria"}
    assert [(one.label, one.text) for one in reading.unread] == [
        ("Label of when", "next spring"),
        ("Label of beds", "about forty"),
    ]
    assert reading.unread[0].why == "Enter a date, like 09/15/2027."


def test_words_of_an_option_are_taken_for_its_code(tmp_path):
    many = [option("a", label={"en": "Alpha", "es": "Alfa"}), option("b")]
    schema = form(field("kind", "single", options=many, shown_as="select"))
    content = filled_by_pypdf(blank(schema), {"kind": "Alfa"})
    assert read(schema, open_filled(saved(tmp_path, content))).values == {"kind": "a"}


def test_a_box_of_no_question_is_told_not_lost(tmp_path):
    schema = form(field("city", "short_text"), field("zip", "short_text"))
    content = filled_by_pypdf(blank(schema), {"city": "Peoria", "zip": "61601"})
    later = form(field("city", "short_text"))
    reading = read(later, open_filled(saved(tmp_path, content)))
    assert reading.values == {"city": "Peoria"}
    assert [(one.label, one.text) for one in reading.unread] == [("zip", "61601")]


def test_a_file_without_boxes_or_stamp_is_not_our_form(tmp_path):
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    with pytest.raises(NotOurForm, match="no boxes"):
        open_filled(saved(tmp_path, out.getvalue()))
    with pikepdf.open(BytesIO(blank(form(field("city", "short_text"))))) as document:
        for one in document.Root.AcroForm.Fields:
            if str(one.T) == paper.STAMP:
                one.V = pikepdf.String("")
        del document.docinfo[boxes.MARK]
        out = BytesIO()
        document.save(out)
    with pytest.raises(NotOurForm, match="downloaded here"):
        open_filled(saved(tmp_path, out.getvalue()))


def test_boxes_that_loop_end(tmp_path):
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        one = document.make_indirect(pikepdf.Dictionary(T=pikepdf.String("a"), FT=pikepdf.Name.Tx))
        one.Kids = pikepdf.Array([one, one])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([one] * 3))
        document.save(out)
    with pytest.raises(NotOurForm):
        open_filled(saved(tmp_path, out.getvalue()))


# --- made by a worker, once ----------------------------------------------------------------------


@pytest.mark.usefixtures("worker")
def test_publishing_has_a_worker_draw_it_in_both_languages(host, coordinator):
    schema = form(field("city", "short_text"))
    now = timezone.now()
    with open_host(host.pk):
        made = actions.add_questionnaire(
            host_id=host.pk, key="apply-x", name="Learning Network", by=coordinator
        )
        version = actions.publish(questionnaire=made, form=schema, now=now, by=coordinator)
        assert Job.objects.count() == 2
        assert paper.drawn(version, "en").result is None
    assert run_due_jobs(now=timezone.now()) == 2
    with open_host(host.pk):
        english, spanish = (paper.drawn(version, language) for language in ("en", "es"))
        assert names_of(english.result.path.read_bytes()) == names_of(
            spanish.result.path.read_bytes()
        )
        assert english.result.original_name == "apply-x-1-en.pdf"
        again = actions.draw_blank(version=version, language="en", by=None, now=now)
        assert again.pk == english.pk
        # other words are drawn anew
        host.name = "Prairie Equity"
        host.save()
        version.refresh_from_db()
        other = actions.draw_blank(version=version, language="en", by=None, now=now)
        assert other.pk != english.pk


def test_the_web_never_loads_what_draws():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django; django.setup(); import config.urls\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print('weasyprint' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout.strip() == "False", told.stderr


def test_nothing_of_a_condition_is_hidden_on_paper():
    schema = load("action-community").form
    assert rules.visible(schema, {})["organization"] != list(schema.section("organization").fields)
    shown = {step.name for step in controls(schema, "organization", {}, revisions={})}
    assert "system_name" not in shown
    assert 'name="system_name"' in html(schema)
