"""Facts of a program as a reader would say them, in the active language."""

from django.utils.translation import gettext, ngettext

from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Facts, Length, TeamRules


def length(given: Length) -> str:
    if given.unit == "weeks":
        return ngettext("%(n)d week", "%(n)d weeks", given.count) % {"n": given.count}
    return ngettext("%(n)d month", "%(n)d months", given.count) % {"n": given.count}


def minutes(count: int | None) -> str:
    if not count:
        return ""
    if count < 90:
        return ngettext("%(n)d minute", "%(n)d minutes", count) % {"n": count}
    hours = round(count / 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def cost(facts: Facts) -> str:
    """Empty when the program does not say."""
    if facts.cost is None:
        return str(facts.cost_terms or "")
    said = gettext("Free") if facts.cost == 0 else gettext("$%(n)s") % {"n": f"{facts.cost:,}"}
    return f"{said}. {facts.cost_terms}" if facts.cost_terms else said


def team_size(rules: TeamRules) -> str:
    if rules.min and rules.max:
        numbers = {"min": rules.min, "max": rules.max}
        if rules.one_organization:
            return (
                gettext("Your team has %(min)d to %(max)d people from one organization.") % numbers
            )
        return gettext("Your team has %(min)d to %(max)d people.") % numbers
    if rules.min:
        return gettext("Your team has at least %(n)d people.") % {"n": rules.min}
    return ""


def switches(blueprint: Blueprint) -> dict[str, bool]:
    """What a new cohort begins with; a host may turn each of them."""
    return {
        "leader_replies": blueprint.reporting.leader_reply,
        "signs_charter": blueprint.charter.offered,
    }
