"""What a cohort came to, as plain data that a report for funders freezes.

Codes and numbers only, and the names of teams and measures; `funder_words` says them. Tables of
measures come in released: small numbers are hidden already, and what was shown is remembered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from analytics.inequalities import NotApplicable
from charters.models import Commitment
from charters.states import Status as CharterStatus
from collaboratives.models import Benchmark, Cohort, Measure, Team, TeamMember
from collaboratives.queries.cohort_measures import proposal
from collaboratives.queries.gap_movements import TeamMovement, movements
from collaboratives.queries.measures import MeasureTable, Reader, tables_of
from collaboratives.states import MeasureType
from reporting.models import ChangeTested, FunderReport, Project, ScalePlan
from reporting.queries.cohort_teams import CohortTeams, Part, TeamLine, cohort_teams
from reporting.queries.pooled_gaps import pooled_gaps
from reporting.queries.signs import SIGNS, Signs, sign_of, signs_of

Tables = Sequence[tuple[Measure, MeasureTable]]


def tables_to_release(cohort: Cohort) -> list[tuple[Measure, MeasureTable]]:
    """The cohort's measures whole, for nobody to read: to be released and then counted."""
    teams = frozenset(Team.objects.filter(cohort=cohort).values_list("pk", flat=True))
    measures = Measure.objects.filter(team__cohort=cohort).select_related("team")
    return tables_of(measures, reader=Reader(teams))


def funder_content(cohort: Cohort, tables: Tables, *, now: datetime) -> dict[str, Any]:
    """tables: the cohort's measures, released. Teams that left count in the reach alone."""
    joined = list(Team.objects.filter(cohort=cohort).for_list())
    teams = [team for team in joined if team.ended_at is None]
    by_pk = {team.pk: team for team in teams}
    running = [(measure, table) for measure, table in tables if measure.team_id in by_pk]
    gaps = movements(running, by_pk)
    found = cohort_teams(cohort, teams, now=now, gaps=gaps)
    signs = _signs(teams, running, gaps)
    return {
        "made_on": f"{now.astimezone(cohort.zone):%Y-%m-%d}",
        "cohort": {
            "name": cohort.name,
            "program": cohort.program.name,
            "starts_on": f"{cohort.starts_on}",
            "ends_on": f"{cohort.ends_on}",
        },
        "reach": {
            "organizations": len({team.organization_id for team in joined}),
            "joined": len(joined),
            "running": len(teams),
            "people": TeamMember.objects.present().filter(team__in=teams).count(),
        },
        "taking_part": _taking_part(found),
        "reports": _reports(cohort, found, teams),
        "charters": _charters(cohort, found, teams),
        "expected": _expected(cohort),
        "signs": {code: _counted(code, signs) for code in _asked(cohort, signs)},
        "gaps": dict(Counter(one.moved.code for one in gaps)),
        "measures": {
            "all": len(running),
            "hiding": sum(_hides(table) for _measure, table in running),
        },
        "pooled": _pooled(cohort, running),
        "pooled_gaps": pooled_gaps(running),
        "teams": [_team(line, signs[line.team.pk]) for line in found.lines],
    }


def _hides(table: MeasureTable) -> bool:
    return any(cell.hidden for group in table.groups for cell in group.cells)


def _part(part: Part) -> list[int]:
    return [part.n, part.of]


def _taking_part(found: CohortTeams) -> dict[str, Any]:
    calls = found.calls
    return {
        "sessions": found.sessions,
        "came": _part(found.came),
        "calls": None if calls is None else sum(one.is_over for one in calls),
    }


def _reports(cohort: Cohort, found: CohortTeams, teams: list[Team]) -> dict[str, Any] | None:
    if not found.asks_for_reports:
        return None
    tested = ChangeTested.objects.filter(team__in=teams).values("act").annotate(n=Count("pk"))
    return {
        "sent": _part(found.reports),
        "replied": _part(found.replies) if cohort.leader_replies else None,
        "reply_days": found.reply_days if cohort.leader_replies else None,
        "tested": {one["act"] or "testing": one["n"] for one in tested.order_by("act")},
    }


def _charters(cohort: Cohort, found: CohortTeams, teams: list[Team]) -> dict[str, Any] | None:
    if not cohort.signs_charter:
        return None
    promised = Commitment.objects.filter(
        charter__team__in=teams, charter__status=CharterStatus.SIGNED
    )
    by_domain = promised.values("domain").annotate(n=Count("pk")).order_by("domain")
    return {
        "signed": _part(found.charters),
        "domains": {one["domain"]: one["n"] for one in by_domain},
    }


# --- outcomes ------------------------------------------------------------------------------------


def _signs(teams: list[Team], tables: Tables, gaps: list[TeamMovement]) -> dict[int, Signs]:
    of_team: dict[int, list[tuple[Measure, MeasureTable]]] = defaultdict(list)
    for measure, table in tables:
        of_team[measure.team_id].append((measure, table))
    moved: dict[int, list[TeamMovement]] = defaultdict(list)
    for one in gaps:
        moved[one.team.pk].append(one)
    stages: dict[int, set[str]] = defaultdict(set)
    for team_pk, stage in Project.objects.filter(team__in=teams).values_list("team_id", "stage"):
        stages[team_pk].add(stage)
    plans = ScalePlan.objects.filter(team__in=teams).whole().values_list("team_id", flat=True)
    planned = set(plans)
    return {
        team.pk: signs_of(
            of_team[team.pk], moved[team.pk], stages[team.pk], has_plan=team.pk in planned
        )
        for team in teams
    }


def _expected(cohort: Cohort) -> dict[str, dict[str, Any]]:
    """By sign: what the program says of it, and of how many teams."""
    outcomes = cohort.program.blueprint.outcomes
    return {
        code: {"share": outcome.share, "en": outcome.text.to("en"), "es": outcome.text.to("es")}
        for outcome in outcomes
        if (code := sign_of(outcome)) is not None
    }


def _asked(cohort: Cohort, signs: dict[int, Signs]) -> list[str]:
    """All signs; the plan only where the program asks for it or a team has one."""
    planned = any(one["scale_plan"] for one in signs.values())
    wants_plan = cohort.program.blueprint.scale_plan or planned
    return [code for code in SIGNS if code != "scale_plan" or wants_plan]


def _counted(code: str, signs: dict[int, Signs]) -> dict[str, int]:
    found = [one[code] for one in signs.values()]
    return {"yes": found.count(True), "untold": found.count(None), "of": len(found)}


# --- pooled rates --------------------------------------------------------------------------------


def _pooled(cohort: Cohort, tables: Tables) -> list[dict[str, Any]]:
    """For each share that teams have in common its benchmark, which a person gave out, or why
    there is none. No rate is pooled here anew: benchmarks keep the rule of five organizations,
    all minus one, and remember each other."""
    names = {table.slug: table.name for _measure, table in tables if table.is_share}
    given = {}
    for one in Benchmark.objects.filter(cohort=cohort).order_by("published_at", "pk"):
        given[one.slug] = one
    return [
        {"slug": slug, "name": names[slug], **_rate(cohort, slug, given.get(slug))}
        for slug in sorted(names)
    ]


def _rate(cohort: Cohort, slug: str, given: Benchmark | None) -> dict[str, Any]:
    if given is None:
        found = proposal(cohort, slug=slug, type_=MeasureType.PROPORTION).pool
        reason = found.reason if isinstance(found, NotApplicable) else "nobody gave one out"
        return {"reason": reason.replace(" ", "-")}
    return {
        "percent": round(100 * given.numerator / given.denominator),
        "organizations": len(given.members),
        "first_month": f"{given.first_month}",
        "last_month": f"{given.last_month}",
    }


# --- team by team --------------------------------------------------------------------------------


def _team(line: TeamLine, signs: Signs) -> dict[str, Any]:
    return {
        "name": line.team.name,
        "organization": line.team.organization.name,
        "came": _part(line.came),
        "sent": _part(line.reports),
        "replied": _part(line.replies),
        "reply_days": line.reply_days,
        "signed": line.has_signed,
        "signs": signs,
    }


def funder_reports(cohort: Cohort) -> list[FunderReport]:
    """Those that were made, the newest first."""
    return list(FunderReport.objects.filter(cohort=cohort).defer("content").for_list())
