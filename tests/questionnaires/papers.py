"""Blank forms of the shipped programs, and hands that fill them in."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pypdf
from django.template.loader import render_to_string

from collaboratives.blueprints import load
from documents import pdf
from questionnaires import paper
from questionnaires.forms import controls
from questionnaires.paper import printing
from questionnaires.schema import Form
from tests.questionnaires.samples import Browser


def html(form: Form, *, language: str = "en", key: str = "apply-example", number: int = 1) -> str:
    facts = {
        "host": "Prairie Health Equity Network",
        "contact": "help@prairie.example",
        "name": "Learning Network",
        "number": number,
        "stamp": f"prairie/{key}/{number}/{language}",
        "published": "2026-11-22 16:00 UTC",
        "language": language,
    }
    return printing.page(form, facts)


def blank(form: Form, **more: Any) -> bytes:
    return pdf.render(html(form, **more), form=paper.STAMP)


@cache
def blank_of(program: str, language: str) -> bytes:
    return blank(load(program).form, language=language, key=f"apply-{program}")


def boxes_for(form: Form, answers: dict[str, Any]) -> dict[str, str]:
    """What a person types and ticks, by the names of the boxes: those of the web page."""
    found: dict[str, str] = {}
    for section in form.sections:
        steps = controls(form, section.code, answers, revisions={})
        page = Browser(render_to_string("questionnaires/_fields.html", {"controls": steps}))
        kinds = {step.name: step for step in steps if step.name}
        for name, value in page.sent:
            if name.startswith("_rev") or not value:
                continue
            step = kinds.get(name)
            if step is not None and step.type == "checkbox":
                found[f"{name}{paper.TICKED}{value}"] = "on"
            else:
                found[name] = value.replace("\r\n", "\n")
    return found


def filled_by_pypdf(blank: bytes, boxes: dict[str, str]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(blank)))
    fields = writer.get_fields() or {}
    values = {
        name: f"/{value}" if fields[name].get("/FT") == "/Btn" else value
        for name, value in boxes.items()
    }
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def names_of(blank: bytes) -> set[str]:
    with pikepdf.open(BytesIO(blank)) as document:
        return {str(field.T) for field in document.Root.AcroForm.Fields}
