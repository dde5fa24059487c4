"""Is a number precise enough to show or compare? Apart from privacy, which is suppression."""

import math
from dataclasses import dataclass
from typing import Literal

from analytics.intervals import check_proportion, clopper_pearson, poisson_ci

Standard = Literal["nchs_proportion", "nchs_rate", "events20", "uscs16", "his20", "rse30"]
Verdict = Literal["present", "review", "suppress"]
FEWEST_RESPONDENTS = 30
WIDTH_ALWAYS_FINE = 0.05
WIDTH_NEVER_FINE = 0.30
RELATIVE_WIDTH_PROPORTION = 1.30
RELATIVE_WIDTH_RATE = 1.60


@dataclass(frozen=True, slots=True)
class Reliability:
    """The verdict of one standard and its reason in a few words ("" when there is none)."""

    verdict: Verdict
    reason: str
    standard: str

    @property
    def reliable(self) -> bool:
        return self.verdict != "suppress"


def reliability(num: float, den: float, standard: Standard = "nchs_proportion") -> Reliability:
    """Judge one numerator and denominator by a published standard.

    nchs_proportion: at least 30 in the denominator, exact interval at most 0.05 wide, or below
    0.30 and at most 130% of the share; 0% and 100% go to review (NCHS Series 2 no. 175).
    nchs_rate: ten events and an exact interval at most 160% of the rate (NCHS 2023).
    events20, uscs16: fewest events. his20: fewest cases for a point of a run chart. rse30:
    relative standard error at most 30%. Raises ValueError for impossible counts.
    """
    if standard == "nchs_proportion":
        verdict, reason = nchs_proportion(num, den)
    elif standard == "nchs_rate":
        verdict, reason = nchs_rate(num, den)
    elif standard == "his20":
        verdict, reason = fewest(den, 20, "cases")
    elif standard == "rse30":
        error = relative_standard_error(num, den)
        unreliable = error is None or error > 30
        verdict, reason = ("suppress", "RSE>30%") if unreliable else ("present", "")
    else:
        verdict, reason = fewest(num, 20 if standard == "events20" else 16, "events")
    return Reliability(verdict, reason, standard)


def fewest(count: float, least: int, word: str) -> tuple[Verdict, str]:
    return ("suppress", f"{word}<{least}") if count < least else ("present", "")


def nchs_proportion(num: float, den: float) -> tuple[Verdict, str]:
    check_proportion(num, den)
    if den < FEWEST_RESPONDENTS:
        return "suppress", "n<30"
    interval = clopper_pearson(num, den)
    assert interval is not None and interval.low is not None and interval.high is not None
    width = interval.high - interval.low
    if width >= WIDTH_NEVER_FINE:
        return "suppress", "width>=0.30"
    if num in (0, den):
        return "review", "0or100%"
    if width > WIDTH_ALWAYS_FINE and width / (num / den) > RELATIVE_WIDTH_PROPORTION:
        return "suppress", "relative width>130%"
    return "present", ""


def nchs_rate(events: float, exposure: float) -> tuple[Verdict, str]:
    interval = poisson_ci(events, exposure, method="exact")
    if interval is None or events < 10:
        return "suppress", "events<10"
    assert interval.value is not None and interval.low is not None and interval.high is not None
    if (interval.high - interval.low) / interval.value > RELATIVE_WIDTH_RATE:
        return "suppress", "relative width>160%"
    return "present", ""


def relative_standard_error(num: float, den: float) -> float | None:
    """Standard error of a proportion as % of it; None when it is 0 or nobody is eligible."""
    check_proportion(num, den)
    if num == 0 or den == 0:
        return None
    share = num / den
    return 100 * math.sqrt(share * (1 - share) / den) / share


def relative_standard_error_of_rate(events: float) -> float | None:
    """Standard error of a rate as % of it (Poisson); None without events."""
    if events < 0:
        raise ValueError("Events cannot be negative.")
    return None if events == 0 else 100 / math.sqrt(events)
