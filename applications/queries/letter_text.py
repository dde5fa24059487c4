"""The words of a letter: to print and sign, or to sign by typing a name under them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Application, Letter
from collaboratives.blueprints.schema import Letter as LetterTerms
from documents import word


@dataclass(frozen=True)
class LetterText:
    """In one language. points: what the program asks the letter to cover. signers: their parts."""

    language: str
    title: str
    greeting: str
    opening: str
    lead_in: str
    points: tuple[str, ...]
    signers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "points": list(self.points), "signers": list(self.signers)}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> LetterText:
        return cls(**{**kept, "points": tuple(kept["points"]), "signers": tuple(kept["signers"])})

    @property
    def sha256(self) -> str:
        words = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return sha256(words.encode()).hexdigest()


def signer_names(terms: LetterTerms | None, codes: list[str]) -> list[str]:
    """“CEO”, “Board Chair”: the program's words for those who sign."""
    known = {one.code: str(one.text) for one in terms.signatories} if terms else {}
    return [known.get(code, code) for code in codes]


def letter_text(application: Application, letter: Letter) -> LetterText:
    """The letter that the program asks for, in the active language."""
    terms = application.cohort.program.blueprint.letter(letter.terms) if letter.terms else None
    points = tuple(str(point.text) for point in terms.points) if terms else ()
    return LetterText(
        language=(get_language() or "en")[:2],
        title=str(terms.label) if terms else letter.name,
        greeting=_("To %(host)s:") % {"host": application.cohort.host.name},
        opening=_(
            "I write for %(organization)s. I support its application to %(cohort)s, and I stand "
            "behind the team that does this work."
        )
        % {"organization": application.organization_name, "cohort": application.cohort.name},
        lead_in=_("I confirm this for our organization:") if points else "",
        points=points,
        signers=tuple(signer_names(terms, letter.signatories)),
    )


def as_docx(text: LetterText) -> bytes:
    """A letter to put on letterhead, change where needed, sign and send back."""
    lines: list[str | list[str]] = [
        _("Date: ____________________"),
        text.greeting,
        text.opening,
        text.lead_in,
        list(text.points),
    ]
    for signer in text.signers or ("",):
        title = _("Title: ____________________")
        lines += [
            _("Signature: ____________________"),
            _("Name: ____________________"),
            f"{title} ({signer})" if signer else title,
        ]
    return word.made(text.title, [one for one in lines if one], language=text.language)
