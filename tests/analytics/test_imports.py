"""A web process pays only for what it uses."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import analytics
from analytics import Stratum

chart = analytics.control_chart("p", [30] * 6 + [34] * 6, [60] * 12, multiplier=100)
analytics.charts.run_chart_svg(chart, labels=["x"] * 12, title="t", uid="u")
table = analytics.strata_table({("q", "a"): (3, 40), ("q", "b"): (30, 90)}, totals={"q": (33, 130)})
masked = analytics.suppress(table)
analytics.gap([Stratum("a", 3, 40), Stratum("b", 30, 90)], "b", favourable=True)
analytics.inequality([Stratum("a", 3, 40), Stratum("b", 30, 90), Stratum("c", 9, 80)], True)
analytics.batch_run_stats([[1, 2, 3]])
heavy = ("pandas", "matplotlib", "scipy.stats", "scipy.optimize", "statsmodels", "django")
print([name for name in heavy if name in sys.modules])
"""


def test_nothing_heavy_is_loaded():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
