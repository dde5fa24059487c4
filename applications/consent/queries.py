"""A person's own answers, and the sheet they answer about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from accounts.models import User
from applications.consent.models import ConsentRecord
from applications.models import Application, ApplicationPerson
from collaboratives.blueprints.schema import ConsentDocument
from collaboratives.models import Team


@dataclass(frozen=True)
class Sheet:
    """The document as it is shown now. sha256: of its words in every language."""

    document: ConsentDocument
    sha256: str

    @property
    def code(self) -> str:
        return self.document.code

    @property
    def version(self) -> int:
        return self.document.version

    def words(self, language: str) -> dict[str, Any]:
        """The sheet in one language, as it is printed."""
        parts = [(one.title.to(language), one.text.to(language)) for one in self.document.sections]
        return {
            "title": self.document.title.to(language),
            "version": self.version,
            "parts": [{"title": title, "text": text} for title, text in parts],
        }


def sheet_of(application: Application) -> Sheet | None:
    """The study's sheet of this program; None when it has no study."""
    document = application.cohort.program.blueprint.consent
    if document is None:
        return None
    words = json.dumps(document.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return Sheet(document, sha256(words.encode()).hexdigest())


def newest(application: Application, person: User) -> ConsentRecord | None:
    """This person's last answer; nobody else's can be asked for."""
    return ConsentRecord.objects.visible_to(person).filter(cohort=application.cohort).first()


def has_answered(application: Application, person: User) -> bool:
    """Whether this person has answered about the sheet as it is now: a new version asks again."""
    sheet, last = sheet_of(application), newest(application, person)
    return sheet is not None and last is not None and last.version == str(sheet.version)


def application_of(reference: str, person: User) -> Application | None:
    """The application through which a person takes part: their own, or that of their team."""
    own = Application.objects.visible_to(person).for_page().filter(reference=reference).first()
    if own is not None:
        return own
    teams = Team.objects.visible_to(person).filter(application_reference=reference)
    if not teams.exists():
        return None
    return Application.objects.for_page().filter(reference=reference).first()


def works_on(application: Application, person: User) -> bool:
    """Otherwise they are here through the team that came of it."""
    return ApplicationPerson.objects.present().filter(application=application, user=person).exists()


def own_history(application: Application, person: User) -> list[ConsentRecord]:
    return list(ConsentRecord.objects.visible_to(person).filter(cohort=application.cohort))
