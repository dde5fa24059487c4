"""The same list by stage: a column for each state, with the moves its cards allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from applications.models import ApplicationQuerySet
from applications.queries.listing import SORTS, ListQuery, all_words, dress, listed
from applications.states import Status, machine
from collaboratives.models import Cohort

SHOWN = 20  # cards of a column; the list has them all
COLUMNS = (
    *(Status.SUBMITTED, Status.INFO_ASKED, Status.IN_REVIEW, Status.DECIDED),
    *(Status.RELEASED, Status.OFFER_ACCEPTED, Status.OFFER_DECLINED, Status.OFFER_EXPIRED),
)
# What staff do to an application; where its words are typed, if it needs any.
POSTED = ("begin_review", "undo_decision")
ELSEWHERE = {"ask": "#side-ask", "decide": "#side-decision"}


@dataclass
class BoardColumn:
    """One state. number: how many stand there; cards: the first of them."""

    status: Status
    number: int = 0
    cards: list[Any] = field(default_factory=list)
    all_url: str = ""

    @property
    def more(self) -> int:
        return self.number - len(self.cards)


def board(
    cohort: Cohort, wanted: ListQuery, visible: ApplicationQuerySet, *, base: str
) -> list[BoardColumn]:
    """Every column, in one query. base: the address of the list."""
    place = Window(RowNumber(), partition_by=F("status"), order_by=_order(wanted))
    number = Window(Count("*"), partition_by=F("status"))
    found = listed(cohort, wanted, visible).filter(status__in=COLUMNS).for_list()
    ranked = found.annotate(place=place, number=number).filter(place__lte=SHOWN)
    cards: dict[str, list[Any]] = defaultdict(list)
    words, query = all_words(), wanted.but()
    one: Any
    for one in ranked:
        dress(one, base, query)
        one.decision = words[one.outcome]
        one.moves = moves(one, base, query, words)
        cards[one.status].append(one)
    return [
        BoardColumn(
            status=status,
            number=cards[status][0].number if cards[status] else 0,
            cards=cards[status],
            all_url=base + wanted.but(stage=status.value),
        )
        for status in COLUMNS
    ]


def _order(wanted: ListQuery) -> list[Any]:
    return [
        (F(one.removeprefix("-")).desc() if one.startswith("-") else F(one).asc())
        if isinstance(one, str)
        else one
        for one in SORTS[wanted.sort]
    ]


def moves(one: Any, base: str, query: str, words: Mapping[str, str]) -> list[dict[str, str]]:
    """Where this card may go, as the state machine allows: by a button, or on the page where
    the words for it are typed."""
    found = [
        {"verb": verb, "to": words[machine.target(verb, one.status)], "url": ""}
        for verb in POSTED
        if machine.allows(verb, one.status)
    ]
    found += [
        {"verb": verb, "to": words[machine.target(verb, one.status)], "url": one.url + anchor}
        for verb, anchor in ELSEWHERE.items()
        if machine.allows(verb, one.status) and machine.target(verb, one.status) != one.status
    ]
    if machine.allows("release", one.status):
        url = f"{base}release/?pick={one.reference}"
        found.append({"verb": "release", "to": words[Status.RELEASED], "url": url})
    return found
