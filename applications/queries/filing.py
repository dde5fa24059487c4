"""Which application does a mailed letter belong to? Read from the subject line of the email."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from applications.models import Application, ApplicationQuerySet, Letter
from applications.states import Status
from collaboratives.blueprints.schema import Letter as LetterTerms
from collaboratives.models import Cohort

PREFIX = re.compile(r"^\s*((re|fw|fwd|rv|wg|aw)\s*:\s*)+", re.IGNORECASE)
DASHES = re.compile(r"\s*[\u2010-\u2015\u2212-]+\s*")
ALIKE = 0.6
COMMON = {"the", "of", "and", "health", "hospital", "medical", "center", "centre", "system", "de"}


@dataclass(frozen=True)
class Suggestion:
    application: Application
    alike: float  # 0 to 1: how near its organization's name is to the subject's


def plain(text: str) -> str:
    """Without accents, case, kinds of dashes, quotes and a last full stop: as people retype it."""
    text = unicodedata.normalize("NFKD", PREFIX.sub("", text)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = DASHES.sub(" - ", text)
    return " ".join(text.split()).strip(" .'\"“”‘’")


def organization_in(subject: str, template: str) -> str:
    """The organization that a subject line names by the program's template; "" without one."""
    before, _mark, after = plain(template.replace("{organization}", "\0")).partition("\0")
    before, after = before.strip(), after.strip()
    given = plain(subject)
    if not given.startswith(before) or not given.endswith(after):
        return ""
    return given[len(before) : len(given) - len(after)].strip(" -.'\"“”‘’")


def suggestions(
    cohort: Cohort, subject: str, letters: tuple[LetterTerms, ...], visible: ApplicationQuerySet
) -> list[Suggestion]:
    """The applications of a cohort that a mail with this subject may be about, likeliest first.

    Also drafts: a letter often comes before the form. Nothing of a draft is read but its name.
    """
    found = (organization_in(subject, one.subject) for one in letters if one.subject)
    wanted = next((name for name in found if name), "") or plain(subject)
    words = sorted({word for word in re.findall(r"\w+", wanted) if len(word) > 2}, key=len)
    telling = [word for word in words if word not in COMMON][-6:] or words[-3:]
    if not telling:
        return []
    near = Q()
    for word in telling:
        near |= Q(organization_name__icontains=word) | Q(reference__iexact=subject.strip())
    named = (
        visible.filter(near, cohort=cohort)
        .exclude(status=Status.WITHDRAWN)
        .select_related("cohort")
        .order_by("pk")[:200]
    )
    ranked = [
        Suggestion(one, SequenceMatcher(None, plain(one.organization_name), wanted).ratio())
        for one in named
    ]
    likely = [
        one
        for one in ranked
        if one.alike >= ALIKE or plain(one.application.organization_name) in wanted
    ]
    return sorted(likely, key=lambda one: -one.alike)[:5]


def letters_to_check(cohort: Cohort, visible: ApplicationQuerySet) -> list[Letter]:
    """Letters of received applications that nobody has read yet, the oldest first."""
    received = visible.received().filter(cohort=cohort)
    return list(
        Letter.objects.to_check()
        .filter(slot="letter", application__in=received.values("pk"))
        .select_related("application__cohort")
        .order_by("received_at", "pk")[:100]
    )
