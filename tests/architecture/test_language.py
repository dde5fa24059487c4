"""English and Spanish say the same things."""

import gettext
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tests.factories.collaboratives import CohortFactory

CATALOG = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def entries() -> dict[str, str]:
    with (CATALOG / "django.mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog
    return {key: value for key, value in catalog.items() if isinstance(key, str) and key}


def test_every_message_has_its_spanish():
    text = (CATALOG / "django.po").read_text()
    assert "#, fuzzy" not in text
    assert re.findall(r'^msgstr(?:\[\d\])? ""\n\n', text, flags=re.M) == []
    assert len(entries()) > 1800


def test_placeholders_survive_translation():
    lost = [
        english
        for english, spanish in entries().items()
        if set(PLACES.findall(english)) != set(PLACES.findall(spanish))
    ]
    assert lost == []


@pytest.mark.django_db
def test_a_visitor_reads_the_program_in_spanish(client, host):
    cohort = CohortFactory(host=host)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = client.get(reverse("collaboratives:cohort", args=[host.slug, cohort.slug]))
    text = page.content.decode()
    assert '<html lang="es"' in text
    assert "Iniciar sesión" in text
    with translation.override("es"):
        assert str(cohort.program.blueprint.summary) in text
