"""Rules that every template keeps, whoever wrote it."""

import re
from pathlib import Path

from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
TEXTS = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.txt"))
# Mail has its styles inlined when it is sent; no browser of ours shows it.
PAGES = [name for name in TEMPLATES if not name.startswith("emails/") and "/email/" not in name]


def markup(name: str) -> str:
    """The template without its comments."""
    text = (ROOT / name).read_text()
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", text, flags=re.DOTALL)


def html(name: str) -> str:
    """The template without tags and variables."""
    return re.sub(r"{%.*?%}|{{.*?}}", "", markup(name), flags=re.DOTALL)


def found(pattern: str, names: list[str], read=html) -> dict[str, list[str]]:
    matches = {name: re.findall(pattern, read(name)) for name in names}
    return {name: faults for name, faults in matches.items() if faults}


def test_all_compile() -> None:
    assert len(TEMPLATES) > 100
    for name in TEMPLATES + TEXTS:
        get_template(name)


def test_no_style_and_script_inside() -> None:
    """The content policy refuses both."""
    assert found(r"\sstyle=|<style\b|\son\w+=|javascript:|hx-on|hx-vals=.js:", PAGES) == {}
    assert found(r"<script(?![^>]*\bsrc=)[^>]*>", PAGES, markup) == {}


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert found(r"""(?:src|href|action)=["'](?:https?:)?//""", TEMPLATES, markup) == {}


def test_what_people_wrote_is_escaped() -> None:
    """Only what our own code made is shown as it is: drawings, and the help text of a form."""
    unescaped = found(r"{{([^}]*)\|\s*safe(?:seq)?\b|(autoescape off)", TEMPLATES, markup)
    assert {one for faults in unescaped.values() for one, _ in faults if one[-4:] != ".svg"} == {
        " field.help_text"
    }
    assert [name for name, faults in unescaped.items() if any(off for _, off in faults)] == []


def test_buttons_and_boxes_are_honest() -> None:
    """No disabled button, no jump in the order of focus."""
    assert found(r"""tabindex=["'][1-9]|<button[^>]*\sdisabled""", PAGES) == {}


def test_a_form_in_a_part_gets_its_seal() -> None:
    """A part that is included with `only` knows no token unless it is given: without script its
    form would be refused."""
    sealed = {name for name in PAGES if "{% csrf_token %}" in markup(name)}
    included = found(r'{% include "([^"]+)"([^%]*\bonly\s*)%}', PAGES, markup)
    lacking = {
        f"{name} includes {part}"
        for name, parts in included.items()
        for part, given in parts
        if part in sealed and "csrf_token=csrf_token" not in given
    }
    assert lacking == set()


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (ROOT.parent / "static/img/icons.svg").read_text()
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = found(r'{% icon "([\w-]+)"', TEMPLATES, markup)
    assert {name: set(icons) - there for name, icons in used.items() if set(icons) - there} == {}
