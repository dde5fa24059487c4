"""Measure our pages beside a bare Django site, in one run: `.venv/bin/python bench/run.py`.

Both sites run at once on throw-away services. Rounds are interleaved; each request's cost is the
CPU time of the site's processes and of Postgres. The floor is also paired with itself: if that
is not near 1, the machine was too busy and the run is worth nothing.
"""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "bin"))

from launcher import dev, environment, services  # noqa: E402
from launcher.bootstrap import PYTHON, tied  # noqa: E402
from launcher.data import new_state  # noqa: E402
from launcher.services import Service  # noqa: E402

ROUNDS, REQUESTS = 6, 60


def run(*command: str, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that these processes and all below them have used so far."""
    spent = 0.0
    for pid in pids:
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent += times.user + times.system
            if process is parent:
                spent += times.children_user + times.children_system
    return spent


def fetch(port: int, path: str, cookie: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")


def cost(pids: list[int], once: Callable[[], None]) -> float:
    """CPU milliseconds per request."""
    before = cpu(pids)
    for _ in range(REQUESTS):
        once()
    return (cpu(pids) - before) / REQUESTS * 1000


def gunicorn(name: str, app: str, port: int, env: dict[str, str], data: Path) -> Service:
    command = [*tied("TERM"), str(PYTHON), "-m", "gunicorn", app, "-b", f"127.0.0.1:{port}"]
    return Service(name, [*command, "-w", "2"], log=data / f"{name}.log", env=env)


def main() -> None:
    data = Path(tempfile.mkdtemp(prefix="closer-bench-"))
    data.chmod(0o755)
    running: list[Service] = []
    try:
        measure(data, running)
    finally:
        services.stop(running, seconds=5)
        shutil.rmtree(data, ignore_errors=True)


def measure(data: Path, running: list[Service]) -> None:
    state = new_state()
    dev.stores(
        data, data, state, running, keep_open=os.open(os.devnull, os.O_RDONLY), throw_away=True
    )
    (data / "data").mkdir()
    env = environment.inherited() | environment.shared(state, data / "data")
    env |= environment.owners(state) | {"DEMO_MODE": "1"}
    for command in (["create_roles"], ["migrate", "--database", "owner"], ["load_demo"]):
        run(str(PYTHON), "manage.py", *command, env=env)
    static = ("collectstatic", "--noinput", "-i", "django_htmx/ext/*")
    run(str(PYTHON), "manage.py", *static, env=env)
    cookie, cohort, small = run(str(PYTHON), "bench/seed.py", env=env).split()
    floor_env = env | {
        "FLOOR_PORT": str(state["postgres_port"]),
        "FLOOR_PASSWORD": state["app_owner"],
        "PYTHONPATH": str(ROOT / "bench"),
    }
    owner = environment.database(state, "app_owner")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE DATABASE floor")
    floor_cookie = run(str(PYTHON), "bench/floorsite.py", "seed", env=floor_env)
    ours, floor = services.free_port(), services.free_port()
    running.append(gunicorn("ours", "config.wsgi:application", ours, env, data))
    running.append(gunicorn("floor", "floorsite:application", floor, floor_env, data))
    for service, port in zip(running[-2:], (ours, floor), strict=True):
        service.wait_until(lambda port=port: listens(port))
    postgres = next(s.process.pid for s in running if "ostgres" in s.name)
    pages = {
        "ours": (ours, f"/prairie/staff/p/{cohort}/applications/", cookie),
        "small": (ours, f"/prairie/staff/p/{small}/applications/", cookie),
        "floor": (floor, "/list/", floor_cookie),
    }
    pids = {s.name: [s.process.pid, postgres] for s in running if s.name in pages}
    compare(pages, pids)
    print(run(str(PYTHON), "bench/pdf.py", env=env))


def listens(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("HEAD", "/healthz")
        connection.getresponse().read()
        return True
    except OSError:
        return False


def compare(pages: dict[str, tuple[int, str, str]], pids: dict[str, list[int]]) -> None:
    once = {name: (lambda page=page: fetch(*page)) for name, page in pages.items()}
    for name in pages:
        for _ in range(20):
            once[name]()
    ratios, itself, floors, costs, growth = [], [], [], [], []
    for _ in range(ROUNDS):
        floor = cost(pids["floor"], once["floor"])
        our = cost(pids["ours"], once["ours"])
        small = cost(pids["ours"], once["small"])
        again = cost(pids["floor"], once["floor"])
        growth.append(our / small)
        ratios.append(2 * our / (floor + again))
        itself.append(again / floor)
        floors.append((floor + again) / 2)
        costs.append(our)
    print(f"The floor against itself: {statistics.median(itself):.2f} (0.85 to 1.15 is fine)\n")
    print("| page | floor, CPU ms | ours, CPU ms | ratio (least-most) | goal |")
    print("|---|---|---|---|---|")
    print(
        f"| staff list, 25 of 10,000 | {statistics.median(floors):.1f} |"
        f" {statistics.median(costs):.1f} | {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f}-{max(ratios):.2f}) | 1.20 |"
    )
    print(
        f"\n10,000 rows against 100: {statistics.median(growth):.2f}"
        f" ({min(growth):.2f}-{max(growth):.2f}), goal 1.15"
    )


if __name__ == "__main__":
    main()
