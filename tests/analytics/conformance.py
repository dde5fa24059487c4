"""Hold the public functions of `analytics` against oracle files.

    python tests/analytics/conformance.py FILE...

Prints `NAME: N of M values agree` for each file and each item's first difference. Exits 0 when
all agree, 1 when some differ, 2 when a file is not readable or not of a known format. A value is
a scalar leaf of an expected result; None equals false. Left out are only the numbers that are
defects of the packages they came from: intervals of Theil and MLD, the logit slopes of
healthequal, and simulated intervals.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import analytics
from analytics import limits, precision
from analytics.chart import Chart

Item = Mapping[str, Any]
Leaf = tuple[str, Any, Any]
Z = 1.959963984540054
ABSENT = object()
NO_MEASURE = analytics.Measure(None)


class NotEstimable:
    """A number we refuse to give where a package leaves 0 or nothing."""

    def agrees(self, expected: Any) -> bool:
        return expected is None or expected == 0


def agree(expected: Any, actual: Any, relative: float = 1e-8) -> bool:
    """Whether two leaves are the same value."""
    if isinstance(actual, NotEstimable):
        return actual.agrees(expected)
    if actual is ABSENT or expected is ABSENT:
        return False
    if isinstance(expected, str) or isinstance(actual, str):
        return expected == actual
    if isinstance(actual, float) and math.isnan(actual):
        actual = None
    if expected is None or actual is None or isinstance(expected, bool):
        return {None: False}.get(expected, expected) is {None: False}.get(actual, actual)
    return abs(actual - expected) <= max(1e-9, relative * abs(expected))


def leaves(expected: Any, actual: Any, path: str = "") -> Iterator[Leaf]:
    """(path, expected, actual) of every scalar of either, side by side."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            found = actual.get(key, ABSENT) if isinstance(actual, dict) else ABSENT
            yield from leaves(value, found, f"{path}.{key}" if path else key)
    elif isinstance(expected, list):
        given = list(actual) if isinstance(actual, list | tuple) else []
        if actual is None and not expected:
            return
        for index in range(max(len(expected), len(given))):
            want = expected[index] if index < len(expected) else ABSENT
            found = given[index] if index < len(given) else ABSENT
            yield from leaves(want, found, f"{path}[{index}]")
    else:
        yield path, expected, actual


def phase_parts(chart: Chart, expected: list[Item], item: Item) -> list[dict[str, Any]]:
    """qicharts2's summary of each part of a chart."""
    parts = []
    for number, phase in enumerate(chart.phases):
        signal = bool(phase.rules.get("long_run")) or bool(phase.rules.get("few_crossings"))
        parts.append(
            {
                "part": number + 1,
                "first_index": phase.start + 1,
                "last_index": phase.end,
                "first_index_1based": phase.start + 1,
                "last_index_1based": phase.end,
                "n_obs": phase.runs.n_obs,
                "n_useful": phase.runs.n_useful,
                "longest_run": phase.runs.longest,
                "longest_run_max": phase.runs.longest_limit,
                "n_crossings": phase.runs.n_crossings,
                "n_crossings_min": phase.runs.crossings_min,
                "runs_signal": signal,
                "centre": phase.centre,
            }
        )
    return parts


def zero_based(numbers: list[int] | None) -> list[int]:
    return [number - 1 for number in numbers or []]


def run_chart_item(item: Item) -> tuple[Any, Any]:
    excluded = zero_based(item.get("exclude_1based"))
    chart = analytics.run_chart(
        item["y"],
        phases=item.get("phase_ends_1based") or [],
        freeze=item.get("freeze_first_n"),
        exclude=excluded,
        profile="qicharts2_0_8_1",
    )
    expected = {key: value for key, value in item.items() if key.startswith("expected_")}
    actual = {
        "expected_qicharts2": {"parts": phase_parts(chart, [], item), "cl": chart.cl},
        "expected_ihi_reference": [
            ihi_phase(item["y"], chart, number, excluded) for number in range(len(chart.phases))
        ],
    }
    return expected, actual


def ihi_phase(
    y: list[float | None], chart: Chart, number: int, excluded: list[int]
) -> dict[str, Any]:
    """The IHI rules over one phase, by the functions behind the profile."""
    phase = chart.phases[number]
    part = y[phase.start : phase.end]
    left_out = [i - phase.start for i in excluded if phase.start <= i < phase.end]
    runs = analytics.runs(part, phase.centre, exclude=left_out)

    def placed(streaks: list[analytics.Streak], word: str) -> list[dict[str, Any]]:
        return [{"indices": [i + phase.start for i in s.indices], word: s.side} for s in streaks]

    return {
        "part": number + 1,
        "centre": phase.centre,
        "n_useful": runs.n_useful,
        "n_runs": runs.n_runs,
        "runs_lower": runs.runs_lower,
        "runs_upper": runs.runs_upper,
        "too_few": runs.too_few,
        "too_many": runs.too_many,
        "shifts": placed(analytics.shifts(part, phase.centre, exclude=left_out), "side"),
        "trends": placed(analytics.trends(part, exclude=left_out), "direction"),
    }


def control_lines(chart: Chart, item: Item) -> dict[str, Any]:
    """What qicharts2 returns of a control chart."""
    return {
        "y": chart.value,
        "cl": chart.cl,
        "lcl": chart.lcl,
        "ucl": chart.ucl,
        "lcl_2s": chart.lwl,
        "ucl_2s": chart.uwl,
        "sigma_signal": chart.sigma_signal,
        "parts": phase_parts(chart, [], item),
    }


def attribute_item(item: Item) -> tuple[Any, Any]:
    expected = {key: value for key, value in item.items() if key.startswith("expected_")}
    actual = {
        key: control_lines(
            analytics.control_chart(
                item["chart"],
                item["numerator"],
                item.get("denominator"),
                multiplier=item.get("multiply") or 1,
                screen_mr=key.endswith("screened_mr"),
                profile="qicharts2_0_8_1",
                phases=item.get("phase_ends_1based") or [],
                freeze=item.get("freeze_first_n"),
            ),
            item,
        )
        for key in expected
    }
    return expected, actual


CAUSES = {
    "beyond_limits": {1: "Above UCL", -1: "Below LCL"},
    "trend": {1: "7 Point Trend (Increasing)", -1: "7 Point Trend (Decreasing)"},
    "two_of_three": {1: "2 in 3 Above CL", -1: "2 in 3 Below CL"},
    "shift": {1: "7 Points Above CL", -1: "7 Points Below CL"},
}
POINT_TYPES = {
    "improvement": "special_cause_improvement",
    "concern": "special_cause_concern",
    "high": "special_cause_neutral_high",
    "low": "special_cause_neutral_low",
}
ASSURANCES = {"pass": "consistent_pass", "fail": "consistent_fail", "hit_or_miss": "inconsistent"}
SHORT_GROUP = 13


def xmr_item(item: Item) -> tuple[Any, Any]:
    expected = {key: value for key, value in item.items() if key.startswith("expected_")}
    charts = {
        profile: analytics.control_chart(
            "i",
            item["y"],
            phases=zero_based(item.get("rebase_first_index_1based")),
            freeze=item.get("fix_after_n"),
            screen_mr=bool(item.get("screen_outliers")),
            profile=profile,
            direction=item.get("improvement_direction"),
            target=item.get("target"),
        )
        for profile in ("plotthedots_0_2_2", "qicharts2_0_8_1")
    }
    dots = charts["plotthedots_0_2_2"]
    types = [POINT_TYPES.get(each, "common_cause") for each in dots.point_class]
    actual = {
        "expected_qicharts2_i": control_lines(charts["qicharts2_0_8_1"], item),
        "expected_NHSRplotthedots": {
            "mean": dots.cl,
            "lpl": dots.lcl,
            "upl": dots.ucl,
            "rebase_group": dots.phase,
            "outside_limits": dots.sigma_signal,
            "close_to_limits": [close_to_limits(dots, i) for i in range(len(dots.value))],
            "relative_to_mean": [
                None if v is None or c is None else (v > c) - (v < c)
                for v, c in zip(dots.value, dots.cl, strict=True)
            ],
            "special_cause_type": [
                CAUSES[rule][side] if rule in CAUSES else "Common Cause"
                for rule, side in zip(dots.point_rule, dots.point_side, strict=True)
            ],
            "point_type": types,
            "short_group_warning": [
                dots.phases[number].end - dots.phases[number].start < SHORT_GROUP
                for number in dots.phase
            ],
            "assurance_type": ASSURANCES.get(dots.assurance or ""),
            "variation_icon_last_point": variation_icon(dots),
        },
    }
    return expected, actual


def variation_icon(chart: Chart) -> str:
    family, _, side = (chart.variation or "common").partition("_")
    if family == "common":
        return "common_cause"
    return f"special_cause_{family}_{side}" if family == "neutral" else f"special_cause_{family}"


def close_to_limits(chart: Chart, index: int) -> bool | None:
    value, low, high = chart.value[index], chart.lwl[index], chart.uwl[index]
    if value is None or low is None or high is None:
        return None
    return not chart.sigma_signal[index] and (value < low or value > high)


MEASURES = {
    "d_best_worst": "difference",
    "d_ref": "reference_difference",
    "r_best_worst": "ratio",
    "r_ref": "reference_ratio",
    "bgv": "bgv",
    "bgsd": "bgsd",
    "cov": "cov",
    "mdmw": "mdm_weighted",
    "mdmu": "mdm_unweighted",
    "mdbw": "mdb_weighted",
    "mdbu": "mdb_unweighted",
    "mdrw": "mdr_weighted",
    "mdru": "mdr_unweighted",
    "idisw": "disparity_weighted",
    "idisu": "disparity_unweighted",
    "theil_x1000": "theil",
    "mld_x1000": "mld",
    "par": "par",
    "paf": "paf",
    "sii_linear": "sii",
    "rii_linear": "rii",
    "aci": "aci",
    "rci": "rci",
}
SIMULATED = ("mdmw", "mdmu", "mdbw", "mdbu", "mdrw", "mdru", "idisw", "idisu", "bgsd", "cov")
DEFECTS = ("sii_logit", "rii_logit")
POINT_ONLY = (*SIMULATED, "theil_x1000", "mld_x1000")
REFERENCE_KEYS = {
    "hp2030_maximal_rate_difference": "max_difference",
    "hp2030_maximal_rate_ratio": "max_ratio",
    "hp2030_summary_rate_ratio": "summary_rate_ratio",
    "hdcalc_idisp_best_ref": "disparity_from_best",
    "pearcy_keppel_idisp_total_ref": "disparity_unweighted",
    "excess_events_vs_best": "excess_events",
    "sii_logit_population_weighted_once": "sii_logit",
    "rii_logit_population_weighted_once": "rii_logit",
}


def strata_item(item: Item) -> tuple[Any, Any]:
    rate = item["type"] == "rate"
    multiplier = item.get("multiplier") or 100
    names, nums, dens = item["groups"], item["numerator"], item["denominator"]
    rows = list(zip(names, nums, dens, strict=True))
    strata = [analytics.Stratum(g, a, n, sort=i) for i, (g, a, n) in enumerate(rows)]
    expected = {
        key: value
        for key, value in item.items()
        if key in STRATA_RESULTS and not (key == "estimate" and value is None)
    }
    expected["healthequal"] = {
        key: {"estimate": value["estimate"]} if key in POINT_ONLY else value
        for key, value in item.get("healthequal", {}).items()
        if key not in DEFECTS
    }
    found = analytics.inequality(
        strata,
        bool(item["favourable"]),
        bool(item["ordered"]),
        reference=item["reference_group"],
        kind=item["type"],
        multiplier=multiplier,
    )
    measures: dict[str, analytics.Measure] = {}
    if not isinstance(found, analytics.NotApplicable):
        for key, each in found.items():
            measures[key] = each if isinstance(each, analytics.Measure) else NO_MEASURE
    reference = rows[names.index(item["reference_group"])][1:]
    actual = (
        strata_rates(rows, reference) if rate is False else strata_events(item, rows, reference)
    )
    actual["healthequal"] = {
        key: package_measure(key, measures.get(name, NO_MEASURE), item["estimate"])
        for key, name in MEASURES.items()
    }
    actual["estimate"] = [multiplier * a / n if n else None for _, a, n in rows]
    actual["se"] = [
        multiplier * (math.sqrt(a) / n if rate else math.sqrt(a / n * (1 - a / n) / n))
        if n
        else None
        for _, a, n in rows
    ]
    actual["expected_reference"] = reference_values(item, rows, measures, multiplier)
    return expected, actual


STRATA_RESULTS = (
    "estimate",
    "se",
    "wilson_PHE",
    "wilson_prop_test",
    "clopper_pearson",
    "newcombe_diff_vs_ref_Epi",
    "katz_ratio_vs_ref_epitools",
    "exact_poisson_epitools",
    "byar_epitools",
    "phe_rate",
    "rateratio_wald_epitools",
    "expected_reference",
    "primary_suppressed_cms11_num_or_complement",
    "primary_suppressed_cms11_num",
    "rse_pct",
    "nchs2017_reliability",
)


def ends(
    intervals: list[analytics.Interval | None], value: str | None = None
) -> dict[str, list[Any]]:
    """Intervals as the packages list them; ours ends where a log scale has no end."""
    out: dict[str, list[Any]] = {"lower": [], "upper": []}
    if value:
        out[value] = []
    for each in intervals:
        refused = each is not None and each.note is not None and each.value == 0
        out["lower"].append(NotEstimable() if refused else each and each.low)
        out["upper"].append(each and each.high)
        if value:
            out[value].append(NotEstimable() if refused else each and each.value)
    return out


def strata_rates(
    rows: list[tuple[str, float, float]], reference: tuple[float, float]
) -> dict[str, Any]:
    wilson = ends([analytics.wilson(a, n) for _, a, n in rows])
    masked = analytics.suppress(analytics.strata_table({(0, g): (a, n) for g, a, n in rows}))
    verdicts = [analytics.reliability(a, n) for _, a, n in rows]
    return {
        "wilson_PHE": wilson,
        "wilson_prop_test": wilson,
        "clopper_pearson": ends([analytics.clopper_pearson(a, n) for _, a, n in rows]),
        "newcombe_diff_vs_ref_Epi": ends(
            [analytics.newcombe(a, n, *reference) for _, a, n in rows], "diff"
        ),
        "katz_ratio_vs_ref_epitools": ends(
            [analytics.katz(a, n, *reference) for _, a, n in rows], "ratio"
        ),
        "primary_suppressed_cms11_num_or_complement": [
            (0, g) in masked.primary for g, _, _ in rows
        ],
        "rse_pct": [precision.relative_standard_error(a, n) for _, a, n in rows],
        "nchs2017_reliability": [
            f"{v.verdict}:{v.reason}" if v.reason else v.verdict for v in verdicts
        ],
    }


def strata_events(
    item: Item, rows: list[tuple[str, float, float]], reference: tuple[float, float]
) -> dict[str, Any]:
    per = item["multiplier"]
    exact = [analytics.poisson_ci(a, n, multiplier=per, method="exact") for _, a, n in rows]
    half = [analytics.poisson_ci(a, n, multiplier=per, method="rothman_boice") for _, a, n in rows]
    auto = [analytics.poisson_ci(a, n, multiplier=per) for _, a, n in rows]
    policy = analytics.Policy()
    return {
        "exact_poisson_epitools": ends(exact, "rate"),
        "byar_epitools": ends(half),
        "phe_rate": ends(auto, "value")
        | {"method": ["Byars" if a >= 10 else "Exact" for _, a, _ in rows]},
        "rateratio_wald_epitools": ends(
            [analytics.rate_ratio_ci(a, n, *reference) for _, a, n in rows], "ratio"
        ),
        "primary_suppressed_cms11_num": [policy.is_small(a) for _, a, _ in rows],
        "rse_pct": [precision.relative_standard_error_of_rate(a) for _, a, _ in rows],
    }


def package_measure(key: str, measure: analytics.Measure, estimates: list[float]) -> dict[str, Any]:
    """One of healthequal's measures in its units.

    It multiplies Theil and MLD by 1000, gives the error of PAF as a share but adds it to percent,
    and that of SII on the scale of the regression.
    """
    value, se, low, high = measure.value, measure.se, measure.low, measure.high
    if key in ("theil_x1000", "mld_x1000") and value is not None:
        value *= 1000
    if key == "paf" and value is not None and se is not None:
        se /= 100
        low, high = value - Z * se, value + Z * se
    if key == "sii_linear" and se is not None:
        largest = max(estimates)
        se /= next((s for s in (1, 100, 1000, 1e4, 1e5) if largest <= s), 1e6)
    return {"estimate": value, "se": se, "lower": low, "upper": high}


def reference_values(
    item: Item,
    rows: list[tuple[str, float, float]],
    measures: Mapping[str, analytics.Measure],
    multiplier: float,
) -> dict[str, Any]:
    sign = 1 if item["favourable"] else -1
    total = sum(n for _, _, n in rows)
    out: dict[str, Any] = {
        "best_group": max(rows, key=lambda row: sign * row[1] / row[2])[0],
        "worst_group": min(rows, key=lambda row: sign * row[1] / row[2])[0],
        "overall": multiplier * sum(a for _, a, _ in rows) / total,
    }
    for key, name in REFERENCE_KEYS.items():
        if name in measures:
            out[key] = measures[name].value
    return out


def gap_item(item: Item) -> tuple[Any, Any]:
    change = analytics.gap_change(
        *(
            ((row["ref"][0], row["ref"][1]), (row["group"][0], row["group"][1]))
            for row in (item["baseline"], item["followup"])
        )
    )
    expected = {k: v for k, v in item.items() if k not in ("id", "baseline", "followup", "note")}
    if change is None:
        return expected, {}
    return expected, {
        "gap0": change.gap0.value,
        "gap0_ci": [change.gap0.low, change.gap0.high],
        "gap1": change.gap1.value,
        "gap1_ci": [change.gap1.low, change.gap1.high],
        "change": change.change.value,
        "change_ci": [change.change.low, change.change.high],
        "group_change": change.group_change,
        "ref_change": change.reference_change,
        "ratio0": change.ratio0,
        "ratio1": change.ratio1,
        "ratio_of_ratios": change.ratio_of_ratios,
        "class_": change.verdict,
    }


def suppression_item(item: Item) -> tuple[Any, Any]:
    """The examples' weaker reader, who does not know that hidden counts are not zero."""
    policy = analytics.Policy(item["threshold"], hidden_at_least=0, hide_totals=False)
    table = analytics.counts_table(item["cells"], col_totals=item.get("col_totals") is not None)
    masked = analytics.suppress(table, policy)
    expected = {
        key: item[key]
        for key in ("primary", "min_complementary", "optimal_suppressed", "audit_bounds")
    }
    return expected, {
        "primary": sorted(list(key) for key in masked.primary),
        "min_complementary": len(masked.complementary),
        "optimal_suppressed": sorted(list(key) for key in masked.hidden),
        "audit_bounds": sorted(
            [[list(key), [low, high]] for key, low, high in analytics.audit(masked)]
        ),
    }


def limits_item(item: Item) -> tuple[Any, Any]:
    longest, crossings = analytics.anhoej_limits(item["n_useful"])
    lower, upper = analytics.runs_table(item["n_useful"])
    expected = {key: value for key, value in item.items() if key != "n_useful"}
    return expected, {
        "longest_run_max": longest,
        "n_crossings_min": crossings,
        "runs_lower_exact": lower,
        "runs_upper_exact": upper,
    }


Comparison = Callable[[Item], tuple[Any, Any]]


def comparisons(content: Any) -> Iterator[tuple[str, Any, Any]]:
    """(id, expected, actual) of every item. Raises ValueError for an unknown format."""
    name, compare = recognise(content)
    for number, item in enumerate(content[name]):
        title = str(item.get("id", f"{name}[{number}]"))
        try:
            expected, actual = compare(item)
        except (ValueError, ArithmeticError) as refusal:
            wanted = {key: value for key, value in item.items() if key.startswith("expected_")}
            expected, actual = wanted or dict(item), {}
            title = f"{title} ({refusal})"
        yield title, expected, actual
    if "limits" in content and "constants" in content:
        yield "constants", content["constants"], limits.EXACT


def recognise(content: Any) -> tuple[str, Comparison]:
    """Which list a file holds, by its top-level keys and those of the entries."""
    if not isinstance(content, dict):
        raise ValueError("not an object")
    formats: list[tuple[str, str, Comparison]] = [
        ("series", "expected_NHSRplotthedots", xmr_item),
        ("series", "expected_qicharts2", run_chart_item),
        ("charts", "chart", attribute_item),
        ("tables", "groups", strata_item),
        ("tables", "cells", suppression_item),
        ("cases", "baseline", gap_item),
        ("limits", "n_useful", limits_item),
    ]
    for name, mark, compare in formats:
        if isinstance(content.get(name), list) and all(mark in item for item in content[name]):
            return name, compare
    raise ValueError("no known top-level key")


def relative_tolerance(path: str) -> float:
    return 1e-5 if "exact_poisson" in path else 1e-8


def same_leaf(path: str, expected: Any, actual: Any) -> bool:
    """Agreement of one leaf. Of a reliability only n<30 and 0or100% have a fixed wording."""
    if "reliability" in path and isinstance(expected, str) and isinstance(actual, str):
        fixed = ("", "n<30", "0or100%")
        (want, _, why), (got, _, because) = expected.partition(":"), actual.partition(":")
        worded = why in fixed or because in fixed
        return want == got and (why == because or not worded)
    return agree(expected, actual, relative_tolerance(path))


def check(path: Path) -> tuple[int, int, list[str]]:
    """(values that agree, values, first difference of each item that differs) of one file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    agreed = total = 0
    differences: list[str] = []
    for name, expected, actual in comparisons(content):
        first = True
        for where, want, got in leaves(expected, actual):
            total += 1
            if same_leaf(where, want, got):
                agreed += 1
            elif first:
                first = False
                shown = ["nothing" if v is ABSENT else repr(v) for v in (want, got)]
                differences.append(f"  {name} {where}: expected {shown[0]}, got {shown[1]}")
    return agreed, total, differences


def main(paths: list[str]) -> int:
    """Check files, print the outcome, return the exit code."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    code = 0
    for each in paths:
        path = Path(each)
        try:
            agreed, total, differences = check(path)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
            print(f"{path.name}: cannot be read: {problem!r}", file=sys.stderr)
            code = 2
            continue
        print(f"{path.name}: {agreed} of {total} values agree")
        for line in differences:
            print(line)
        if agreed != total:
            code = max(code, 1)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
