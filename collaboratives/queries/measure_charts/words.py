"""What charts and gaps say, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from analytics.chart import Chart
from analytics.profiles import PROFILES
from analytics.words import Number, Sentence, plain_number
from collaboratives.queries.measures import MeasureTable


def month_words(month: date) -> str:
    """Oct 2026, in the reader's language."""
    return date_format(month, "M Y")


def baseline_words(table: MeasureTable) -> str:
    if table.is_quarterly:
        return _("Baseline: first %(n)s quarters.") % {"n": table.baseline}
    return _("Baseline: first %(n)s months.") % {"n": table.baseline}


def now_words(table: MeasureTable) -> str:
    return _("Now: last quarter.") if table.is_quarterly else _("Now: last 3 months.")


def last_words(table: MeasureTable) -> str:
    return _("Last quarter") if table.is_quarterly else _("Last 3 months")


def number_of(table: MeasureTable) -> Number:
    """How values of this measure are written."""
    if table.is_share:
        return plain_number("%")
    if table.type in ("count", "time_between"):
        return plain_number(decimals=0)
    known = [v for g in table.groups for c in g.cells if (v := table.value(c)) is not None]
    largest = max(known, default=1.0)
    return plain_number(decimals=0 if largest >= 100 else 1 if largest >= 1 else 3)


LEADS = {
    "Improving.": _lazy("Improving."),
    "Getting worse.": _lazy("Getting worse."),
    "Higher.": _lazy("Higher."),
    "Lower.": _lazy("Lower."),
    "Was better.": _lazy("Was better."),
    "Was worse.": _lazy("Was worse."),
    "Was higher.": _lazy("Was higher."),
    "Was lower.": _lazy("Was lower."),
    "Changing.": _lazy("Changing."),
    "Changed.": _lazy("Changed."),
}
WAYS = {"above": _lazy("above"), "below": _lazy("below"), "up": _lazy("up"), "down": _lazy("down")}
SENTENCES = {
    "all_masked": _lazy("Too few people to show."),
    "no_data": _lazy("No data yet."),
    "no_data_in_phase": _lazy("No data in this phase yet."),
    "no_variation": _lazy("No variation: every point is %(centre)s."),
    "little_variation": _lazy("Too little variation for limits. Points lie about %(centre)s."),
    "too_few": _lazy("Too few points for rules yet: %(points)s of %(needed)s."),
    "no_signal": _lazy("No signal. Points vary around %(centre)s."),
    "shift": _lazy("%(count)s points in a row %(side)s %(centre)s, since %(first)s."),
    "shift_past": _lazy("%(count)s points in a row %(side)s %(centre)s, %(first)s to %(last)s."),
    "trend": _lazy("%(count)s points in a row going %(side)s, since %(first)s."),
    "trend_past": _lazy("%(count)s points in a row going %(side)s, %(first)s to %(last)s."),
    "point": _lazy("Points outside the limits: %(count)s, the last %(side)s in %(last)s."),
    "point_past": _lazy("Points outside the limits: %(count)s, the last %(side)s in %(last)s."),
    "zone": _lazy("%(count)s points near a limit or in a pattern, since %(first)s."),
    "zone_past": _lazy("%(count)s points near a limit or in a pattern, %(first)s to %(last)s."),
    "few_crossings": _lazy(
        "Crossings of the median: %(crossings)s. Chance alone gives at least %(least)s."
    ),
    "many_runs": _lazy("The points jump from side to side of %(centre)s more than by chance."),
}


def sentence_words(told: Sentence) -> tuple[str, str]:
    """(lead, rest) of a chart's sentence. A page has many: only what is said is translated."""
    lead = str(LEADS.get(told.lead, told.lead))
    if told.kind not in SENTENCES:
        return lead, told.text.removeprefix(told.lead).strip()
    given = {**told.params, "side": str(WAYS.get(str(told.params.get("side", "")), ""))}
    return lead, str(SENTENCES[told.kind]) % given


def profile_words(name: str) -> str:
    names = {
        "anhoej2014": "Anhøj 2014",
        "ihi2011": "IHI 2011",
        "mdc": "Making Data Count",
        "mdc_six": "Making Data Count (6)",
        "western_electric": "Western Electric",
        "nelson": "Nelson",
        "ihi_control": "IHI",
    }
    return names.get(name, name if name in PROFILES else "")


def signal_count_words(charts: Sequence[Chart]) -> str:
    """How many charts signal, and how often charts like these do so by chance."""
    judged = [chart for chart in charts if chart.false_signal_rate is not None]
    if not judged:
        return ""
    found = sum(any(s.kind != "candidate" for s in chart.signals) for chart in judged)
    percent = max(1, round(100 * max(chart.false_signal_rate or 0.0 for chart in judged)))
    counted = ngettext(
        "%(found)s of %(n)s chart shows a signal.",
        "%(found)s of %(n)s charts show a signal.",
        len(judged),
    ) % {"found": found, "n": len(judged)}
    expected = _(
        "Rules: %(profile)s. About %(percent)s of 100 charts without any change show a signal."
    ) % {"profile": profile_words(judged[0].profile), "percent": percent}
    return f"{counted} {expected}"


def note_words(codes: Sequence[str]) -> list[str]:
    """What a reader should know about the data behind the charts; each said once."""
    texts = {
        "at_bounds": _(
            "Most points are 0% or 100%. A chart of the time or cases between events says more."
        ),
        "freeze_clamped": _("The baseline is longer than its phase, so it uses the whole phase."),
        "baseline_short": _("A baseline has fewer than 6 points."),
        "limits_refused": _("A baseline is too short for limits: they need 6 points."),
        "trial_limits": _("Trial limits: they move with each new point until there are 12."),
        "zero_width": _("Where the points do not vary there are no limits."),
        "underdispersed": _("The points vary less than chance alone would make them."),
        "overdispersed": _(
            "The points vary more than chance alone would make them. The prime chart fits better."
        ),
    }
    return [texts[code] for code in dict.fromkeys(codes) if code in texts]
