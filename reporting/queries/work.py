"""A team's aims with their drivers, its projects, its tests in ramps, and what people told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics.charts.driver_drawing import Branch, driver_diagram_svg
from collaboratives.models import Stratum, Team
from reporting.models import Aim, ChangeTested, Evidence, Project
from reporting.outlines import Driver, every, parsed
from reporting.states import Heard, Level, Stage


def sentence(what: str, for_whom: str, how_much: str, by_when: date) -> str:
    """The aim in one sentence."""
    return _("%(what)s for %(whom)s: %(much)s, by %(day)s.") % {
        "what": what,
        "whom": for_whom,
        "much": how_much,
        "day": date_format(by_when, "F Y"),
    }


@dataclass(frozen=True)
class AimShown:
    """An aim as pages and reports show it. pk: 0 in a report."""

    pk: int
    sentence: str
    drivers: tuple[Driver, ...]
    svg: str
    measure: str

    @property
    def name(self) -> str:
        return self.sentence


def aim_shown(
    pk: int, facts: dict[str, Any], *, uid: str = "drivers", measure: str = ""
) -> AimShown:
    """facts: what, for_whom, how_much, by_when as a date, outline."""
    told = sentence(facts["what"], facts["for_whom"], facts["how_much"], facts["by_when"])
    drivers = parsed(facts["outline"])
    drawn = ""
    if drivers:
        drawn = driver_diagram_svg(
            told,
            [_branch(one) for one in drivers],
            title=_("Driver diagram"),
            desc="; ".join(one.text for one in every(drivers)),
            uid=f"{uid}-{pk}",
        )
    return AimShown(pk, told, drivers, drawn, measure)


def _branch(driver: Driver) -> Branch:
    return Branch(driver.text, tuple(_branch(one) for one in driver.drivers))


def aims_of(team: Team) -> list[AimShown]:
    """One query."""
    return [
        aim_shown(one.pk, _facts(one), measure=one.measure.name if one.measure else "")
        for one in Aim.objects.filter(team=team).for_list()
    ]


def _facts(aim: Aim) -> dict[str, Any]:
    return {
        "what": aim.what,
        "for_whom": aim.for_whom,
        "how_much": aim.how_much,
        "by_when": aim.by_when,
        "outline": aim.outline,
    }


def driver_names(team: Team) -> list[str]:
    """What a test can work on, in the order of the outlines."""
    outlines = Aim.objects.filter(team=team).order_by("by_when", "pk").values_list("outline")
    return list(dict.fromkeys(one.text for (text,) in outlines for one in every(parsed(text))))


def group_names(team: Team) -> list[str]:
    """The groups that the team's measures are split by, in the order it chose."""
    found = Stratum.objects.filter(measure__team=team, missing_kind="").exclude(code="")
    labels = found.order_by("measure__position", "measure_id", "position", "pk")
    return list(dict.fromkeys(label for (label,) in labels.values_list("label")))


def projects_of(team: Team) -> list[Project]:
    return list(Project.objects.filter(team=team).for_list())


def evidence_of(team: Team) -> list[Evidence]:
    return list(Evidence.objects.filter(team=team).for_list())


@dataclass(frozen=True)
class Step:
    """One test in its ramp. number: as on the charts; depth: how many tests it builds on."""

    number: int
    change: ChangeTested
    depth: int


def ramps(changes: Sequence[ChangeTested]) -> list[list[Step]]:
    """Tests that build on each other stand together, the first of each ramp on top."""
    numbers = {change.pk: number for number, change in enumerate(changes, start=1)}
    after: dict[int, list[ChangeTested]] = {}
    for change in changes:
        if change.follows_id in numbers and change.follows_id != change.pk:
            after.setdefault(change.follows_id, []).append(change)
    seen: set[int] = set()

    def climb(change: ChangeTested, depth: int) -> list[Step]:
        if change.pk in seen:
            return []
        seen.add(change.pk)
        steps = [Step(numbers[change.pk], change, depth)]
        for one in after.get(change.pk, []):
            steps += climb(one, depth + 1)
        return steps

    firsts = [one for one in changes if one.follows_id not in numbers]
    found = [climb(one, 0) for one in firsts]
    return found + [ramp for one in changes if (ramp := climb(one, 0))]  # a circle


# --- in a version --------------------------------------------------------------------------------


def work_content(team: Team, first: date, last: date) -> dict[str, Any]:
    """What a version keeps of it. Evidence only where the team says so, and of the period."""
    heard = Evidence.objects.filter(
        team=team, in_reports=True, heard_on__gte=first, heard_on__lte=last
    )
    return {
        "aims": [
            {**_facts(one), "by_when": f"{one.by_when}"}
            for one in Aim.objects.filter(team=team).for_list()
        ],
        "projects": [
            {"title": one.title, "level": one.level, "stage": one.stage, "text": one.description}
            for one in Project.objects.filter(team=team, started_on__lte=last).for_list()
        ],
        "evidence": [
            {
                "kind": one.kind,
                "from_whom": one.from_whom,
                "text": one.text,
                "meaning": one.meaning,
                "heard_on": f"{one.heard_on}",
            }
            for one in heard.for_list()
        ],
    }


@dataclass(frozen=True)
class ProjectShown:
    title: str
    level: str
    stage: str
    text: str


@dataclass(frozen=True)
class EvidenceShown:
    kind: str
    from_whom: str
    text: str
    meaning: str
    heard_on: date


@dataclass(frozen=True)
class WorkShown:
    """Of a version; empty in one from before there was such a thing."""

    aims: list[AimShown]
    projects: list[ProjectShown]
    evidence: list[EvidenceShown]


def work_shown(content: dict[str, Any], *, prefix: str = "") -> WorkShown:
    return WorkShown(
        [
            aim_shown(
                number,
                {**one, "by_when": date.fromisoformat(one["by_when"])},
                uid=f"{prefix}drivers",
            )
            for number, one in enumerate(content.get("aims", []), start=1)
        ],
        [
            ProjectShown(
                one["title"],
                str(Level(one["level"]).label),
                str(Stage(one["stage"]).label),
                one["text"],
            )
            for one in content.get("projects", [])
        ],
        [
            EvidenceShown(
                str(Heard(one["kind"]).label),
                one["from_whom"],
                one["text"],
                one["meaning"],
                date.fromisoformat(one["heard_on"]),
            )
            for one in content.get("evidence", [])
        ],
    )
