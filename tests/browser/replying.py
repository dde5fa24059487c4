"""What a leader does with a link, and what the team does around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from playwright.sync_api import Locator, Page

from tests.browser import walking
from tests.browser.site import Site
from tests.browser.walking import Walker

# A team of the demo that waits for its leader.
RIVERBEND = "Riverbend Regional Medical Center"
LEAD, LEADER = "amina.yusuf@riverbend.example", "samuel.osei@riverbend.example"

SIGNED_IN: dict[int, list[Any]] = {}  # the cookies, by the port of a site
TOLD = ["replied", "handed_over", "not_me", "new_link", "no_alternate", "acknowledged"]


@dataclass
class Thumb:
    """Counts each press and each box that is typed into."""

    page: Page
    actions: int = 0

    def press(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def write(self, box: Locator, words: str) -> None:
        self.actions += 1
        box.fill(words)


def rows(site: Site, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read, or set the clock of a row back, as the owner of the database within the demo's host."""
    with psycopg.connect(site.address("DATABASE_OWNER_URL"), autocommit=True) as owner:
        host = "SELECT set_config('app.host_id', id::text, false) FROM tenancy_host"
        owner.execute(f"{host} WHERE slug = 'prairie'")
        done = owner.execute(statement, values)
        return done.fetchall() if done.description else []


def everything(site: Site) -> list[Any]:
    """All that a press on a leader's page could change."""
    tables = ["reporting_leaderreply", "reporting_leadercommitment", "questionnaires_response"]
    tables += ["questionnaires_answerchange", "tenancy_link"]
    found: list[Any] = [
        rows(site, f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t")
        for table in tables
    ]
    names = [f"reporting/{one}" for one in TOLD]
    mails = "SELECT count(*) FROM messaging_outboundmessage WHERE template = ANY(%s)"
    assert found[0][0][0] and found[-1][0][0], found
    return [*found, rows(site, mails, names)]


def team_with_reports(site: Site, name: str) -> str:
    """The address of the team of this name that has reported."""
    find = "SELECT t.slug FROM collaboratives_team t JOIN reporting_report r ON r.team_id = t.id"
    return f"/prairie/teams/{rows(site, f'{find} WHERE t.name = %s LIMIT 1', name)[0][0]}/"


def latest_report(walker: Walker, team: str) -> str:
    """The address of the newest submitted report."""
    walker.open(f"{team}reports/")
    table = walker.page.get_by_role("table", name="Your reports")
    with walker.page.expect_navigation():
        table.get_by_role("rowheader").get_by_role("link").last.click()
    return walker.page.url


def write_on(walker: Walker, report: str) -> None:
    """Reopen."""
    walker.open(report)
    walker.follow("Change", walker.page.locator(".page-actions"))
    walker.page.get_by_label("Why do you change it?").fill("A number was wrong.")
    walker.press("Start a new version")
    walker.heading("Write your report")


def submit(walker: Walker) -> None:
    walker.press("Check and submit")
    walker.press("Submit report")
    walker.read("Submitted")


def at_riverbend(walker: Walker) -> str:
    """Signed in as the team's lead: once by a code, which few are sent a minute, then kept."""
    context = walker.page.context
    if walker.site.port in SIGNED_IN:
        context.add_cookies(SIGNED_IN[walker.site.port])
    else:
        walker.open("/accounts/start/")
        walking.prove_the_address(walker, LEAD)
        SIGNED_IN[walker.site.port] = context.cookies()  # type: ignore[assignment]
    return team_with_reports(walker.site, RIVERBEND)


def asked_anew(walker: Walker, team: str, leader: str) -> str:
    """The next version of the newest report, and the leader's link to it."""
    report = latest_report(walker, team)
    before = len(walker.site.mails(leader, "reply to the"))
    write_on(walker, report)
    submit(walker)
    walker.site.until(lambda: len(walker.site.mails(leader, "reply to the")) > before, seconds=30)
    return link_to(walker.site, leader, "reply to the")


def link_to(site: Site, address: str, subject: str) -> str:
    letter = site.mail(address, subject)
    return next(str(one) for one in letter["links"] if "/r/reply/" in one)
