"""Time zones to choose from, with a name that people know."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

COMMON = [
    ("America/New_York", _("Eastern (New York)")),
    ("America/Chicago", _("Central (Chicago)")),
    ("America/Denver", _("Mountain (Denver)")),
    ("America/Phoenix", _("Arizona (Phoenix)")),
    ("America/Los_Angeles", _("Pacific (Los Angeles)")),
    ("America/Anchorage", _("Alaska (Anchorage)")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
    ("America/Puerto_Rico", _("Atlantic (Puerto Rico)")),
    ("Pacific/Guam", _("Chamorro (Guam)")),
]
_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")


@cache
def _others() -> list[tuple[str, str]]:
    common = {zone for zone, _name in COMMON}
    return [
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if zone.startswith(_AREAS) and zone not in common
    ]


def choices() -> Sequence[tuple[object, object]]:
    """For a select: the zones of the United States first, then all others."""
    return [(_("United States"), COMMON), (_("Other places"), _others())]


def name(zone: str) -> str:
    """Central (Chicago) for America/Chicago."""
    return str(dict(COMMON).get(zone, zone.replace("_", " ")))
