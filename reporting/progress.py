"""How far a team has come: levels from 0.5 to 5, and which of them its facts suggest.

Pure: no query and no number of a group. The words are ours; a person has the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Facts:
    """What the product knows of a team by a report, as its reader may see it.

    people: on the roster. charter: None where the program asks for none. months: with numbers in
    the fullest measure. learned: tests with what came of them. gain: a chart shows a shift in the
    right direction. closing: a gap became smaller, not by chance and not because others did worse.
    """

    people: int = 0
    has_lead: bool = False
    has_leader: bool = False
    aim: bool = False
    charter: bool | None = None
    months: int = 0
    tests: int = 0
    learned: int = 0
    gain: bool = False
    closing: bool = False
    adopted: bool = False
    spread: bool = False


@dataclass(frozen=True)
class Level:
    """prompt: what to think of when saying what shows it. fact: what the product looks for."""

    value: Decimal
    name: Promise | str
    text: Promise | str
    fact: Promise | str
    prompt: Promise | str
    holds: Callable[[Facts], bool]


def _level(
    value: str,
    name: Promise | str,
    text: Promise | str,
    fact: Promise | str,
    prompt: Promise | str,
    *,
    holds: Callable[[Facts], bool],
) -> Level:
    return Level(Decimal(value), name, text, fact, prompt, holds)


LEVELS: tuple[Level, ...] = (
    _level(
        "0.5",
        _("Joined"),
        _("We have joined and begin."),
        _("There is a team"),
        _("Who is in, and who is still missing?"),
        holds=lambda facts: True,
    ),
    _level(
        "1.0",
        _("Team in place"),
        _("People, a lead and a senior leader are named."),
        _("Three people or more, with a lead and a senior leader"),
        _("Who does what? Who speaks for patients and the community?"),
        holds=lambda facts: facts.people >= 3 and facts.has_lead and facts.has_leader,
    ),
    _level(
        "1.5",
        _("Direction set"),
        _("We know what should be better, for whom, and by when."),
        _("An aim is written, and the charter signed where there is one"),
        _("What is your aim? Who agreed to it?"),
        holds=lambda facts: facts.aim and facts.charter is not False,
    ),
    _level(
        "2.0",
        _("Ready to test"),
        _("We count what matters by group, and have something to try."),
        _("Numbers of one month, and one change to test"),
        _("Which numbers do you look at, and how often?"),
        holds=lambda facts: facts.months >= 1 and facts.tests >= 1,
    ),
    _level(
        "2.5",
        _("Testing"),
        _("We have tried a change and know what came of it."),
        _("One test with what you learned"),
        _("Which test, and what did you learn from it?"),
        holds=lambda facts: facts.learned >= 1,
    ),
    _level(
        "3.0",
        _("Learning from tests"),
        _("Tests build on each other, and our numbers are long enough to read."),
        _("Two tests with what you learned, and numbers of six months"),
        _("What do you do another way because of a test?"),
        holds=lambda facts: facts.learned >= 2 and facts.months >= 6,
    ),
    _level(
        "3.5",
        _("First gains"),
        _("A measure moves the right way, more than chance would."),
        _("A chart shows a shift in the right direction"),
        _("Which chart, since when, and what do you think did it?"),
        holds=lambda facts: facts.gain,
    ),
    _level(
        "4.0",
        _("Gap closing"),
        _("The group that was worse off catches up."),
        _("A gap became smaller because the group did better"),
        _("Which gap? What do people of that group say?"),
        holds=lambda facts: facts.closing,
    ),
    _level(
        "4.5",
        _("In daily work"),
        _("What helped is how we work now, whoever is on duty."),
        _("A change was adopted, or a project is in daily work"),
        _("Where is it written down, and who looks after it?"),
        holds=lambda facts: facts.adopted,
    ),
    _level(
        "5.0",
        _("Held and spread"),
        _("The gain has lasted, and others do it too."),
        _("A project goes to scale or is sustained"),
        _("Where else is it done, and how do you keep it?"),
        holds=lambda facts: facts.spread,
    ),
)
VALUES = tuple(level.value for level in LEVELS)


def suggested(facts: Facts) -> Decimal:
    """The highest level that holds with every one below it: a step is never left out."""
    reached = LEVELS[0].value
    for level in LEVELS:
        if not level.holds(facts):
            break
        reached = level.value
    return reached


def level_of(value: Decimal) -> Level:
    return next(level for level in LEVELS if level.value == value)
