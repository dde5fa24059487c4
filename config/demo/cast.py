"""The people of the demo, and the links without an account that stand open."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Person:
    """address: what `POST /demo/as/<address>/` takes. goes_to: where signing in leads."""

    address: str
    name: str
    does: str
    goes_to: str


PEOPLE = (
    Person("owner@prairie.example", "Inés Duarte", _("Owner of the host"), "/prairie/staff/"),
    Person(
        "coordinator@prairie.example",
        "Renata Solis",
        _("Runs the programs and decides"),
        "/prairie/staff/",
    ),
    Person(
        "reviewer@prairie.example",
        "Ravi Anand",
        _("Reads the applications given to them"),
        "/prairie/staff/",
    ),
    Person("coach@prairie.example", "Cora Lindqvist", _("Coaches teams"), "/prairie/staff/"),
    Person(
        "analyst@prairie.example",
        "Anaïs Petrov",
        _("Reads masked numbers, changes nothing"),
        "/prairie/staff/",
    ),
    Person(
        "applicant@prairie.example",
        "Dana Whitfield",
        _("Has a half-done application"),
        "/prairie/applications/",
    ),
    Person(
        "lead@prairie.example",
        "Marcus Okafor",
        _("Leads a team"),
        "/prairie/teams/cedar-valley/",
    ),
    Person(
        "member@prairie.example",
        "Priya Raman",
        _("Works on a team"),
        "/prairie/teams/cedar-valley/",
    ),
    Person(
        "partner@prairie.example",
        "Lena Tso",
        _("Community partner, may look"),
        "/prairie/teams/cedar-valley/",
    ),
    Person(
        "coordinator@lakeshore.example",
        "Sam Roe",
        _("Another host, beside this one"),
        "/lakeshore/staff/",
    ),
)


@dataclass(frozen=True)
class OpenLink:
    label: str
    url: str


def open_links() -> list[OpenLink]:
    """Links in the mail of the demo that still work without an account."""
    return []
