"""Statistics of quality improvement and equity, as pure functions. No Django, no input or output.

Numbers in, frozen dataclasses out, the same every time. `analytics.audits` and nothing else here
needs scipy.optimize, which it loads when called: keep it to workers.
"""

from analytics import charts, words
from analytics.audits import audit, recoverable
from analytics.batch import BatchRuns, BatchXmR, batch_run_stats, batch_xmr
from analytics.benchmarks import Benchmark, benchmark
from analytics.chart import Chart, Phase, PhaseResult, Signal
from analytics.control_charts import control_chart
from analytics.gap_series import GapSeries, gap_series
from analytics.gaps import GapChange, GapRow, Reference, Stratum, gap, gap_change
from analytics.inequalities import Measure, NotApplicable, inequality
from analytics.intervals import (
    Interval,
    clopper_pearson,
    katz,
    newcombe,
    poisson_ci,
    rate_ratio_ci,
    wilson,
)
from analytics.precision import Reliability, reliability
from analytics.profiles import PROFILES, Profile, profile_named
from analytics.run_charts import run_chart
from analytics.run_lengths import Runs, Streak, anhoej_limits, runs, runs_table, shifts, trends
from analytics.shares import Rates, rates
from analytics.suppression import (
    Masked,
    Policy,
    Published,
    Sum,
    Table,
    counts_table,
    strata_table,
    suppress,
)
from analytics.unknowns import (
    Bounds,
    Completeness,
    Mismatch,
    completeness,
    reconcile,
    sensitivity,
)

__all__ = [
    "PROFILES",
    "BatchRuns",
    "BatchXmR",
    "Benchmark",
    "Bounds",
    "Chart",
    "Completeness",
    "GapChange",
    "GapRow",
    "GapSeries",
    "Interval",
    "Masked",
    "Measure",
    "Mismatch",
    "NotApplicable",
    "Phase",
    "PhaseResult",
    "Policy",
    "Profile",
    "Published",
    "Rates",
    "Reference",
    "Reliability",
    "Runs",
    "Signal",
    "Stratum",
    "Streak",
    "Sum",
    "Table",
    "anhoej_limits",
    "audit",
    "batch_run_stats",
    "batch_xmr",
    "benchmark",
    "charts",
    "clopper_pearson",
    "completeness",
    "control_chart",
    "counts_table",
    "gap",
    "gap_change",
    "gap_series",
    "inequality",
    "katz",
    "newcombe",
    "poisson_ci",
    "profile_named",
    "rate_ratio_ci",
    "rates",
    "reconcile",
    "recoverable",
    "reliability",
    "run_chart",
    "runs",
    "runs_table",
    "sensitivity",
    "shifts",
    "strata_table",
    "suppress",
    "trends",
    "wilson",
    "words",
]
