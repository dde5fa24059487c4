"""Staff change an application form: without training, without losing a word, without surprise."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from collaboratives import actions
from collaboratives.models import Cohort
from questionnaires.models import FormEdit, Response, Trial, Version, WorkingCopy
from questionnaires.queries import form_of
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.collaboratives import CohortFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 15, tzinfo=UTC)


@pytest.fixture
def cohort(host, coordinator):
    """A cohort of the Learning Network on its first version."""
    with open_host(host.pk):
        program = actions.adopt_blueprint(
            host_id=host.pk, key="learning-network", now=NOW, by=coordinator
        )
        return CohortFactory(
            host=host,
            program=program,
            slug="ln27",
            name="Learning Network 2027",
            application_form=Version.objects.get(),
        )


@pytest.fixture
def other_coordinator(host) -> User:
    return MembershipFactory(host=host, roles=[Role.COORDINATOR], user__name="Omar Diaz").user


class Editor:
    """One coordinator at the editor, who reads `base` from the page as a browser does."""

    def __init__(self, client, cohort):
        self.client, self.cohort = client, cohort

    def url(self, name, *args):
        slug = self.cohort.host.slug
        return reverse(f"collaboratives:{name}", args=[slug, self.cohort.slug, *args])

    def open(self, name, *args, **query):
        self.page = self.client.get(self.url(name, *args), query).content.decode()
        found = re.search(r'name="base" value="([\d.]+)"', self.page)
        self.base = found[1] if found else ""
        return self.page

    def send(self, name, *args, query="", **data):
        return self.client.post(self.url(name, *args) + query, {"base": self.base, **data})

    def start(self):
        self.client.post(self.url("form_start"))
        self.open("form")
        return self


@pytest.fixture
def editor(cohort, coordinator, sign_in):
    return Editor(sign_in(coordinator), cohort).start()


def content(cohort):
    with open_host(cohort.host_id):
        return WorkingCopy.objects.get().content


def question(cohort, code):
    return next(q for s in content(cohort)["sections"] for q in s["fields"] if q["code"] == code)


CITY = {"label_en": "Town", "label_es": "Pueblo", "max_length": "100", "section": "organization"}
CITY |= {"required": "on", "when": "always"}


def test_a_question_is_reworded_and_applicants_see_it_after_publication(editor, cohort):
    editor.open("form_question", "city")
    assert "Must be answered" in editor.page
    answer = editor.send("form_question", "city", **CITY)
    assert answer.status_code == 302, answer.content.decode()
    assert question(cohort, "city")["label"] == {"en": "Town", "es": "Pueblo"}
    with open_host(cohort.host_id):
        assert form_of(cohort.application_form).by_code["city"].label.en == "City"
    editor.open("form_publish")
    assert "reworded" in editor.page
    assert editor.send("form_publish").status_code == 302
    with open_host(cohort.host_id):
        now = Cohort.objects.select_related("application_form").get()
        assert now.application_form.number == 2
        assert form_of(now.application_form).by_code["city"].label.es == "Pueblo"
        assert [e.verb for e in AuditEvent.objects.about(now)] == ["published form"]
        assert not WorkingCopy.objects.exists()


ADDED = [
    ("short_text", {"max_length": "50"}),
    ("long_text", {"max_words": "100"}),
    (
        "single",
        {"options-0-en": "A", "options-0-es": "A", "options-1-en": "B", "options-1-es": "B"},
    ),
    ("multiple", {"options-0-en": "A", "options-1-en": "None", "options-1-exclusive": "on"}),
    (
        "yes_no",
        {
            "options-0-en": "Yes",
            "options-0-es": "Sí",
            "options-0-code": "yes",
            "options-1-en": "No",
            "options-1-es": "No",
            "options-1-code": "no",
            "options-2-en": "In progress",
        },
    ),
    ("scale", {"scale_min": "1", "scale_max": "5", "low_en": "Low", "high_en": "High"}),
    ("number", {"min": "0", "max": "9", "decimals": "0"}),
    ("date", {}),
    ("email", {}),
    ("phone", {}),
    ("url", {}),
    ("contact", {"parts": ["name", "email"]}),
    ("table", {"item_en": "Person", "rows_min": "0", "rows_max": "5", "first_en": "Name"}),
    ("grid", {"items-0-en": "One", "first_en": "How"}),
    ("acknowledgement", {"text_en": "We agree"}),
    ("upload", {"slot": "evidence"}),
    ("video", {"max_minutes": "3"}),
    ("info", {"text_en": "Read this"}),
]


@pytest.mark.parametrize(("kind", "more"), ADDED, ids=[kind for kind, _more in ADDED])
def test_a_question_of_every_kind_is_added_and_opened_again(editor, cohort, kind, more):
    name = "form_add"
    assert kind in editor.open(name, "organization")
    editor.open(name, "organization", kind=kind)
    data = {"label_en": "Our new one", "when": "always", **more}
    answer = editor.send(name, "organization", query=f"?kind={kind}", **data)
    assert answer.status_code == 302, answer.content.decode()
    made = question(cohort, "our_new_one")
    assert (made["kind"], made["label"]) == (kind, {"en": "Our new one"})
    assert "Our new one" in editor.open("form_question", "our_new_one")
    assert "Spanish words are missing." in editor.open("form")
    assert "has no Spanish words" in editor.open("form_publish")
    assert "Publish this form" not in editor.page
    assert editor.send("form_publish").url == editor.url("form_publish")


def test_a_bad_edit_is_refused_at_its_place_and_loses_nothing(editor, cohort):
    editor.open("form_add", "organization", kind="single")
    data = {"label_en": "Which?", "options-0-en": "Only one", "when": "always"}
    answer = editor.send("form_add", "organization", query="?kind=single", **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give at least two answers to choose from." in page
    assert 'value="Only one"' in page
    assert 'value="Which?"' in page


def test_a_line_is_added_without_saving_and_keeps_what_was_typed(editor, cohort):
    editor.open("form_add", "organization", kind="single")
    data = {"label_en": "Which?", "options-0-en": "One", "options-1-en": "Two", "when": "always"}
    page = editor.send(
        "form_add", "organization", query="?kind=single", _add="options", **data
    ).content.decode()
    assert 'id="options-2-en"' in page
    assert 'value="Two"' in page
    moved = editor.send(
        "form_add", "organization", query="?kind=single", _up="options-1", **data
    ).content.decode()
    assert moved.index('value="Two"') < moved.index('value="One"')
    with open_host(cohort.host_id):
        assert not FormEdit.objects.exists()


def test_options_keep_their_codes_when_they_are_reworded(editor, cohort):
    old = question(cohort, "accepts_medicaid")["options"]
    editor.open("form_question", "accepts_medicaid")
    data = {"label_en": "Medicaid?", "label_es": "¿Medicaid?", "when": "always"}
    data["section"] = "organization"
    for n, one in enumerate(reversed(old)):
        data |= {f"options-{n}-code": one["code"], f"options-{n}-en": f"New {one['code']}"}
        data[f"options-{n}-es"] = one["label"]["es"]
    assert editor.send("form_question", "accepts_medicaid", **data).status_code == 302
    now = question(cohort, "accepts_medicaid")["options"]
    assert [one["code"] for one in now] == [one["code"] for one in reversed(old)]


def test_a_condition_is_chosen_in_two_steps_without_script(editor, cohort):
    editor.open("form_question", "city")
    data = {**CITY, "when": "all", "clause-0-field": "in_system", "clause-0-how": "is"}
    page = editor.send("form_question", "city", **data).content.decode()
    assert "Now choose the answer to look for." in page
    data |= {"clause-0-shown": "in_system", "clause-0-value": "yes"}
    assert editor.send("form_question", "city", **data).status_code == 302
    assert question(cohort, "city")["show_if"] == {
        "all": [{"field": "in_system", "op": "is", "value": "yes"}]
    }
    assert "Shown only if “Is it part of a larger system?” is “Yes”" in editor.open("form")


def test_what_another_question_looks_at_can_neither_go_nor_come_later(editor, cohort):
    editor.open("form_remove", "in_system")
    page = editor.client.post(
        editor.url("form_remove", "in_system"), {"base": editor.base}, follow=True
    ).content.decode()
    assert "is shown by the answer to “Is it part of a larger system?”" in page
    move = {"what": "question", "code": "system_name", "step": "up"}
    page = editor.client.post(editor.url("form_move"), move, follow=True).content.decode()
    assert "so it has to come after it." in page
    assert question(cohort, "in_system")


def test_two_coordinators_overwrite_nothing_unseen(editor, cohort, other_coordinator, sign_in):
    other = Editor(sign_in(other_coordinator), cohort)
    editor.open("form_question", "city")
    other.open("form_question", "city")
    third = Editor(other.client, cohort)
    third.open("form_question", "zip_code")
    assert editor.send("form_question", "city", **CITY).status_code == 302
    theirs = {**CITY, "label_en": "Place"}
    answer = other.send("form_question", "city", **theirs)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Renata Solis changed this too" in page
    assert "Town | Pueblo" in page
    assert 'value="Place"' in page
    assert question(cohort, "city")["label"]["en"] == "Town"
    zip_code = {"label_en": "Postal code", "label_es": "Código", "format": "zip", "when": "always"}
    zip_code["section"] = "organization"
    assert third.send("form_question", "zip_code", **zip_code).status_code == 302
    other.base = re.search(r'name="base" value="([\d.]+)"', page)[1]
    assert other.send("form_question", "city", **theirs).status_code in (302, 409)
    with open_host(cohort.host_id):  # both wordings are kept
        assert any("Town" in str(edit.before) for edit in FormEdit.objects.all())


def test_edits_are_undone_one_after_the_other(editor, cohort):
    before = content(cohort)
    for words in ("One", "Two", "Three"):
        editor.open("form_question", "city")
        editor.send("form_question", "city", **{**CITY, "label_en": words})
    for expected in ("Two", "One", "City"):
        editor.open("form")
        editor.send("form_undo")
        assert question(cohort, "city")["label"]["en"] == expected
    assert content(cohort) == before
    assert "Undo the last change" not in editor.open("form")
    editor.open("form_discard")
    editor.send("form_discard")
    with open_host(cohort.host_id):
        assert not WorkingCopy.objects.exists()


def test_a_page_of_a_form_published_meanwhile_keeps_its_words(
    editor, cohort, other_coordinator, sign_in
):
    other = Editor(sign_in(other_coordinator), cohort)
    other.open("form_question", "zip_code")
    editor.open("form_question", "city")
    editor.send("form_question", "city", **CITY)
    editor.open("form_publish")
    editor.send("form_publish")
    data = {"label_en": "Postal", "label_es": "Código", "format": "zip", "when": "always"}
    data["section"] = "organization"
    answer = other.send("form_question", "zip_code", **data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Save again to go on from there." in page
    assert 'value="Postal"' in page
    other.base = re.search(r'name="base" value="([\d.]+)"', page)[1]
    assert other.send("form_question", "zip_code", **data).status_code == 302
    assert question(cohort, "city")["label"]["en"] == "Town"


def test_another_form_is_copied_and_what_does_not_belong_is_said(editor, cohort):
    page = editor.open("form_copy")
    assert "Action Community" in page
    page = editor.client.post(
        editor.url("form_copy"), {"source": "shipped.progress-report-ian"}, follow=True
    ).content.decode()
    assert "is left out: it belongs to the other program." in page
    codes = {q["code"] for s in content(cohort)["sections"] for q in s["fields"]}
    assert "domains_working" in codes or "equity_plan" in codes
    editor.open("form")
    editor.send("form_undo")
    assert question(cohort, "team")


def test_trying_it_out_makes_no_application(editor, cohort, coordinator):
    page = editor.open("form_preview_section", "organization", width="phone", language="es")
    assert "as-phone" in page
    assert "Ciudad" in page
    editor.client.post(
        editor.url("form_preview_section", "organization"), {"_rev.city": "0", "city": "Peoria"}
    )
    assert 'value="Peoria"' in editor.open("form_preview_section", "organization")
    assert "Answer this question." in editor.open("form_preview_section", "organization", check=1)
    with open_host(cohort.host_id):
        assert not Response.objects.exists()
        assert Trial.objects.get().person == coordinator


def test_versions_are_compared(editor, cohort):
    editor.open("form_question", "city")
    editor.send("form_question", "city", **CITY)
    page = editor.open("form_compare")
    assert "<del>City</del>" in page
    assert "<ins>Town</ins>" in page


def test_sections_are_added_moved_and_deleted(editor, cohort):
    editor.open("form_add_section")
    data = {"title_en": "Your wishes", "title_es": "Sus deseos", "when": "always"}
    assert editor.send("form_add_section", **data).status_code == 302
    assert content(cohort)["sections"][-1]["code"] == "your_wishes"
    editor.client.post(
        editor.url("form_move"), {"what": "section", "code": "your_wishes", "step": "up"}
    )
    assert content(cohort)["sections"][-2]["code"] == "your_wishes"
    assert "has no question yet" in editor.open("form_publish")
    editor.open("form_remove_section", "your_wishes")
    editor.send("form_remove_section", "your_wishes")
    assert "your_wishes" not in [one["code"] for one in content(cohort)["sections"]]


def test_columns_of_a_table_are_changed(editor, cohort):
    editor.open("form_add_column", "team", kind="phone")
    data = {"label_en": "Phone at work", "label_es": "Teléfono"}
    answer = editor.send("form_add_column", "team", query="?kind=phone", **data)
    assert answer.status_code == 302, answer.content.decode()
    assert question(cohort, "team")["fields"][-1]["label"]["en"] == "Phone at work"
    code = question(cohort, "team")["fields"][-1]["code"]
    editor.open("form_column", "team", code)
    editor.send("form_column", "team", code, label_en="Mobile", label_es="Móvil")
    assert question(cohort, "team")["fields"][-1]["label"]["en"] == "Mobile"
    editor.open("form_remove_column", "team", code)
    editor.send("form_remove_column", "team", code)
    assert code not in {one["code"] for one in question(cohort, "team")["fields"]}


def test_the_organizations_name_must_stay(editor, cohort):
    assert "Without it you can" in editor.open("form_remove", "organization_name")
    editor.send("form_remove", "organization_name")
    assert "The form must ask" in editor.open("form_publish")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COACH, Role.ANALYST])
def test_only_coordinators_and_owners_change_forms(host, cohort, role, sign_in):
    person = MembershipFactory(host=host, roles=[role]).user
    page = sign_in(person).get(reverse("collaboratives:form", args=[host.slug, cohort.slug]))
    assert page.status_code == 403
