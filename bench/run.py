"""Measure our pages beside a bare Django site, in one run: `.venv/bin/python bench/run.py`.

Both sites run at once on throw-away services. Rounds are interleaved; each request's cost is the
CPU time of the site's processes and of Postgres. The floor is also paired with itself: if that
is not near 1, the machine was too busy and the run is worth nothing.
"""

import gzip
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psutil
import psycopg

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "bin"))

from launcher import dev, environment, services  # noqa: E402
from launcher.bootstrap import PYTHON, tied  # noqa: E402
from launcher.data import new_state  # noqa: E402
from launcher.services import Service  # noqa: E402

ROUNDS, REQUESTS = 6, 60
WORDS = sys.argv[1:]  # of the pages to measure; none: all, and the PDF


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


@dataclass
class Visitor:
    """Somebody at a site, with a cookie or without one."""

    port: int
    cookie: str = ""

    def ask(self, method: str, path: str, body: str = "") -> tuple[Message, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Host": f"127.0.0.1:{self.port}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return answer.headers, content

    def get(self, path: str) -> Callable[[], None]:
        return lambda: void(self.ask("GET", path))

    def saver(self, section: str, field: str) -> Callable[[], None]:
        """Types something new into one question each time, as the page's script sends it."""
        headers, page = self.ask("GET", section)
        text = page.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        revision = re.search(rf'data-field="{field}" data-rev="(\d+)"', text)
        assert token and revision
        for cookie in headers.get_all("Set-Cookie") or ():
            self.cookie += "; " + cookie.partition(";")[0]
        state = {"revision": int(revision[1])}

        def once() -> None:
            sent = {
                "csrfmiddlewaretoken": token[1],
                "_changed": field,
                f"_rev.{field}": state["revision"],
                field: f"What we learned, said for the time number {state['revision']}.",
                "_key": str(uuid4()),
            }
            _headers, said = self.ask("POST", f"{section}autosave/", urlencode(sent))
            state["revision"] = json.loads(said)["revisions"][field]

        return once


def void(_answer: object) -> None:
    return None


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
    coordinator, applicant, cohort, small, draft = run(
        str(PYTHON), "bench/seed.py", env=env
    ).split()
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
    pids = {s.name: [s.process.pid, postgres] for s in running if s.name in ("ours", "floor")}
    staff, lead, visitor = Visitor(ours, coordinator), Visitor(ours, applicant), Visitor(ours)
    there, nobody = Visitor(floor, floor_cookie), Visitor(floor)
    applications = f"/prairie/staff/p/{cohort}/applications/"
    section = f"/prairie/applications/{draft}/s/improvement/"
    public = f"/prairie/p/{cohort}/"
    pairs = [
        Pair("staff list, 25 of 10,000", staff.get(applications), there.get("/list/"), 1.2),
        Pair("section page", lead.get(section), there.get("/form/"), 0.5),
        Pair("autosave", lead.saver(section, "lessons"), there.get("/save/"), 1.2),
        Pair("public page", visitor.get(public), nobody.get("/public/"), 1.5),
    ]
    print("| page | floor, CPU ms | ours, CPU ms | ratio (least-most) | goal | floor to itself |")
    print("|---|---|---|---|---|---|")
    wanted = [pair for pair in pairs if not WORDS or any(word in pair.name for word in WORDS)]
    for pair in wanted:
        print(compare(pair, pids), flush=True)
    print(weights(staff, applications, visitor, public, section, lead), flush=True)
    if WORDS:
        return
    grown = growth(staff, applications, f"/prairie/staff/p/{small}/applications/", pids["ours"])
    print(f"\n10,000 rows against 100: {grown}, goal 1.15")
    print(run(str(PYTHON), "bench/pdf.py", env=env))


def listens(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("HEAD", "/healthz")
        connection.getresponse().read()
        return True
    except OSError:
        return False


@dataclass
class Pair:
    """One of our pages and its floor."""

    name: str
    ours: Callable[[], None]
    floor: Callable[[], None]
    goal: float


def compare(pair: Pair, pids: dict[str, list[int]]) -> str:
    for once in (pair.ours, pair.floor):
        for _ in range(20):
            once()
    ratios, itself, floors, costs = [], [], [], []
    for _ in range(ROUNDS):
        floor = cost(pids["floor"], pair.floor)
        our = cost(pids["ours"], pair.ours)
        again = cost(pids["floor"], pair.floor)
        ratios.append(2 * our / (floor + again))
        itself.append(again / floor)
        floors.append((floor + again) / 2)
        costs.append(our)
    return (
        f"| {pair.name} | {statistics.median(floors):.1f} | {statistics.median(costs):.1f} |"
        f" {spread(ratios)} | {pair.goal:.2f} | {statistics.median(itself):.2f} |"
    )


def growth(staff: Visitor, large: str, small: str, pids: list[int]) -> str:
    return spread([cost(pids, staff.get(large)) / cost(pids, staff.get(small)) for _ in range(6)])


def spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def weights(
    staff: Visitor, listed: str, visitor: Visitor, public: str, section: str, lead: Visitor
) -> str:
    """Kilobytes after gzip, of pages and of what their first view fetches."""
    lines = [
        "",
        "| after gzip | HTML KB | CSS KB | script KB | requests |",
        "|---|---|---|---|---|",
    ]
    for name, who, path in (
        ("list", staff, listed),
        ("public page", visitor, public),
        ("section page", lead, section),
    ):
        page = who.ask("GET", path)[1]
        text = page.decode()
        css = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', text)
        fonts = re.findall(r'<link[^>]+rel="preload"[^>]+href="([^"]+)"', text)
        script = re.findall(r'<script[^>]+src="([^"]+)"', text)
        script += [one for one in modules(who, script, text) if one not in script]
        if re.search(r"<[^>]+ hx-(get|post|put|patch|delete)=", text):
            script += re.findall(r'<meta name="htmx-src" content="([^"]+)"', text)
        pictures = set(re.findall(r'<use href="([^"#]+)#', text))
        sizes = [
            packed(page),
            *(sum(packed(who.ask("GET", u)[1]) for u in us) for us in (css, script)),
        ]
        requests = 1 + len(css) + len(fonts) + len(script) + len(pictures)
        shown = " | ".join(f"{size / 1024:.1f}" for size in sizes)
        lines.append(f"| {name} | {shown} | {requests} |")
    return "\n".join(lines)


def modules(who: Visitor, scripts: list[str], page: str) -> list[str]:
    """What the scripts of a page import, and what these import. A custom element's module comes
    only where the element stands on the page."""
    found: list[str] = []
    waiting = list(scripts)
    while waiting:
        here = waiting.pop()
        text = who.ask("GET", here)[1].decode()
        lazy = re.findall(r"""["']([\w-]+)["']: \(\) => import\(["']\./([^"']+)["']\)""", text)
        names = [name for element, name in lazy if f"<{element}" in page]
        names += re.findall(r"""from\s*["']\./([^"']+)["']""", text)
        for name in names:
            path = f"{here.rpartition('/')[0]}/{name}"
            if path not in found:
                found.append(path)
                waiting.append(path)
    return found


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


if __name__ == "__main__":
    main()
