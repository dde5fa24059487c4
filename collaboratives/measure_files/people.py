"""Recognising data about single people, which is never kept, from a file or typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from collaboratives.measure_files.expected import Unreadable, plain

# Columns that hold one person's data. Words are compared after `_plain`.
PERSONAL = {
    "account number", "address", "birth date", "birthdate", "date of birth", "dob", "email",
    "encounter id", "first name", "full name", "home address", "last name", "mail",
    "medical record", "medical record number", "member id", "mrn", "name", "nhs number",
    "patient", "patient id", "patient identifier", "patient name", "patientid", "person id",
    "phone", "phone number", "social security", "social security number", "ssn", "street",
    "subject id", "surname", "telephone", "nombre", "apellido", "fecha de nacimiento",
}  # fmt: skip
SOCIAL_SECURITY = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

DATE_OF_BIRTH = re.compile(r"\b(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/(19|20)\d\d\b")
NAMED = re.compile(r"^[^\W\d_]+, ?[^\W\d_]+( [^\W\d_]+)?$")
FEWEST_ROWS = 20


def tells_of_a_person(text: str) -> bool:
    """An email address or a social security number, anywhere in a cell."""
    return bool(SOCIAL_SECURITY.search(text) or EMAIL.search(text))


def typed_about_a_person(text: str) -> bool:
    """What nobody types into a box for a count: an address, a birthday, Last, First."""
    text = text.strip()
    return bool(tells_of_a_person(text) or DATE_OF_BIRTH.search(text) or NAMED.search(text))


def refuse_columns(cells: Iterable[str]) -> None:
    """Raises Unreadable for a header that names a person's data."""
    for cell in cells:
        if plain(cell) in PERSONAL:
            raise Unreadable(
                _(
                    "This file has a column “%(column)s”. Send counts for groups, never rows "
                    "about people. Nothing of this file was kept."
                )
                % {"column": cell.strip()[:40]},
                personal=True,
            )


def refuse_cells(cells: Iterable[str]) -> None:
    """Raises Unreadable when one of the cells tells of a person."""
    if any(tells_of_a_person(cell) for cell in cells):
        raise Unreadable(
            _(
                "This file holds what looks like social security numbers or email "
                "addresses. Send counts for groups. Nothing of this file was kept."
            ),
            personal=True,
        )


def refuse_shape(*, rows: int, ones: int, repeated: int, has_sites: bool) -> None:
    """Raises Unreadable when nearly every row counts one person, over and over.

    ones: rows of 0 or 1 out of 1. repeated: rows whose month and group were there before; where
    rows have a site that tells nothing, since patients may stand in its column.
    """
    if rows >= FEWEST_ROWS and ones > 0.9 * rows and (has_sites or repeated > 0.5 * rows):
        raise Unreadable(
            _(
                "This file looks like one row for each patient. Send one row for each month and "
                "group, with counts. Nothing of this file was kept."
            ),
            personal=True,
        )
