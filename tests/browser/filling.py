"""Types answers into whatever form the program asks for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from playwright.sync_api import Page, expect

from config.demo.answers import Contact, Facts, complete
from questionnaires.schema import ANSWERLESS, Field, Form, Kind, Section


def facts(organization: str, domain: str, lead: str) -> Facts:
    def person(name: str, title: str) -> Contact:
        return Contact(name, title, f"{name.split()[0].lower()}@{domain}")

    return Facts(
        name=organization,
        type="hospital",
        city="Peoria",
        state="IL",
        zip_code="61602",
        beds=220,
        people=(
            Contact("Nadia Brooks", "Quality director", lead),
            person("Hugo Marsh", "Nurse manager"),
            person("Imani Cole", "Data analyst"),
        ),
        leader=person("Vera Lindqvist", "Chief executive"),
        alternate=person("Oscar Reyes", "Chief medical officer"),
        area="Blood pressure control",
    )


def fill(page: Page, form: Form, section: Section, known: Facts, *, script: bool = True) -> None:
    """Every question of the section. Without script those that an answer brings come later."""
    answers = complete(form, known)
    for field in section.fields:
        if field.kind in ANSWERLESS or field.code not in answers:
            continue
        question = page.locator(f'[data-field="{field.code}"]')
        if not script and not question.count():
            continue
        expect(question).to_be_attached()
        if field.kind == Kind.TABLE:
            _fill_row_by_row(page, field, answers)
        else:
            asked = [*controls(field, answers)]
            if not script:
                asked = [one for one in asked if page.locator(f'[name="{one[1]}"]').count()]
            for _one, name, _value in asked:  # rows that an earlier answer brings may still come
                expect(page.locator(f'[name="{name}"]').first).to_be_attached()
            _give_all(page, asked)


def expect_filled(page: Page, form: Form, section: Section, known: Facts) -> None:
    """What was typed is still there."""
    answers = complete(form, known)
    for field in section.fields:
        for one, name, value in controls(field, answers) if field.code in answers else ():
            if one.kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.EMAIL):
                expect(page.locator(f'[name="{name}"]')).to_have_value(str(value))


def controls(field: Field, answers: Mapping[str, Any]) -> Iterator[tuple[Field, str, Any]]:
    """Each control of a question, by its name, with what goes into it."""
    value = answers[field.code]
    if field.kind == Kind.CONTACT:
        text = Field(code=field.code, kind=Kind.SHORT_TEXT, label=field.label)
        yield from ((text, f"{field.code}-{part}", given) for part, given in value.items())
    elif field.kind in (Kind.TABLE, Kind.GRID):
        rows = enumerate(value) if field.kind == Kind.TABLE else value.items()
        for at, row in rows:
            yield from row_controls(field, at, row)
    else:
        yield field, field.code, value
        if f"{field.code}_other" in answers:
            text = Field(code=field.code, kind=Kind.SHORT_TEXT, label=field.label)
            yield text, f"{field.code}_other", answers[f"{field.code}_other"]


def row_controls(
    field: Field, at: int | str, row: Mapping[str, Any]
) -> Iterator[tuple[Field, str, Any]]:
    for one in field.fields:
        if one.kind != Kind.CHOSEN_ROW:
            yield one, f"{field.code}-{at}-{one.code}", row[one.code]
        elif row[one.code]:
            yield one, f"{field.code}-{one.code}", at


def _fill_row_by_row(page: Page, table: Field, answers: Mapping[str, Any]) -> None:
    """Press “Add another” for each further row; the press keeps what was typed."""
    for number, row in enumerate(answers[table.code]):
        there = page.locator(f'[name^="{table.code}-{number}-"]')
        if not there.count():
            with page.expect_navigation():
                page.locator(f'button[name="_add"][value="{table.code}"]').click()
            expect(there.first).to_be_attached()
        _give_all(page, row_controls(table, number, row))


def _give_all(page: Page, controls: Iterable[tuple[Field, str, Any]]) -> None:
    for one, name, value in controls:
        _give(page, one, name, value)


def _give(page: Page, field: Field, name: str, value: Any) -> None:
    box = page.locator(f'[name="{name}"]')
    if field.shown_as == "select" and field.kind == Kind.SINGLE:
        box.select_option(str(value))
    elif field.kind in (Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.CHOSEN_ROW, Kind.MULTIPLE):
        for one in value if isinstance(value, list) else [value]:
            page.locator(f'[name="{name}"][value="{one}"]').check()
    elif field.kind == Kind.ACKNOWLEDGEMENT:
        box.check()
    else:
        box.fill(str(value))
