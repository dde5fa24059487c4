"""A real browser and a small server that gives it our static files and pages of the test."""

import json
import mimetypes
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django_htmx
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
POLICY = "; ".join(
    f"{name} {' '.join(sources)}"
    for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
ELEMENT_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>
<link rel="stylesheet" href="/static/css/app.css">
%s
<meta name="htmx-src" content="/static/htmx.js">
<script type="module" src="/static/js/closer.js"></script></head><body><main>
<form><input type="hidden" name="csrfmiddlewaretoken" value="seal-1"></form>
%s</main></body></html>"""


HTMX_CONFIG = re.search(
    r'<meta name="htmx-config"[^>]*>', (ROOT / "templates/base.html").read_text()
)[0]


@dataclass
class Post:
    path: str
    fields: dict[str, list[str]]
    body: bytes
    headers: Any


@dataclass
class Site:
    """What the browser may ask for. An answer is (status, headers, body) or a JSON value."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    answer: Callable[[Post], Any] = lambda post: {}
    polls: dict[str, list[Any]] = field(default_factory=dict)

    def element(self, markup: str, path: str = "/") -> str:
        self.pages[path] = ELEMENT_PAGE % (HTMX_CONFIG, markup)
        return self.url + path


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def reply(self, status: int, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def json(self, value: Any) -> None:
            status = 200
            if isinstance(value, tuple):
                status, value = value
            self.reply(status, json.dumps(value).encode(), "application/json")

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path in site.polls:
                left = site.polls[path]
                self.json(left.pop(0) if len(left) > 1 else left[0])
            elif path in site.pages:
                self.reply(200, site.pages[path].encode(), "text/html; charset=utf-8")
            else:
                file = HTMX if path == "/static/htmx.js" else ROOT / path.removeprefix("/")
                if path.startswith("/static/") and file.is_file():
                    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                    self.reply(200, file.read_bytes(), kind)
                else:
                    self.reply(404, b"", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers["Content-Type"]
            fields = parse_qs(body.decode(), keep_blank_values=True) if "urlencoded" in kind else {}
            post = Post(urlsplit(self.path).path, fields, body, self.headers)
            site.posts.append(post)
            self.json(site.answer(post))

    return Handler


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves a page hangs up on what it was loading."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = Server(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")  # two Playwrights at once do not get along in one process
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "Chromium is missing: install it or set CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        locale="en-US", timezone_id="America/New_York", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Fails on script errors and on anything that the content policy refuses."""
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    assert faults == []
