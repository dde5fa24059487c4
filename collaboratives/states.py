"""Where programs, cohorts, teams and their people can stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReviewsShown(TextChoices):
    """Who may see others' scores of an application."""

    ALWAYS = "always", _("Always")
    AFTER_OWN = "after_own", _("After one's own review")
    NEVER = "never", _("Never, only who decides")


class OrganizationType(TextChoices):
    HOSPITAL = "hospital", _("Hospital")
    CRITICAL_ACCESS = "critical_access", _("Critical access hospital")
    HEALTH_SYSTEM = "health_system", _("Health system")
    HEALTH_CENTER = "health_center", _("Community health center")
    HEALTH_DEPARTMENT = "health_department", _("Health department")
    PHYSICIAN_GROUP = "physician_group", _("Physician group")
    OTHER = "other", _("Other")


class TeamRole(TextChoices):
    """What a person may do in the team's pages. A leader acts by link and needs no more."""

    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class Leadership(TextChoices):
    NONE = "", _("Not a senior leader")
    SENIOR_LEADER = "senior_leader", _("Senior leader")
    ALTERNATE = "alternate", _("Alternate senior leader")


class MeasureKind(TextChoices):
    OUTCOME = "outcome", _("Outcome")
    PROCESS = "process", _("Process")
    BALANCING = "balancing", _("Balancing")


class Frequency(TextChoices):
    """How often a measure is counted: by month, or by quarter of the calendar year."""

    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")

    @property
    def months(self) -> int:
        return 3 if self is Frequency.QUARTER else 1

    @property
    def baseline(self) -> int:
        """How many first periods are the baseline, where the team has not said."""
        return 4 if self is Frequency.QUARTER else 8

    @property
    def latest(self) -> int:
        """How many last periods are "now": a quarter of a year either way."""
        return 1 if self is Frequency.QUARTER else 3


class MeasureType(TextChoices):
    PROPORTION = "proportion", _("Proportion")
    RATE = "rate", _("Rate")
    MEAN = "mean", _("Mean")
    COUNT = "count", _("Count")
    TIME_BETWEEN = "time_between", _("Time between events")


class ChartKind(TextChoices):
    """How the months are drawn. Which fit a measure follows from its type."""

    RUN = "run", _("Run chart")
    P = "p", _("p chart")
    P_PRIME = "pp", _("p′ chart (Laney)")
    U = "u", _("u chart")
    U_PRIME = "up", _("u′ chart (Laney)")
    C = "c", _("c chart")
    G = "g", _("g chart")
    T = "t", _("t chart")
    XMR = "i", _("XmR chart")
    I_PRIME = "ip", _("I′ chart")


CHARTS_OF_TYPE: dict[str, tuple[ChartKind, ...]] = {
    MeasureType.PROPORTION: (ChartKind.RUN, ChartKind.P, ChartKind.P_PRIME, ChartKind.XMR),
    MeasureType.RATE: (ChartKind.RUN, ChartKind.U, ChartKind.U_PRIME, ChartKind.XMR),
    MeasureType.MEAN: (ChartKind.RUN, ChartKind.XMR, ChartKind.I_PRIME),
    MeasureType.COUNT: (ChartKind.RUN, ChartKind.C, ChartKind.XMR),
    MeasureType.TIME_BETWEEN: (ChartKind.RUN, ChartKind.T, ChartKind.G, ChartKind.XMR),
}


class DecisionKind(TextChoices):
    PHASE = "phase", _("New phase")
    FREEZE = "freeze", _("Frozen baseline")
    EXCLUSION = "exclusion", _("Month left out")


class Direction(TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")


class Level(TextChoices):
    PROJECT = "project", _("Project")
    POPULATION = "population", _("Population")


class SharedWith(TextChoices):
    """Who may see an item; it is never widened by itself."""

    TEAM = "team", _("Only this team")
    COHORT = "cohort", _("All teams in this cohort")
    NETWORK = "network", _("All teams of this host")
    PUBLIC = "public", _("Everybody")

    def is_wider_than(self, other: str) -> bool:
        """Whether more people read it. Nothing chosen yet is the team alone."""
        order = list(SharedWith)
        return order.index(self) > order.index(SharedWith(other or SharedWith.TEAM))
