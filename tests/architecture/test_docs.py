"""The pages that say how the house is built say what is so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config import states_doc

ROOT: Path = settings.BASE_DIR


def test_the_page_of_states_is_up_to_date():
    """If this fails: python manage.py write_states"""
    assert (ROOT / "docs" / "states.md").read_text() == states_doc.text()


def test_the_floor_plan_names_every_room():
    plan = (ROOT / "docs" / "architecture.md").read_text()
    for app in settings.INSTALLED_APPS:
        if "." not in app and (ROOT / app).is_dir():
            assert f"{app}/" in plan, app


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_is_short_and_whole(page):
    text = page.read_text()
    assert len(text.split()) < 400
    for part in ("Context", "Decision", "Consequences", "Alternatives"):
        assert part in text, part


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/glossary.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
