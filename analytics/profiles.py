"""Named rule profiles. Rules are never blended: a chart is read by one profile."""

from bisect import bisect_right
from dataclasses import dataclass

from analytics.run_lengths import FEWEST_USEFUL


@dataclass(frozen=True, slots=True)
class Profile:
    """What one school of chart reading does.

    chart: the chart it was made for. parity profiles reproduce a package, defects included: they
    judge any number of points and keep limits of zero width. false_signals: (points, share of
    charts without any change on which some rule fires), by simulation of independent normal
    values about a line computed from the same values.
    """

    name: str
    chart: str
    shift: int | None = None
    trend: int | None = None
    trend_ties_break: bool = True
    runs_table: bool = False
    anhoej: bool = False
    beyond_limits: bool = False
    two_of_three: bool = False
    two_of_three_counts_beyond: bool = True
    two_of_three_same_side: bool = True
    four_of_five: bool = False
    alternating: int | None = None
    near_centre: int | None = None
    far_both_sides: int | None = None
    improvement_wins: bool = False
    parity: bool = False
    limit_factor: float = 2.66
    false_signals: tuple[tuple[int, float], ...] = ()

    def false_signal_rate(self, points: int) -> float | None:
        """Expected share of false signals for a chart of so many points.

        None below ten points, where no rule is applied, and for profiles without a simulation.
        Between simulated lengths it is interpolated; beyond the last it is that of the last.
        """
        if points < FEWEST_USEFUL or not self.false_signals:
            return None
        lengths = [length for length, _ in self.false_signals]
        position = bisect_right(lengths, points)
        if position == len(lengths):
            return self.false_signals[-1][1]
        (left, low), (right, high) = self.false_signals[position - 1 : position + 1]
        return low + (high - low) * (points - left) / (right - left)


SIMULATED_LENGTHS = (10, 12, 16, 20, 24, 36, 48, 60)


def by_length(*shares: float) -> tuple[tuple[int, float], ...]:
    return tuple(zip(SIMULATED_LENGTHS, shares, strict=True))


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="anhoej2014",
            chart="run",
            anhoej=True,
            false_signals=by_length(0.008, 0.013, 0.010, 0.022, 0.030, 0.042, 0.038, 0.045),
        ),
        Profile(
            name="ihi2011",
            chart="run",
            shift=6,
            trend=5,
            trend_ties_break=False,
            runs_table=True,
            false_signals=by_length(0.097, 0.134, 0.214, 0.302, 0.370, 0.562, 0.697, 0.799),
        ),
        Profile(
            name="mdc",
            chart="control",
            beyond_limits=True,
            trend=7,
            shift=7,
            two_of_three=True,
            improvement_wins=True,
            false_signals=by_length(0.032, 0.046, 0.081, 0.116, 0.157, 0.259, 0.354, 0.435),
        ),
        Profile(
            name="mdc_six",
            chart="control",
            beyond_limits=True,
            trend=6,
            shift=6,
            two_of_three=True,
            improvement_wins=True,
            false_signals=by_length(0.057, 0.090, 0.155, 0.220, 0.284, 0.445, 0.570, 0.668),
        ),
        Profile(
            name="western_electric",
            chart="control",
            beyond_limits=True,
            two_of_three=True,
            two_of_three_same_side=False,
            four_of_five=True,
            shift=8,
            false_signals=by_length(0.045, 0.054, 0.079, 0.118, 0.143, 0.260, 0.327, 0.419),
        ),
        Profile(
            name="nelson",
            chart="control",
            beyond_limits=True,
            shift=9,
            trend=6,
            alternating=14,
            two_of_three=True,
            two_of_three_same_side=False,
            four_of_five=True,
            near_centre=15,
            far_both_sides=8,
            false_signals=by_length(0.057, 0.066, 0.104, 0.159, 0.199, 0.307, 0.408, 0.496),
        ),
        Profile(
            name="ihi_control",
            chart="control",
            beyond_limits=True,
            shift=8,
            trend=6,
            two_of_three=True,
            two_of_three_same_side=False,
            near_centre=15,
            false_signals=by_length(0.052, 0.061, 0.086, 0.125, 0.155, 0.249, 0.337, 0.419),
        ),
        Profile(
            name="plotthedots_0_2_2",
            chart="control",
            beyond_limits=True,
            trend=7,
            shift=7,
            two_of_three=True,
            two_of_three_counts_beyond=False,
            parity=True,
        ),
        Profile(
            name="qicharts2_0_8_1",
            chart="either",
            anhoej=True,
            beyond_limits=True,
            parity=True,
            limit_factor=3 / 1.128,
        ),
    )
}


def profile_named(name: str) -> Profile:
    """Raises ValueError for an unknown profile."""
    try:
        return PROFILES[name]
    except KeyError:
        raise ValueError(f"No rule profile {name!r}. Known: {', '.join(PROFILES)}.") from None
