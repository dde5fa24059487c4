"""What every chart computation returns: plain frozen data, None where there is nothing."""

from dataclasses import dataclass
from typing import Literal

from analytics.run_lengths import Runs

Direction = Literal["increase", "decrease", "neutral"]
Side = Literal["above", "below", "up", "down"]
Status = Literal["ok", "too_few", "trial_limits", "degenerate", "no_data"]
SignalKind = Literal["shift", "trend", "runs", "point", "zone", "candidate"]
PointClass = Literal["common", "improvement", "concern", "high", "low", "missing", "excluded"]
Numbers = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch with its own centre line. A person starts one; it is never found by itself.

    start: index of its first point. freeze_n: compute the line from its first n periods only.
    """

    start: int
    freeze_n: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that fired. indices: the points that made it, in time order.

    kind "candidate" is a blatantly different point for a person to judge, never a finding.
    side is None where a rule has none (crossings, number of runs).
    """

    rule: str
    kind: SignalKind
    indices: tuple[int, ...]
    phase: int
    side: Side | None


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """One phase: indices start (first) to end (one past last), its line and its runs.

    rules: each rule of the profile to True, False, or None where it does not apply.
    """

    start: int
    end: int
    centre: float | None
    baseline_n: int
    frozen: bool
    runs: Runs
    rules: dict[str, bool | None]
    status: Status


@dataclass(frozen=True, slots=True)
class Chart:
    """A computed chart. Every tuple has one entry per period; None where there is nothing.

    kind: "run" or the control chart's. value: what is plotted, after masking. cl, lcl, ucl,
    lwl, uwl: centre, 3-sigma limits and 2-sigma warning lines in the same unit. phase: number
    of the phase. useful: counted by runs rules. point_side: 1 high, -1 low, 0 ordinary.
    masked: hidden for privacy, so no number here has seen them. few: fewer than 20 cases.
    sigma_signal: outside the 3-sigma limits. point_rule: the rule that decided the class.
    missing: why a period has no value. sigma_z: Laney's spread of a p or u chart.
    status is that of the latest phase. notes are codes; `analytics.words` has their texts.
    false_signal_rate: share of charts as long as this latest phase that signal with no change.
    """

    kind: str
    profile: str
    value: Numbers
    cl: Numbers
    lcl: Numbers
    ucl: Numbers
    lwl: Numbers
    uwl: Numbers
    phase: tuple[int, ...]
    useful: tuple[bool, ...]
    signals: tuple[Signal, ...]
    point_class: tuple[PointClass, ...]
    point_side: tuple[int, ...]
    variation: str | None
    assurance: str | None
    status: Status
    notes: tuple[str, ...]
    phases: tuple[PhaseResult, ...]
    excluded: tuple[int, ...]
    masked: tuple[int, ...]
    few: tuple[int, ...]
    direction: Direction | None
    target: float | None
    false_signal_rate: float | None
    sigma_signal: tuple[bool, ...] = ()
    missing: tuple[str | None, ...] = ()
    sigma_z: float | None = None
    point_rule: tuple[str | None, ...] = ()
