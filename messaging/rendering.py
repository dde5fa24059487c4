"""From template and context to subject, text and HTML, in the reader's language."""

from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def _plain(name: str, context: dict[str, Any]) -> str:
    """Text is not HTML: an apostrophe stays an apostrophe."""
    return get_template(name).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]


def render(template: str, context: dict[str, Any], *, language: str) -> Rendered:
    """`applications/received` reads `emails/applications/received{_subject.txt,.txt,.html}`."""
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        return Rendered(
            subject=" ".join(_plain(f"emails/{template}_subject.txt", context).split()),
            text=_plain(f"emails/{template}.txt", context).strip() + "\n",
            html=_inliner.inline(get_template(f"emails/{template}.html").render(context)),
        )
