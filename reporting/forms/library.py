"""What is looked for in the library, from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from urllib.parse import urlencode

from reporting.queries.library import Wanted

MOST = 120


def wanted_from(asked: Mapping[str, str]) -> Wanted:
    names = [field.name for field in fields(Wanted)]
    return Wanted(
        **{name: asked.get(name, "").replace("\x00", "").strip()[:MOST] for name in names}
    )


def address_of(wanted: Wanted) -> str:
    """The same as a query string, without what is empty."""
    given = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return urlencode({name: value for name, value in given.items() if value})
