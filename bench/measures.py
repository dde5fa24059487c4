"""A million rows of counts, and a page of thirty charts: `.venv/bin/python bench/measures.py`.

P15: reading, checking, loading and adding up a file of 1,000,000 rows, beside pandas with COPY
into a temporary table and INSERT … SELECT alone, and beside bulk_create. Each runs in a process
of its own, in turn. P17: all run rules of 40,000 series, and the analytics and the drawing of a
page of 30 charts.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

ROUNDS, ROWS, GROUPS, MONTHS = 3, 1_000_000, 20, 120
BULK = 100_000
FLOOR = """
INSERT INTO collaboratives_datapoint AS there
    (host_id, stratum_id, period_start, numerator, denominator, note, entered_by_id, entered_at)
SELECT s.host_id, s.id, (f.month || '-01')::date, sum(f.numerator), sum(f.denominator), '',
    %(by)s, now()
FROM floor_rows f JOIN collaboratives_stratum s ON s.measure_id = %(measure)s AND s.code = f.code
GROUP BY 1, 2, 3
ON CONFLICT (host_id, stratum_id, period_start) DO UPDATE SET numerator = excluded.numerator
"""


def months() -> list[str]:
    return [f"{2016 + n // 12}-{n % 12 + 1:02}" for n in range(MONTHS)]


def write_rows(path: Path) -> None:
    """month, group, site, numerator, denominator: sites are added up."""
    sites = ROWS // (GROUPS * MONTHS) + 1
    left = ROWS
    with path.open("w") as out:
        out.write("month,group,site,numerator,denominator\n")
        for site in range(sites):
            for month in months():
                for group in range(GROUPS):
                    if left == 0:
                        return
                    left -= 1
                    out.write(f"{month},Group {group},S{site},{(site + group) % 40},{40 + group}\n")


def in_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def the_measure():
    from collaboratives.models import Measure

    return Measure.objects.select_related("team__cohort").get(slug="bench-million")


def seed() -> None:
    in_django()
    from accounts.models import User
    from collaboratives.actions.measures import Definition, Group, add_measure
    from collaboratives.models import Team
    from tenancy.active import open_host
    from tenancy.models import Host

    with open_host(Host.objects.get(slug="prairie").pk):
        add_measure(
            team=Team.objects.order_by("pk").first(),
            definition=Definition(
                name="Bench million", numerator_words="n", denominator_words="d", axis="own",
                groups=tuple(Group(f"group-{n}", f"Group {n}") for n in range(GROUPS)),
            ),
            by=User.objects.order_by("pk").first(),
        )  # fmt: skip


def emptied() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM collaboratives_datapoint WHERE stratum_id IN"
            " (SELECT id FROM collaboratives_stratum WHERE measure_id = %s)",
            [the_measure().pk],
        )


def floor(path: Path) -> float:
    """pandas, COPY, INSERT … SELECT and nothing else."""
    import pandas
    from django.db import connection

    measure = the_measure()
    began = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE floor_rows (month text, code text, site text,"
                       " numerator float8, denominator float8) ON COMMIT DROP")  # fmt: skip
        with cursor.copy("COPY floor_rows FROM STDIN (FORMAT csv)") as copy:
            for block in pandas.read_csv(path, chunksize=50_000):
                block["group"] = block["group"].str.lower().str.replace(" ", "-")
                copy.write(block.to_csv(header=False, index=False))
        cursor.execute(FLOOR, {"by": measure.team.members.first().user_id or 1,
                               "measure": measure.pk})  # fmt: skip
    return perf_counter() - began


def ours(path: Path) -> float:
    """What the job does with an uploaded file, without its queue."""
    from accounts.models import User
    from collaboratives import measure_files
    from collaboratives.actions import measure_loading
    from collaboratives.queries.measures import Reader, expected, measure_table

    measure = the_measure()
    began = perf_counter()
    table = measure_table(measure, reader=Reader(frozenset([measure.team_id])))
    wanted = expected(table, date(2026, 11, 1))
    with tempfile.TemporaryDirectory() as folder, measure_loading.Spool(Path(folder)) as spool:
        checked = measure_files.check(path, path.name, wanted, sink=spool.take)
        assert (checked.rows_read, checked.problem_count) == (ROWS, 0), checked.problems[:3]
        measure_loading.fill(spool)
        added, _changed = measure_loading.save(
            measure=measure, by=User.objects.order_by("pk").first()
        )
    assert added == GROUPS * MONTHS, added
    return perf_counter() - began


def bulk(path: Path) -> float:
    """bulk_create of a tenth as many rows, times ten."""
    from datetime import timedelta

    from accounts.models import User
    from collaboratives.models import DataPoint, Stratum

    measure, by = the_measure(), User.objects.order_by("pk").first()
    strata = list(Stratum.objects.filter(measure=measure).order_by("pk")[:GROUPS])
    began = perf_counter()
    DataPoint.objects.bulk_create(
        (
            DataPoint(host_id=measure.host_id, stratum=strata[n % GROUPS], entered_by=by,
                      period_start=date(1990, 1, 1) + timedelta(days=n // GROUPS),
                      numerator=n % 40, denominator=40)
            for n in range(BULK)
        ),
        batch_size=5_000,
    )  # fmt: skip
    return (perf_counter() - began) * ROWS / BULK


def child(what: str, path: Path) -> None:
    in_django()
    from tenancy.active import open_host
    from tenancy.models import Host

    with open_host(Host.objects.get(slug="prairie").pk):
        emptied()
    with open_host(Host.objects.get(slug="prairie").pk):
        seconds = {"floor": floor, "ours": ours, "bulk": bulk}[what](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def million() -> None:
    from launcher import dev, environment, services
    from launcher.bootstrap import PYTHON
    from launcher.data import new_state

    data = Path(tempfile.mkdtemp(prefix="closer-bench-"))
    data.chmod(0o755)
    running: list = []
    try:
        state = new_state()
        dev.stores(data, data, state, running, keep_open=os.open(os.devnull, os.O_RDONLY),
                   throw_away=True)  # fmt: skip
        (data / "data").mkdir()
        env = environment.inherited() | environment.shared(state, data / "data")
        env |= environment.owners(state) | {"DEMO_MODE": "1"}

        def manage(*command: str) -> None:
            done = subprocess.run([str(PYTHON), "manage.py", *command], cwd=ROOT, env=env,
                                  capture_output=True, text=True)  # fmt: skip
            if done.returncode:
                raise SystemExit(done.stderr[-3000:])

        for command in (["create_roles"], ["migrate", "--database", "owner"], ["load_demo"]):
            manage(*command)
        rows = data / "rows.csv"
        write_rows(rows)

        def one(what: str) -> dict[str, float]:
            done = subprocess.run([str(PYTHON), __file__, what, str(rows)], cwd=ROOT, env=env,
                                  capture_output=True, text=True)  # fmt: skip
            if done.returncode:
                raise SystemExit(done.stderr[-3000:])
            return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else {}

        one("seed")
        found: dict[str, list[dict[str, float]]] = {"floor": [], "ours": [], "bulk": []}
        for _ in range(ROUNDS):
            for what, each in found.items():
                each.append(one(what))
    finally:
        services.stop(running, seconds=5)
        shutil.rmtree(data, ignore_errors=True)

    def middle(what: str, key: str) -> float:
        return statistics.median(each[key] for each in found[what])

    pairs = list(zip(found["ours"], found["floor"], strict=True))
    ratios = [one["seconds"] / other["seconds"] for one, other in pairs]
    print("| 1,000,000 rows | seconds | peak MB | ratio | goal |\n|---|---|---|---|---|")
    print(f"| pandas, COPY, INSERT … SELECT alone | {middle('floor', 'seconds'):.1f} |"
          f" {middle('floor', 'megabytes'):.0f} | 1 | |")  # fmt: skip
    print(f"| read, checked, loaded, added up | {middle('ours', 'seconds'):.1f} |"
          f" {middle('ours', 'megabytes'):.0f} | {statistics.median(ratios):.2f}"
          f" ({min(ratios):.2f}-{max(ratios):.2f}) | ≤ 1.3, ≤ 400 MB |")  # fmt: skip
    times = middle("bulk", "seconds") / middle("ours", "seconds")
    print(
        f"| bulk_create | {middle('bulk', 'seconds'):.1f} | {middle('bulk', 'megabytes'):.0f} |"
        f" {times:.1f}× ours | ≥ 4× |"
    )


def charts() -> None:
    import numpy

    from analytics import batch_run_stats, batch_xmr, run_chart
    from analytics.charts import run_chart_svg, shared_scale

    chance = numpy.random.default_rng(7)
    many = chance.normal(60, 5, (40_000, 24))
    batch_run_stats(many[:100]), batch_xmr(many[:100])  # warm

    def best(work) -> float:
        times = []
        for _ in range(7):
            began = perf_counter()
            work()
            times.append(perf_counter() - began)
        return statistics.median(times)

    rules = best(lambda: (batch_run_stats(many), batch_xmr(many)))
    page = [list(map(float, row)) for row in many[:30]]
    labels = [f"M{n}" for n in range(24)]
    den = [120] * 24
    computed = [run_chart(row, freeze=8, direction="increase", den=den) for row in page]
    scale = shared_scale(computed, bounds=(0, 100), goal=70)
    analysed = best(
        lambda: [run_chart(row, freeze=8, direction="increase", den=den) for row in page]
    )
    values = [chart.value for chart in computed]
    drawn = best(
        lambda: [
            run_chart_svg(
                chart,
                labels=labels,
                title="t",
                uid=f"u{n}",
                goal=70,
                scale=scale,
                others=[other for other in values[:8] if other is not chart.value],
            )
            for n, chart in enumerate(computed)
        ]
    )
    print("\n| analytics | measured | goal |\n|---|---|---|")
    print(f"| 40,000 series × 24 points, run rules and XmR | {rules:.2f} s | < 1 s |")
    print(f"| a page of 30 charts: analytics | {1000 * analysed:.1f} ms | < 10 ms |")
    print(f"| a page of 30 charts: drawing | {1000 * drawn:.1f} ms | beside |")


def main() -> None:
    if len(sys.argv) > 1:
        if sys.argv[1] == "seed":
            seed()
        else:
            child(sys.argv[1], Path(sys.argv[2]))
        return
    million()
    charts()


if __name__ == "__main__":
    main()
