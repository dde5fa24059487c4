"""The report, the leader's brief, the boards and the PDF beside a floor, in one run.

`.venv/bin/python bench/reports.py` measures as `bench/run.py` does, with a report of 6 measures in
8 groups over 24 months; the floor draws the very same charts and tables on a bare page.
"""

import http.client
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bin"), str(ROOT / "bench")]

MEASURES, GROUPS, MONTHS = 6, 8, 24
LABELS = ("Everybody", "American Indian", "Asian", "Black", "Hispanic", "Pacific Islander",
          "White", "More than one")  # fmt: skip


def main() -> None:
    from run import services

    data = Path(tempfile.mkdtemp(prefix="closer-bench-"))
    data.chmod(0o755)
    running: list = []
    try:
        measure(data, running)
    finally:
        services.stop(running, seconds=5)
        shutil.rmtree(data, ignore_errors=True)


def measure(data: Path, running: list) -> None:
    import psycopg
    import run as run_module
    from launcher import dev, environment, services
    from launcher.bootstrap import PYTHON
    from launcher.data import new_state
    from run import Pair, Visitor, compare, gunicorn, listens, run

    run_module.REQUESTS = 20  # of pages this large

    state = new_state()
    dev.stores(
        data, data, state, running, keep_open=os.open(os.devnull, os.O_RDONLY), throw_away=True
    )
    (data / "data").mkdir()
    env = environment.inherited() | environment.shared(state, data / "data")
    env |= environment.owners(state) | {"DEMO_MODE": "1"}
    for command in (["create_roles"], ["migrate", "--database", "owner"], ["load_demo"]):
        run(str(PYTHON), "manage.py", *command, env=env)
    run(str(PYTHON), "manage.py", "collectstatic", "--noinput", "-i", "django_htmx/ext/*", env=env)
    kept = data / "content.json"
    told = run(str(PYTHON), "bench/reports.py", "seed", str(kept), env=env)
    staff, lead, cohort, report, token = told.split()
    floor_env = env | {
        "FLOOR_PORT": str(state["postgres_port"]),
        "FLOOR_PASSWORD": state["app_owner"],
        "PYTHONPATH": f"{ROOT / 'bench'}:{ROOT}",
    }
    with psycopg.connect(environment.database(state, "app_owner"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE floor")
    cookie = run(str(PYTHON), "bench/floorsite.py", "seed", env=floor_env)
    run(str(PYTHON), "bench/floorreport.py", str(kept), env=floor_env)
    ours, floor = services.free_port(), services.free_port()
    running.append(gunicorn("ours", "config.wsgi:application", ours, env, data))
    running.append(gunicorn("floor", "floorreport:application", floor, floor_env, data))
    for service, port in zip(running[-2:], (ours, floor), strict=True):
        service.wait_until(lambda port=port: listens(port))
    postgres = next(s.process.pid for s in running if "ostgres" in s.name)
    pids = {s.name: [s.process.pid, postgres] for s in running if s.name in ("ours", "floor")}
    there = Visitor(floor, cookie)
    board, team = Visitor(ours, staff), Visitor(ours, lead)
    cookie, brief = opened(ours, f"/r/reply/{token}/")
    leader = Visitor(ours, cookie)
    teams = f"/prairie/staff/p/{cohort}/"
    pairs = [
        Pair("P7 report page", team.get(report), there.get("/report/"), 1.2),
        Pair("leader's brief", leader.get(brief), there.get("/report/"), 1.2),
        Pair("P6 cohort board", board.get(teams), there.get("/dashboard/"), 1.2),
        Pair("P6 its teams", board.get(f"{teams}board/"), there.get("/dashboard/"), 1.2),
        Pair("P6 reporting board", board.get(f"{teams}reports/"), there.get("/dashboard/"), 1.2),
    ]
    print("| page | floor, CPU ms | ours, CPU ms | ratio (least-most) | goal | floor to itself |")
    print("|---|---|---|---|---|---|")
    for pair in pairs:
        if len(sys.argv) < 2 or any(word in pair.name for word in sys.argv[1:]):
            print(compare(pair, pids), flush=True)
    print(run(str(PYTHON), "bench/reports.py", "pdf", env=env))


def opened(port: int, path: str) -> tuple[str, str]:
    """The cookie that a mailed link leaves, and the address without its token."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    answer.read()
    cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or ()]
    connection.close()
    return "; ".join(cookies), answer.headers["Location"]


# --- within Django -------------------------------------------------------------------------------


def in_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def seed(kept: Path) -> None:
    """A report of the demo's first team, sent, with a leader who is asked; the floor's content."""
    from django.utils import timezone
    from seed import signed_in  # sets Django up

    from accounts.models import User
    from collaboratives.models import Team
    from config.demo import work
    from reporting import actions
    from reporting.models import Period
    from tenancy.active import open_host
    from tenancy.models import Host

    now = timezone.now()
    with open_host(Host.objects.get(slug="prairie").pk):
        lead = User.objects.get(email="lead@prairie.example")
        staff = User.objects.get(email="coordinator@prairie.example")
        team = Team.objects.get(name="Cedar Valley Community Health")
        team.measures.all().delete()
        last = (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
        for number in range(MEASURES):
            add_measure(team, number, last, by=lead)
        period = Period.objects.filter(cohort=team.cohort, ends_on__lt=now.date()).latest("ends_on")
        Period.objects.filter(pk=period.pk).update(ends_on=last + timedelta(days=27))
        begun = team.reports.get(period=period)
        actions.reopen(report=begun, reason="bench", now=now, by=lead)
        version = work.report(team, period, by=lead, now=now, at=now)
        token = actions.leaders._link(version.replies.get())
        tables = [plain(table) for table in version.content["whole"]]
        kept.write_text(json.dumps({"words": work.HEADLINES[3], "tables": tables}))
        names = team.cohort.slug, f"/prairie/teams/{team.slug}/reports/{period.slug}/", token
    print(signed_in(staff), signed_in(lead), *names)


def add_measure(team: Any, number: int, last: date, *, by: Any) -> None:
    from collaboratives.actions import measures as measuring
    from collaboratives.actions.measure_numbers import Point, save_points
    from collaboratives.actions.measures import Definition, Group

    codes = ["", *(f"g{n}" for n in range(1, GROUPS))]
    measure = measuring.add_measure(
        team=team,
        definition=Definition(
            name=f"Measure {number + 1}",
            numerator_words="Patients seen within seven days",
            denominator_words="Patients who went home that month",
            target=0.7,
            baseline_points=8,
            groups=tuple(Group(c, label) for c, label in zip(codes[1:], LABELS[1:], strict=True)),
            gap_group="g1",
        ),
        by=by,
    )
    chance, at = random.Random(number), last.year * 12 + last.month - 1
    points = []
    for n in range(at - MONTHS + 1, at + 1):
        month, whole = date(n // 12, n % 12 + 1, 1), [0, 0]
        for code in codes[1:]:
            seen = chance.randint(60, 140)
            met = sum(chance.random() < 0.55 + 0.004 * (n - at + MONTHS) for _ in range(seen))
            points.append(Point(code, month, met, seen))
            whole = [whole[0] + met, whole[1] + seen]
        points.append(Point("", month, *whole))
    save_points(measure=measure, points=points, by=by)


def plain(kept: dict[str, Any]) -> dict[str, Any]:
    """A kept table as the floor draws it."""
    from collaboratives.queries.measures import MeasureTable

    table = MeasureTable.from_json(kept)
    return {
        "name": table.name,
        "slug": table.slug,
        "goal": table.goal,
        "labels": [table.label(month) for month in table.months],
        "groups": [
            {
                "code": group.code,
                "label": group.label,
                "cells": [(cell.numerator or 0, cell.denominator or 0) for cell in group.cells],
            }
            for group in table.drawn
        ],
    }


def pdf() -> None:
    """CPU of the report's PDF beside bare WeasyPrint on the same HTML, in one warm process."""
    in_django()
    from django.conf import settings
    from django.template.loader import render_to_string
    from weasyprint import HTML

    from documents import pdf as ours
    from reporting.models import ReportVersion
    from reporting.queries.documents import document_of
    from tenancy.active import open_host
    from tenancy.models import Host

    with open_host(Host.objects.get(slug="prairie").pk):
        html = render_to_string(
            "reporting/pdf.html",
            document_of(ReportVersion.objects.latest("submitted_at").pk, whole=True),
        )
    base = (settings.BASE_DIR / "static").as_uri() + "/"

    def spent(work: Any) -> float:
        began = process_time()
        work()
        return (process_time() - began) * 1000

    def bare() -> None:
        HTML(string=html, base_url=base).write_pdf()

    def whole() -> None:
        ours.render(html)

    bare(), whole()
    floors, costs, ratios = [], [], []
    for _ in range(5):
        floor, cost, again = spent(bare), spent(whole), spent(bare)
        floors.append((floor + again) / 2)
        costs.append(cost)
        ratios.append(cost / floors[-1])
    print(
        f"| P14 report PDF | {statistics.median(floors):.0f} | {statistics.median(costs):.0f} |"
        f" {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}) | 1.10 | |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["seed"]:
        seed(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["pdf"]:
        pdf()
    else:
        main()
