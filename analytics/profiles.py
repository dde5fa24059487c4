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
        if position == 0:
            return self.false_signals[0][1]
        if position == len(lengths):
            return self.false_signals[-1][1]
        (left, low), (right, high) = self.false_signals[position - 1 : position + 1]
        return low + (high - low) * (points - left) / (right - left)


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="anhoej2014",
            chart="run",
            anhoej=True,
            false_signals=((10, 0.01), (12, 0.01), (16, 0.02), (20, 0.03), (24, 0.03), (36, 0.03)),
        ),
        Profile(
            name="ihi2011",
            chart="run",
            shift=6,
            trend=5,
            trend_ties_break=False,
            runs_table=True,
            false_signals=((10, 0.10), (12, 0.13), (16, 0.21), (20, 0.31), (24, 0.37), (36, 0.56)),
        ),
        Profile(
            name="mdc",
            chart="control",
            beyond_limits=True,
            trend=7,
            shift=7,
            two_of_three=True,
            improvement_wins=True,
            false_signals=((10, 0.03), (12, 0.05), (24, 0.15), (48, 0.35)),
        ),
        Profile(
            name="mdc_six",
            chart="control",
            beyond_limits=True,
            trend=6,
            shift=6,
            two_of_three=True,
            improvement_wins=True,
        ),
        Profile(
            name="western_electric",
            chart="control",
            beyond_limits=True,
            two_of_three=True,
            two_of_three_same_side=False,
            four_of_five=True,
            shift=8,
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
