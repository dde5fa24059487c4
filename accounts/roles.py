"""Staff roles and what each may do, as data. Applicants and teams have no role here:
they reach what is theirs through `visible_to`."""

from enum import StrEnum, auto

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Reviewer")
    COACH = "coach", _("Coach")
    ANALYST = "analyst", _("Analyst")


class Permission(StrEnum):
    STAFF_HOME = auto()
    HOST_SETTINGS = auto()
    PEOPLE_MANAGE = auto()
    PROGRAM_VIEW = auto()
    PROGRAM_EDIT = auto()
    APPLICATION_VIEW = auto()
    APPLICATION_REVIEW = auto()
    APPLICATION_DECIDE = auto()
    SESSION_VIEW = auto()
    SESSION_EDIT = auto()
    TEAM_VIEW = auto()
    TEAM_EDIT = auto()
    REPORT_VIEW = auto()
    REPORT_COACH = auto()
    CHARTER_VIEW = auto()
    MESSAGE_VIEW = auto()
    MESSAGE_SEND = auto()
    EXPORT = auto()
    AUDIT_VIEW = auto()
    RESEARCH_EXPORT = auto()


_COORDINATOR = frozenset(Permission) - {
    Permission.HOST_SETTINGS,
    Permission.PEOPLE_MANAGE,
    Permission.RESEARCH_EXPORT,
}

GRANTS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.COORDINATOR: _COORDINATOR,
    # Which applications: only the assigned ones, by Application.objects.visible_to.
    Role.REVIEWER: frozenset(
        {Permission.STAFF_HOME, Permission.APPLICATION_VIEW, Permission.APPLICATION_REVIEW}
    ),
    # Which teams: only the assigned ones, by Team.objects.visible_to.
    Role.COACH: frozenset(
        {
            Permission.STAFF_HOME,
            Permission.PROGRAM_VIEW,
            Permission.SESSION_VIEW,
            Permission.TEAM_VIEW,
            Permission.REPORT_VIEW,
            Permission.REPORT_COACH,
            Permission.CHARTER_VIEW,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Permission.STAFF_HOME,
            Permission.PROGRAM_VIEW,
            Permission.SESSION_VIEW,
            Permission.TEAM_VIEW,
            Permission.REPORT_VIEW,
            Permission.CHARTER_VIEW,
            Permission.EXPORT,
        }
    ),
}
