"""What every page is given: host, person, navigation. Nothing here asks the database for a
visitor without a login session, and nothing asks it twice."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import login_time
from accounts.roles import Permission
from config.addresses import address

# label, URL name, icon, permission: the pages of a cohort that staff work with.
COHORT_PAGES = (
    (_("Applications"), "applications:list", "inbox", Permission.APPLICATION_VIEW),
    (_("Teams"), "collaboratives:teams", "users", Permission.TEAM_VIEW),
    (_("Measures"), "collaboratives:cohort_measures", "table", Permission.PROGRAM_VIEW),
    (_("Sessions"), "program_sessions:staff_list", "calendar-days", Permission.SESSION_VIEW),
    (_("Quarterly reports"), "reporting:staff_list", "chart-line", Permission.REPORT_VIEW),
    (_("Feedback calls"), "reporting:outreach", "message-circle", Permission.REPORT_VIEW),
    (_("Charters"), "charters:staff_list", "scroll-text", Permission.CHARTER_VIEW),
    (_("Messages"), "messaging:list", "mail", Permission.MESSAGE_VIEW),
    (_("Application form"), "collaboratives:form", "clipboard-list", Permission.PROGRAM_EDIT),
)

TEAM_PAGES = (
    (_("Home"), "collaboratives:team_home"),
    (_("Reports"), "reporting:team_reports"),
    (_("Charter"), "charters:team_charter"),
    (_("Data"), "collaboratives:measures"),
    (_("Sessions"), "program_sessions:for_team"),
)

Entry = dict[str, Any]


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    host = getattr(request, "host", None)
    match = request.resolver_match
    kwargs = match.kwargs if match else {}
    slug = host.slug if host is not None and "host_slug" in kwargs else ""
    person = user if user is not None and user.is_authenticated else None
    membership = getattr(request, "membership", None) if person else None
    return {
        "host": host,
        "person": person,
        "login_seconds": login_time.seconds_unused(request) if person else 0,
        "membership": membership,
        "demo_mode": settings.DEMO_MODE,
        "navigation": _navigation(request, slug, kwargs, person, membership) if slug else [],
        "staff_navigation": _cohort_navigation(request, slug, kwargs, membership) if slug else [],
    }


def _entry(request: HttpRequest, label: Any, url: str) -> Entry:
    return {"label": label, "url": url, "current": request.path.startswith(url)}


def _most_exact(entries: list[Entry]) -> list[Entry]:
    """Of the entries that hold this page, only the one with the longest address is current."""
    current = [entry for entry in entries if entry["current"]]
    if current:
        nearest = max(current, key=lambda entry: len(entry["url"]))
        for entry in current:
            entry["current"] = entry is nearest
    return entries


def _navigation(
    request: HttpRequest, slug: str, kwargs: dict[str, Any], person: Any, membership: Any
) -> list[Entry]:
    library = _entry(request, _("Library"), address("reporting:library", slug))
    if "team_slug" in kwargs and "/staff/coaching/" not in request.path:
        entries = [
            _entry(request, label, address(name, slug, kwargs["team_slug"]))
            for label, name in TEAM_PAGES
        ]
        return _most_exact([*entries, library])
    if membership:
        entries = [_entry(request, _("Programs"), address("collaboratives:staff_home", slug))]
        if membership.may(Permission.PROGRAM_VIEW):
            url = address("collaboratives:organizations", slug)
            entries.append(_entry(request, _("Organizations"), url))
        if membership.may(Permission.REPORT_VIEW):
            entries.append(library)
        if membership.may(Permission.REPORT_COACH):
            entries.append(_entry(request, _("Coaching"), address("reporting:coaching", slug)))
        if membership.may(Permission.PEOPLE_MANAGE):
            entries.append(_entry(request, _("People"), address("accounts_host:people", slug)))
        return _most_exact(entries)
    entries = [_entry(request, _("Home"), address("collaboratives:host_home", slug))]
    if person:
        url = address("applications:mine", slug)
        entries.append(_entry(request, _("Applications"), url))
    if person and library["current"]:
        entries.append(library)
    entries.append(_entry(request, _("Programs"), address("collaboratives:programs", slug)))
    return _most_exact(entries)


def _cohort_navigation(
    request: HttpRequest, slug: str, kwargs: dict[str, Any], membership: Any
) -> list[dict[str, Any]]:
    """The pages of the cohort whose page this is. The template adds the cohort's name."""
    cohort = kwargs.get("cohort_slug")
    if membership is None or not cohort or f"/staff/p/{cohort}/" not in request.path:
        return []
    links = [
        {**_entry(request, label, address(name, slug, cohort)), "icon": icon, "count": None}
        for label, name, icon, permission in COHORT_PAGES
        if membership.may(permission)
    ]
    if membership.may(Permission.PROGRAM_VIEW):
        top = address("collaboratives:cohort_board", slug, cohort)
    else:
        top = address("collaboratives:staff_home", slug)
    return [{"heading": "", "note": "", "url": top, "links": _most_exact(links)}]
