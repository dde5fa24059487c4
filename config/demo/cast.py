"""The people of the demo, and the links without an account that stand open."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from messaging import queries
from tenancy import links


@dataclass(frozen=True)
class Person:
    """address: what `POST /demo/as/<address>/` takes."""

    address: str
    name: str
    does: str


PEOPLE = (
    Person("owner@prairie.example", "Inés Duarte", _("Owner of the host")),
    Person("coordinator@prairie.example", "Renata Solis", _("Runs the programs and decides")),
    Person("reviewer@prairie.example", "Ravi Anand", _("Reads the applications given to them")),
    Person("coach@prairie.example", "Cora Lindqvist", _("Coaches teams")),
    Person("analyst@prairie.example", "Anaïs Petrov", _("Reads masked numbers, changes nothing")),
    Person("applicant@prairie.example", "Dana Whitfield", _("Has a half-done application")),
    Person("editor@prairie.example", "Theo Brandt", _("Helps with Dana's application")),
    Person("lead@prairie.example", "Marcus Okafor", _("Leads a team")),
    Person("member@prairie.example", "Priya Raman", _("Works on a team")),
    Person("partner@prairie.example", "Lena Tso", _("Community partner, may look")),
    Person("coordinator@lakeshore.example", "Sam Roe", _("Another host, beside this one")),
)


LINK = re.compile(r"/r/([a-z]+)/([A-Za-z0-9_-]+)/")
WORTH_OPENING = {
    "reply": _("A senior leader replies to a report"),
    "sign": _("A senior leader signs a charter"),
    "letter": _("A chief executive sends a letter"),
    "join": _("A colleague is invited to an application"),
    "rsvp": _("Somebody answers an invitation"),
}


@dataclass(frozen=True)
class OpenLink:
    label: str
    to: str
    url: str


def open_links(each: int = 2) -> list[OpenLink]:
    """Links in the demo's mail that still work without an account; at most `each` of a kind."""
    found: dict[str, list[OpenLink]] = {kind: [] for kind in WORTH_OPENING}
    for letter in queries.everything_posted():
        for kind, token in LINK.findall(letter.text):
            if len(found.get(kind, [])) < each and kind in found and links.find(token, kind=kind):
                found[kind].append(OpenLink(WORTH_OPENING[kind], letter.to, f"/r/{kind}/{token}/"))
    return [link for kind in found for link in found[kind]]
