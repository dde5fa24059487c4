"""What a report for funders says, in the reader's language: page, PDF and data read the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from collaboratives.models import Cohort
from collaboratives.queries.cohort_measures import reason_words
from collaboratives.queries.gap_movements import WORDS as MOVED
from collaboratives.queries.measure_charts.words import month_words
from reporting.queries.signs import SIGNS
from reporting.states import Act

FEWEST_FOR_PERCENT = 5  # of fewer teams a share says less than the count
SHARES = {"all": _lazy("All teams"), "most": _lazy("Most teams"), "some": _lazy("Some teams")}

# By code: the words, and how it is counted.
FACTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "organizations": (_lazy("Organizations"), _lazy("That have or had a team.")),
    "joined": (_lazy("Teams that joined"), _lazy("All that ever took a seat.")),
    "running": (_lazy("Teams under way"), _lazy("Those that have not left.")),
    "people": (_lazy("People on the teams"), _lazy("On the rosters of teams under way.")),
    "sessions": (_lazy("Sessions held"), _lazy("Published and over; all kinds.")),
    "came": (
        _lazy("Attendance"),
        _lazy("Sessions that a team was asked to, and where somebody of it came or made it up."),
    ),
    "calls": (_lazy("Calls of senior leaders held"), _lazy("Sessions of that kind that are over.")),
    "sent": (_lazy("Reports sent"), _lazy("Of those in or late. A skipped one is not late.")),
    "replied": (_lazy("Leader replies"), _lazy("Of the reports that are in.")),
    "reply_days": (
        _lazy("Days until a leader replied"), _lazy("The middle one of all replies.")
    ),
    "tested": (_lazy("Changes tested"), _lazy("All that teams wrote down.")),
    "adopt": (Act.ADOPT.label, _lazy("Of the changes tested.")),
    "adapt": (Act.ADAPT.label, _lazy("Of the changes tested.")),
    "abandon": (Act.ABANDON.label, _lazy("Of the changes tested.")),
    "testing": (Act.TESTING.label, _lazy("Of the changes tested.")),
    "signed": (_lazy("Charters signed"), _lazy("Signed by all who were asked.")),
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One number. of: of how many; None where it is a plain count. notes: codes of footnotes."""

    code: str
    label: str
    n: int | None
    of: int | None = None
    notes: tuple[str, ...] = ()
    expected: str = ""  # of how many teams the program expects it
    marks: tuple[int, ...] = ()  # numbers of its footnotes

    @property
    def words(self) -> str:
        if self.n is None:
            return "–"
        if self.of is None:
            return str(self.n)
        said = _("%(n)s of %(all)s") % {"n": self.n, "all": self.of}
        if self.of < FEWEST_FOR_PERCENT:
            return said
        return f"{said} ({round(100 * self.n / self.of)}%)"


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    facts: list[Fact]


@dataclass(frozen=True)
class Note:
    number: int
    text: str


@dataclass(frozen=True)
class Rate:
    """A pooled rate, or why there is none."""

    name: str
    rate: str
    words: str


@dataclass(frozen=True)
class PooledGap:
    """The gap of all teams together, or why there is none. points: now, as data."""

    slug: str
    name: str
    between: str
    was: str
    now: str
    words: str


@dataclass(frozen=True)
class TeamWords:
    """cells: (heading, words)."""

    name: str
    cells: list[tuple[str, str]]
    shows: list[str]


@dataclass(frozen=True)
class FunderPage:
    title: str
    program: str
    made_on: date
    starts_on: date
    ends_on: date
    sections: list[Section]
    outcomes: list[Fact]
    gaps: list[Fact]
    rates: list[Rate]
    pooled_gaps: list[PooledGap]
    heads: list[str]
    teams: list[TeamWords]
    notes: list[Note]

    @property
    def says_what_is_expected(self) -> bool:
        return any(one.expected for one in self.outcomes)


def _fact(code: str, n: Any, *notes: str) -> Fact:
    n, of = n if isinstance(n, list) else (n, None)
    return Fact(code, str(FACTS[code][0]), n, of, notes)


def sections_of(content: Mapping[str, Any], cohort: Cohort) -> list[Section]:
    reach, part = content["reach"], content["taking_part"]
    few = ("left",) if reach["joined"] > reach["running"] else ()
    found = [
        Section(
            "reach",
            _("Reach"),
            [
                _fact("organizations", reach["organizations"]),
                _fact("joined", reach["joined"]),
                _fact("running", reach["running"], *few),
                _fact("people", reach["people"], *few),
            ],
        )
    ]
    taking_part = [_fact("sessions", part["sessions"]), _fact("came", part["came"], "came")]
    if part["calls"] is not None:
        taking_part.append(_fact("calls", part["calls"]))
    found.append(Section("taking_part", _("Taking part"), taking_part))
    if content["reports"] is not None:
        found.append(Section("reports", _("Reports"), _of_reports(content["reports"])))
    if content["charters"] is not None:
        found.append(Section("charters", _("Charters"), _of_charters(content["charters"], cohort)))
    return found


def _of_reports(reports: Mapping[str, Any]) -> list[Fact]:
    facts = [_fact("sent", reports["sent"])]
    if reports["replied"] is not None:
        facts.append(_fact("replied", reports["replied"]))
        if reports["reply_days"] is not None:
            facts.append(_fact("reply_days", reports["reply_days"]))
    tested = reports["tested"]
    facts.append(_fact("tested", sum(tested.values())))
    order = ("adopt", "adapt", "abandon", "testing")
    return facts + [_fact(act, tested[act]) for act in order if act in tested]


def _of_charters(charters: Mapping[str, Any], cohort: Cohort) -> list[Fact]:
    language = get_language() or "en"
    domains = cohort.program.blueprint.charter.domains
    labels = {one.code: one.text.to(language) for one in domains}
    facts = [_fact("signed", charters["signed"])]
    order = [*labels, *(code for code in charters["domains"] if code not in labels)]
    for code in order:
        n = charters["domains"].get(code)
        if n is None:
            continue
        label = _("Commitments: %(domain)s") % {"domain": labels.get(code, code)}
        facts.append(Fact(f"domain_{code}", label, n))
    return facts


def outcomes_of(content: Mapping[str, Any]) -> list[Fact]:
    """S4-08 to S4-12: the share of teams that shows each, beside what the program expects."""
    found = []
    for code in sign_codes(content):
        counted = content["signs"][code]
        expected = content["expected"].get(code, {})
        notes = [f"how-{code}"]
        if counted["untold"]:
            notes.append(f"untold-{code}")
        label = expected.get((get_language() or "en")[:2]) or str(SIGNS[code][0])
        share = str(SHARES[expected["share"]]) if expected.get("share") else ""
        found.append(Fact(code, label, counted["yes"], counted["of"], tuple(notes), share))
    return found


def sign_codes(content: Mapping[str, Any]) -> list[str]:
    """In their own order, which JSON does not keep."""
    return [code for code in SIGNS if code in content["signs"]]


def gaps_of(content: Mapping[str, Any]) -> list[Fact]:
    notes = {"closing": ("gap",), "others_worse": ("others_worse",), "untold": ("untold",)}
    return [
        Fact(code, str(MOVED[code]), content["gaps"][code], None, notes.get(code, ()))
        for code in MOVED
        if code in content["gaps"]
    ]


def rates_of(content: Mapping[str, Any]) -> list[Rate]:
    return [_rate(one) for one in content["pooled"]]


def _rate(one: Mapping[str, Any]) -> Rate:
    if "reason" in one:
        return Rate(one["name"], "–", no_rate_words(one["reason"]))
    months = [month_words(date.fromisoformat(one[key])) for key in ("first_month", "last_month")]
    words = ngettext(
        "%(n)s organization, %(first)s to %(last)s",
        "%(n)s organizations, %(first)s to %(last)s",
        one["organizations"],
    ) % {"n": one["organizations"], "first": months[0], "last": months[1]}
    return Rate(one["name"], f"{one['percent']}%", words)


def no_rate_words(reason: str) -> str:
    if reason == "nobody-gave-one-out":
        return _("No benchmark has been given out.")
    return reason_words(reason.replace("-", " "))


def _pooled_gap(one: Mapping[str, Any]) -> PooledGap:
    if "reason" in one:
        reasons = {
            "few": _("Fewer than five organizations have numbers."),
            "groups": _("No group that teams have in common is behind."),
        }
        return PooledGap(one["slug"], one["name"], "", "–", "–", reasons[one["reason"]])
    now, low, high = (f"{one[name]}".replace("-", "−") for name in ("now", "low", "high"))
    return PooledGap(
        one["slug"],
        one["name"],
        _("%(group)s, compared with %(reference)s")
        % {"group": one["group"], "reference": one["reference"] or _("All others")},
        f"{one['was']}".replace("-", "−"),
        f"{now} " + _("(%(low)s to %(high)s)") % {"low": low, "high": high},
        f"{MOVED[one['code']]}. " + _("From %(n)s organizations.") % {"n": one["organizations"]},
    )


def page_of(content: Mapping[str, Any], cohort: Cohort) -> FunderPage:
    """cohort: with its program, for the words of its domains."""
    sections, outcomes = sections_of(content, cohort), outcomes_of(content)
    gaps, about = gaps_of(content), content["cohort"]
    used = [code for one in sections for fact in one.facts for code in fact.notes]
    used += [code for fact in (*outcomes, *gaps) for code in fact.notes]
    if content["measures"]["hiding"]:
        used.append("small")
    texts = {code: note_words(code, content) for code in used}
    numbers = {text: at for at, text in enumerate(dict.fromkeys(texts.values()), start=1)}

    def marked(facts: list[Fact]) -> list[Fact]:
        return [
            replace(one, marks=tuple(numbers[texts[code]] for code in one.notes)) for one in facts
        ]

    made_on, starts_on, ends_on = (
        date.fromisoformat(one)
        for one in (content["made_on"], about["starts_on"], about["ends_on"])
    )
    return FunderPage(
        title=about["name"],
        program=about["program"],
        made_on=made_on,
        starts_on=starts_on,
        ends_on=ends_on,
        sections=[replace(one, facts=marked(one.facts)) for one in sections],
        outcomes=marked(outcomes),
        gaps=marked(gaps),
        rates=rates_of(content),
        pooled_gaps=[_pooled_gap(one) for one in content.get("pooled_gaps", [])],
        heads=team_heads(content),
        teams=[_team(content, one) for one in content["teams"]],
        notes=[Note(number, text) for text, number in numbers.items()],
    )


# --- team by team --------------------------------------------------------------------------------


def team_codes(content: Mapping[str, Any]) -> list[str]:
    """The facts that stand beside each team."""
    codes = ["came"]
    if content["reports"] is not None:
        codes += ["sent"] if content["reports"]["replied"] is None else ["sent", "replied"]
    return codes + (["signed"] if content["charters"] is not None else [])


def team_heads(content: Mapping[str, Any]) -> list[str]:
    return [str(FACTS[code][0]) for code in team_codes(content)]


def _team(content: Mapping[str, Any], team: Mapping[str, Any]) -> TeamWords:
    cells = []
    for code in team_codes(content):
        if code == "signed":
            words = _("yes") if team["signed"] else _("no")
        else:
            words = _("%(n)s of %(all)s") % {"n": team[code][0], "all": team[code][1]}
        cells.append((str(FACTS[code][0]), words))
    shows = [str(SIGNS[code][0]) for code in sign_codes(content) if team["signs"][code]]
    return TeamWords(team["name"], cells, shows)


# --- footnotes -----------------------------------------------------------------------------------


def note_words(code: str, content: Mapping[str, Any]) -> str:
    """What a footnote says. Each stands there because of the numbers, not because of a person."""
    if code.startswith("how-"):
        return str(SIGNS[code.removeprefix("how-")][1])
    if code.startswith("untold-"):
        n = content["signs"][code.removeprefix("untold-")]["untold"]
        return ngettext(
            "For %(n)s team this can’t be told; it counts as no.",
            "For %(n)s teams this can’t be told; they count as no.",
            n,
        ) % {"n": n}
    if code == "small":
        return _(
            "%(n)s of %(all)s measures have months with 1 to 10 people, or with numbers that "
            "would give them away. These are hidden and in no result."
        ) % {"n": content["measures"]["hiding"], "all": content["measures"]["all"]}
    if code == "left":
        n = content["reach"]["joined"] - content["reach"]["running"]
        return ngettext(
            "%(n)s team has left. It counts as joined and in nothing else.",
            "%(n)s teams have left. They count as joined and in nothing else.",
            n,
        ) % {"n": n}
    texts = {
        "came": _("A team counts as present with one person or more."),
        "gap": _(
            "The gap now is smaller than at baseline by more than chance (95% interval of the "
            "change), and the group that was behind does better."
        ),
        "others_worse": _("Smaller because others did worse, or no group was behind. No gain."),
        "untold": _("Too few months, or small numbers, so that nothing can be said."),
    }
    return texts[code]
