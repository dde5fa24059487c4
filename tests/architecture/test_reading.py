"""Whatever an applicant reads can be read with eight years of school, in English and in Spanish:
pages, mails, what is said when something is refused, and the questions of every program.

Found by the URLs that are open to people who are not staff, never by a list of pages. Sentences
are measured as they stand in the source, a short word in the place of each name or date.
"""

import ast
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from accounts.access import access_of
from collaboratives.blueprints import keys, load
from questionnaires.schema import Text
from tests.architecture.test_access import all_urls
from tests.architecture.test_language import entries
from tests.collaboratives.test_blueprints import texts
from tests.reading import (
    SHORTEST,
    TEMPLATES,
    ease,
    ends_of,
    grade,
    said_by_module,
    said_by_template,
    spoken,
    whole,
    with_included,
    words_of,
)

HIGHEST_GRADE, LEAST_EASE, LONGEST = 8, 70, 20
FEW = 25  # words: too few to measure alone, so these are measured together
TO_APPLICANTS = {"public", "signed_in", "link", "library"}
INTAKE = ("applications", "accounts", "config")
MAILS = ("emails/applications", "emails/accounts", "account/email")
SAY_NO = ("applications", "accounts", "questionnaires", "documents", "collaboratives")
FOR_STAFF = (
    "questionnaires/editor",
    "applications/views/releasing.py",
    "applications/emails/",
    "collaboratives/queries/cohort_measures.py",
)


def pages() -> Iterator[tuple[str, list[str]]]:
    """By template that somebody who applies can be shown: what it says."""
    found = {str(one.relative_to(TEMPLATES)) for one in (TEMPLATES / "account").glob("*.html")}
    for _route, pattern in all_urls(get_resolver().url_patterns):
        access = access_of(pattern.callback, pattern.name)
        module = pattern.callback.__module__
        ours = module.startswith(INTAKE) or access.kind == "public"
        if access.kind in TO_APPLICANTS and ours:
            found |= rendered_by(module)
    for name in sorted(with_included(found)):
        yield name, said_by_template(name)


def rendered_by(name: str) -> set[str]:
    """The templates that a module of views names outside the views of staff."""
    module = importlib.import_module(name)
    found = set()
    for part in ast.parse(Path(module.__file__).read_text()).body:
        access = getattr(getattr(module, getattr(part, "name", ""), None), "access", None)
        if access is None or access.kind in TO_APPLICANTS:
            found |= {
                node.value
                for node in ast.walk(part)
                if isinstance(node, ast.Constant) and str(node.value).endswith(".html")
            }
    return found


def mails() -> Iterator[tuple[str, list[str]]]:
    for folder in MAILS:
        for path in sorted((TEMPLATES / folder).glob("*.txt")):
            name = str(path.relative_to(TEMPLATES))
            yield name, said_by_template(name)


def refusals() -> Iterator[tuple[str, list[str]]]:
    """By module of the rooms below an application: errors, notices, words of states."""
    for room in SAY_NO:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            name = str(path.relative_to(settings.BASE_DIR))
            if not name.startswith(FOR_STAFF):
                yield name, said_by_module(path)


def together(units: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """The units that are long enough to be measured, and all others as one."""
    rest: list[str] = []
    for name, said in units:
        sentences = whole(said)
        if sum(len(words_of(one)) for one in sentences) >= FEW:
            yield name, sentences
        else:
            rest += sentences
    yield "all shorter ones", rest


def too_hard(english: list[str]) -> list[str]:
    found = []
    if english and (at := grade(map(spoken, english))) > HIGHEST_GRADE:
        found.append(f"grade {at:.1f}")
    for text in english:
        long = [part for part in ends_of(spoken(text)) if len(words_of(part)) > LONGEST]
        found += [f"{len(words_of(part))} words: {part}" for part in long]
    return found


@pytest.mark.parametrize("units", [pages, mails, refusals], ids=lambda units: units.__name__)
def test_what_the_product_says_is_plain(units):
    translated, faults, spanish = entries(), {}, []
    for name, sentences in together(units()):
        spanish += [translated[one] for one in sentences if one in translated]
        if hard := too_hard(sentences):
            faults[name] = hard
    assert faults == {}
    assert len(spanish) > 60
    assert ease(map(spoken, spanish)) >= LEAST_EASE


# --- the programs ------------------------------------------------------------------------------


def parts_of(blueprint) -> Iterator[tuple[str, list[Text]]]:
    """Each section of the form by itself, and everything else that the program says."""
    for section in blueprint.form.sections:
        yield section.code, list(texts(section))
    for name in type(blueprint).model_fields:
        if name != "form":
            yield name, list(texts(getattr(blueprint, name)))


@pytest.mark.parametrize("key", keys())
def test_what_the_programs_ask_and_say_is_plain(key):
    faults, short = {}, []
    for name, said in [*parts_of(load(key)), ("all shorter ones", short)]:
        read = [one for one in said if len(words_of(one.en)) >= SHORTEST]
        if said is not short and sum(len(words_of(one.en)) for one in read) < FEW:
            short += read
        elif hard := too_hard([one.en for one in read]):
            faults[name] = hard
    assert faults == {}
    spanish = [one.es for one in texts(load(key)) if len(words_of(one.en)) >= SHORTEST]
    assert ease(spanish) >= LEAST_EASE
