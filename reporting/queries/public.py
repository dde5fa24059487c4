"""What everybody may read, and what a team tells outside the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from accounts.models import Membership, User
from collaboratives.models import Cohort, Team
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measures import MeasureTable
from reporting.models import ChangeTested, PublicPage, ReportVersion
from reporting.states import Act, PageState


def content_of(change: ChangeTested) -> dict[str, Any]:
    """What the public would read. Numbers: as the team's newest report gave them out, masked."""
    return {
        "title": change.title,
        "plan": change.plan,
        "prediction": change.prediction,
        "do": change.do,
        "study": change.study,
        "act": change.act,
        "for_whom": change.for_whom,
        "started_on": f"{change.started_on}",
        "team": change.team.name,
        "setting": change.team.organization.get_type_display(),
        "areas": change.team.clinical_areas,
        "table": _masked_table(change),
    }


def _masked_table(change: ChangeTested) -> dict[str, Any] | None:
    if change.measure is None:
        return None
    versions = ReportVersion.objects.filter(report__team=change.team_id)
    newest = versions.order_by("-report__period__ends_on", "-number").first()
    kept = newest.content["masked"] if newest else []
    return next((table for table in kept if table["slug"] == change.measure.slug), None)


@dataclass(frozen=True)
class Shown:
    """A public page as it is drawn. words: what stands under `_cycle.html`."""

    words: dict[str, Any]
    started_on: date
    act: str
    result: str
    charts: MeasureCharts | None


def shown(content: dict[str, Any]) -> Shown:
    table = content["table"]
    return Shown(
        words=content,
        started_on=date.fromisoformat(content["started_on"]),
        act=content["act"],
        result=str(Act(content["act"]).label),
        charts=measure_charts(MeasureTable.from_json(table)) if table else None,
    )


def open_page(pk: int) -> PublicPage | None:
    """The page that everybody may read of this change."""
    return PublicPage.objects.open().filter(change=pk).first()


def open_pages() -> list[PublicPage]:
    return list(PublicPage.objects.open().for_list())


def pages_to_decide() -> list[PublicPage]:
    """Those that wait for the host, the longest waiting first."""
    waiting = PublicPage.objects.filter(state=PageState.ASKED).for_list()
    return list(waiting.order_by("asked_at", "pk"))


def standing_page(change: ChangeTested) -> PublicPage | None:
    """The one that waits, or else the open one, or else the last."""
    pages = PublicPage.objects.filter(change=change).select_related("asked_by", "decided_by")
    order = {"asked": 0, "open": 1}
    return min(pages.order_by("-pk"), key=lambda one: order.get(one.state, 2), default=None)


# --- calls and what was told, by team ------------------------------------------------------------


@dataclass(frozen=True)
class Outreach:
    """One team of a cohort: its calls with staff, and where it told of its work."""

    team: Team
    calls: int
    told: int
    wanted: int

    @property
    def has_enough(self) -> bool:
        return self.calls >= self.wanted


def calls_wanted(cohort: Cohort) -> int:
    """About so many from each team; 0 where the program asks for none."""
    return cohort.program.blueprint.reporting.feedback_calls


def outreach(cohort: Cohort, person: User, membership: Membership) -> list[Outreach]:
    """Every team that this reader may see. One query."""
    teams = Team.objects.visible_to(person, membership).filter(cohort=cohort).running()
    counted = teams.annotate(
        calls_held=Count("feedback_calls", distinct=True),
        told_of=Count("disseminations", distinct=True),
    )
    wanted = calls_wanted(cohort)
    return [
        Outreach(team, team.calls_held, team.told_of, wanted)
        for team in counted.order_by("name", "pk")
    ]
