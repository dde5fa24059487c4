"""What a chart says, as a code with parameters for translation and as plain English.

Kinds of a chart's sentence, with their parameters:
no_data, no_data_in_phase, all_masked; too_few (points, needed); no_variation, little_variation,
no_signal (centre); shift, trend, point, zone and each with _past (count, side, centre, first,
last, tone); few_crossings (also centre, crossings, least); many_runs (also runs, most).
Of a gap: gap, gap_ahead, gap_too_small (gap, low, high, and was, group, reference where known);
no_gap, no_gap_yet; gap_closing, gap_widening, gap_unclear (change, mover). Beside a count of
signals: false_signals (percent, points).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analytics.chart import Chart, PhaseResult, Signal
from analytics.gap_series import GapSeries
from analytics.gaps import GapChange, Mover
from analytics.intervals import Interval
from analytics.profiles import PROFILES
from analytics.run_lengths import FEWEST_USEFUL

Number = Callable[[float], str]

LEADS = {
    "improvement": "Improving.",
    "concern": "Getting worse.",
    "high": "Higher.",
    "low": "Lower.",
    "common": "Changing.",
}
PAST_LEADS = {
    "improvement": "Was better.",
    "concern": "Was worse.",
    "high": "Was higher.",
    "low": "Was lower.",
    "common": "Changed.",
}
NOTES = {
    "few_cases": "Some points rest on fewer than 20 cases. Small numbers swing widely.",
    "at_bounds": (
        "Most points are 0% or 100%. A chart of the time or cases between events says more."
    ),
    "freeze_clamped": "The baseline is longer than its phase, so it uses the whole phase.",
    "baseline_short": "The baseline has fewer than 6 points.",
    "limits_refused": "The baseline is too short for limits.",
    "trial_limits": "Trial limits: they will move with each new point until there are 12.",
    "zero_width": "The points do not vary, so there are no limits.",
    "underdispersed": "The points vary less than chance alone would make them.",
    "overdispersed": "The points vary more than chance alone would make them: use the prime chart.",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """kind names the sentence, params fill it (numbers already in words), text is English.

    lead is the bold part of the text ("Improving.") or "", tone the class of its mark.
    """

    kind: str
    text: str
    params: dict[str, str | int] = field(default_factory=dict)
    lead: str = ""
    tone: str = "common"


def plain_number(unit: str = "", decimals: int = 0) -> Number:
    """Numbers with a unit: 61%, 4.2, 12 days. Minus is a true minus sign."""

    def write(value: float) -> str:
        text = f"{abs(value):,.{decimals}f}"
        sign = "−" if value < 0 and float(text.replace(",", "")) != 0 else ""
        return f"{sign}{text}{unit}" if unit in ("", "%") else f"{sign}{text} {unit}"

    return write


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def latest_signal(chart: Chart) -> Signal | None:
    """The signal to speak of: the last to end in the latest phase, a shift before the rest."""
    rank = {"shift": 4, "point": 3, "trend": 2, "zone": 1, "runs": 0}
    found = [s for s in chart.signals if s.phase == len(chart.phases) - 1 and s.kind != "candidate"]
    sided = [s for s in found if s.side is not None] or found
    return max(sided, key=lambda s: (s.indices[-1], rank[s.kind]), default=None)


def is_current(chart: Chart, signal: Signal) -> bool:
    """Whether a signal still holds: nothing that counts has come after it."""
    after = range(signal.indices[-1] + 1, len(chart.value))
    rising = signal.kind == "trend"
    return not any(
        chart.useful[i] or (rising and chart.value[i] is not None and i not in chart.excluded)
        for i in after
    )


def sentence(chart: Chart, *, labels: Sequence[str], number: Number | None = None) -> Sentence:
    """One chart in one sentence.

    labels: each period's name ("Dec 2025"), as many as the chart has points. number: writes a
    value with its unit. Raises ValueError when the labels do not fit.
    """
    if len(labels) != len(chart.value):
        raise ValueError(f"{len(labels)} labels for {len(chart.value)} points.")
    write = number or plain_number()
    if chart.status == "no_data" and not any(v is not None for v in chart.value):
        if chart.masked:
            return Sentence("all_masked", "Too few people to show.")
        return Sentence("no_data", "No data yet.")
    phase = chart.phases[-1]
    if chart.status == "no_data":
        return Sentence("no_data_in_phase", "No data in this phase yet.")
    centre = "" if phase.centre is None else write(phase.centre)
    if chart.status == "degenerate":
        if phase.runs.n_useful:
            text = f"Too little variation for limits. Points lie about {centre}."
            return Sentence("little_variation", text, {"centre": centre})
        return Sentence(
            "no_variation", f"No variation: every point is {centre}.", {"centre": centre}
        )
    useful = phase.runs.n_useful
    if chart.status == "too_few" or (chart.status == "trial_limits" and useful < FEWEST_USEFUL):
        return Sentence(
            "too_few",
            f"Too few points for rules yet: {useful} of {FEWEST_USEFUL}.",
            {"points": useful, "needed": FEWEST_USEFUL},
        )
    signal = latest_signal(chart)
    if signal is None:
        return Sentence("no_signal", f"No signal. Points vary around {centre}.", {"centre": centre})
    return signal_sentence(chart, phase, signal, labels, centre)


def signal_sentence(
    chart: Chart, phase: PhaseResult, signal: Signal, labels: Sequence[str], centre: str
) -> Sentence:
    """What one signal says."""
    first, last = labels[signal.indices[0]], labels[signal.indices[-1]]
    count = len(signal.indices)
    tone = "common" if signal.side is None else chart.point_class[signal.indices[-1]]
    now = is_current(chart, signal)
    lead = (LEADS if now else PAST_LEADS)[tone]
    params: dict[str, str | int] = {
        "count": count,
        "side": signal.side or "",
        "centre": centre,
        "first": first,
        "last": last,
        "tone": tone,
    }
    when = f"since {first}" if now else f"{first} to {last}"
    if signal.rule == "few_crossings" or signal.rule in ("few_runs", "many_runs"):
        return runs_sentence(phase, signal.rule, params, centre)
    if signal.kind == "shift":
        body = f"{plural(count, 'point')} in a row {signal.side} {centre}, {when}."
    elif signal.kind == "trend":
        body = f"{plural(count, 'point')} in a row going {signal.side}, {when}."
    elif signal.kind == "point":
        many = plural(count, "point")
        body = f"{many} {'above the upper' if signal.side == 'above' else 'below the lower'} limit"
        body += f", {last}." if count == 1 else f", last in {last}."
    else:
        body = f"{plural(count, 'point')} near a limit or in a pattern, {when}."
    kind = signal.kind if now else f"{signal.kind}_past"
    return Sentence(kind, f"{lead} {body}", params, lead, tone)


def runs_sentence(
    phase: PhaseResult, rule: str, params: dict[str, str | int], centre: str
) -> Sentence:
    """A signal that has no side: the line is crossed too seldom or too often."""
    crossings = phase.runs.n_crossings or 0
    lead = LEADS["common"]
    if rule == "many_runs":
        params |= {"runs": phase.runs.n_runs, "most": phase.runs.runs_upper or 0}
        text = f"{lead} The points jump from side to side of {centre} more than chance would."
        return Sentence("many_runs", text, params, lead)
    least = (
        phase.runs.crossings_min if rule == "few_crossings" else (phase.runs.runs_lower or 1) - 1
    )
    params |= {"crossings": crossings, "least": least or 0}
    times = {0: "never", 1: "once", 2: "twice"}.get(crossings, f"{crossings} times")
    text = f"{lead} The line crosses {centre} {times}; chance gives at least {least}."
    return Sentence("few_crossings", text, params, lead)


def notes(chart: Chart) -> tuple[str, ...]:
    """The English texts of a chart's notes, in order."""
    return tuple(NOTES[code] for code in chart.notes if code in NOTES)


def false_signals(profile: str, points: int) -> Sentence | None:
    """How often a profile signals by chance in charts of so many points; None when unknown."""
    rate = PROFILES[profile].false_signal_rate(points) if profile in PROFILES else None
    if rate is None:
        return None
    percent = max(1, round(100 * rate))
    text = f"About {percent} of 100 charts with no real change show a signal by these rules."
    return Sentence("false_signals", text, {"percent": percent, "points": points})


def signed_points(value: float) -> str:
    """Percentage points: "12 points", "1 point", "−3 points"."""
    return f"{signed_whole(value)} point{'' if abs(round(value)) == 1 else 's'}"


def signed_whole(value: float) -> str:
    rounded = round(value)
    return f"−{-rounded}" if rounded < 0 else f"{rounded}"


def gap_caption(
    now: Interval,
    *,
    was: float | None = None,
    group_change: float | None = None,
    reference_change: float | None = None,
) -> Sentence:
    """ "Gap 12 points (5 to 19), was 20; group rose 9, reference rose 1."

    All in percentage points; a positive gap means that the group does worse, a negative one that
    it does better. An interval that holds 0 adds "Too small to tell."
    """
    if now.value is None or now.low is None or now.high is None:
        return Sentence("no_gap", "No gap to show: choose another reference.")
    text = f"Gap {signed_points(now.value)}"
    text += f" ({signed_whole(now.low)} to {signed_whole(now.high)})"
    params: dict[str, str | int] = {
        "gap": round(now.value),
        "low": round(now.low),
        "high": round(now.high),
    }
    if was is not None:
        text += f", was {signed_whole(was)}"
        params["was"] = round(was)
    if group_change is not None and reference_change is not None:
        text += f"; group {moved(group_change)}, reference {moved(reference_change)}"
        params |= {"group": round(group_change), "reference": round(reference_change)}
    text += "."
    if now.low <= 0 <= now.high:
        return Sentence("gap_too_small", f"{text} Too small to tell.", params)
    if now.high < 0:
        return Sentence("gap_ahead", f"{text} The group does better.", params)
    return Sentence("gap", text, params)


def gap_sentence(series: GapSeries) -> Sentence:
    """The caption of a gap over time: the latest against the first, and who moved."""
    known = [
        (gap, group.value, reference.value)
        for gap, group, reference in zip(series.gap, series.group, series.reference, strict=True)
        if gap is not None and group is not None and reference is not None
    ]
    if not known:
        return Sentence("no_gap_yet", "No gap to show yet.")
    (first, group0, reference0), (now, group1, reference1) = known[0], known[-1]
    if len(known) == 1:
        return gap_caption(now)
    return gap_caption(
        now,
        was=first.value,
        group_change=(group1 or 0) - (group0 or 0),
        reference_change=(reference1 or 0) - (reference0 or 0),
    )


def moved(change: float) -> str:
    rounded = round(change)
    if rounded == 0:
        return "did not move"
    return f"rose {rounded}" if rounded > 0 else f"fell {-rounded}"


MOVERS: dict[Mover, str] = {
    "levelled_up": "The group did better.",
    "levelled_down": "The reference did worse.",
    "both": "The group did better and the reference did worse.",
    "mixed": "",
}


def change_sentence(change: GapChange) -> Sentence:
    """Did the gap close, and who moved; never more than the interval allows."""
    params: dict[str, str | int] = {
        "change": round(100 * (change.change.value or 0)),
        "mover": change.mover,
    }
    if change.verdict == "no clear change":
        return Sentence("gap_unclear", "The change of the gap is too small to tell.", params)
    if change.verdict == "widening":
        return Sentence("gap_widening", "The gap became larger.", params, tone="concern")
    text = f"The gap became smaller. {MOVERS[change.mover]}".strip()
    tone = "improvement" if change.mover in ("levelled_up", "both") else "common"
    return Sentence("gap_closing", text, params, tone=tone)
