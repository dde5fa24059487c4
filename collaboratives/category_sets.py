"""Standard ways to split a measure into groups, as data.

Each set keeps its version in its key, because standards change: a measure stays on the set it
was made with. Order is the standard's own (alphabetical in the 2024 question), never by size.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OWN_GROUPS = "own"


@dataclass(frozen=True)
class Category:
    """missing_kind: how a value came to be unknown; such a group is about data quality only."""

    code: str
    label: str | Promise
    missing_kind: str = ""


@dataclass(frozen=True)
class RollUp:
    """How people with several answers are counted. exclusive: nobody counts twice, so weighted
    summaries may be computed. adds_up: the groups together are everybody."""

    key: str
    label: str | Promise
    exclusive: bool
    adds_up: bool


ROLL_UPS = {
    one.key: one
    for one in (
        RollUp("single", _("Each person counts in one group"), True, True),
        RollUp("multiracial", _("Several answers count in one group, Multiracial"), True, True),
        RollUp("rarest", _("Several answers count in the rarest of the groups"), True, True),
        RollUp("alone", _("Only people with one answer are counted in groups"), True, False),
        RollUp("combination", _("A person counts in each group they chose"), False, False),
    )
}


@dataclass(frozen=True)
class CategorySet:
    """roll_ups: the ways to count people with several answers; the first is proposed. None:
    the question takes one answer. sogi: offered only where the program's switch allows it."""

    key: str
    label: str | Promise
    hint: str | Promise
    categories: tuple[Category, ...]
    roll_ups: tuple[str, ...] = ()
    sogi: bool = False

    def category(self, code: str) -> Category | None:
        return next((c for c in self.categories if c.code == code), None)


UNKNOWN = Category("unknown", _("Does not know"), "unknown")
DECLINED = Category("declined", _("Does not want to answer"), "declined")
NOT_ASKED = Category("not-asked", _("Not asked"), "not_asked")
NOT_COLLECTED = Category("not-collected", _("Not collected here"), "not_collected_by_site")
MISSING = (UNKNOWN, DECLINED, NOT_ASKED, NOT_COLLECTED)
RACES = ("multiracial", "rarest", "alone", "combination")

SETS = (
    CategorySet(
        "race_ethnicity_2024",
        _("Race and ethnicity (OMB 2024)"),
        _("One question, seven groups. People may choose several."),
        (
            Category("aian", _("American Indian or Alaska Native")),
            Category("asian", _("Asian")),
            Category("black", _("Black or African American")),
            Category("hispanic", _("Hispanic or Latino")),
            Category("mena", _("Middle Eastern or North African")),
            Category("nhpi", _("Native Hawaiian or Pacific Islander")),
            Category("white", _("White")),
            Category("multiracial", _("Multiracial")),
            *MISSING,
        ),
        roll_ups=RACES,
    ),
    CategorySet(
        "race_1997",
        _("Race (OMB 1997)"),
        _("Five groups. Ethnicity is a question of its own."),
        (
            Category("aian", _("American Indian or Alaska Native")),
            Category("asian", _("Asian")),
            Category("black", _("Black or African American")),
            Category("nhpi", _("Native Hawaiian or Other Pacific Islander")),
            Category("white", _("White")),
            Category("multiracial", _("More than one race")),
            *MISSING,
        ),
        roll_ups=RACES,
    ),
    CategorySet(
        "ethnicity_1997",
        _("Ethnicity (OMB 1997)"),
        _("Two groups, beside race."),
        (
            Category("hispanic", _("Hispanic or Latino")),
            Category("not-hispanic", _("Not Hispanic or Latino")),
            *MISSING,
        ),
    ),
    CategorySet(
        "race_ethnicity_reald",
        _("Race and ethnicity (Oregon REALD families)"),
        _("The large families of the REALD question."),
        (
            Category("african-black", _("African or Black")),
            Category("aian", _("American Indian or Alaska Native")),
            Category("asian", _("Asian")),
            Category("latin", _("Latina, Latino or Latine")),
            Category("mena", _("Middle Eastern or North African")),
            Category("nhpi", _("Native Hawaiian or Pacific Islander")),
            Category("white-european", _("White or European")),
            Category("other", _("Another race or ethnicity")),
            *MISSING,
        ),
        roll_ups=("rarest", "alone", "combination"),
    ),
    CategorySet(
        "language",
        _("Preferred language"),
        _("The language a person wants for care. Codes are BCP 47."),
        (
            Category("en", _("English")),
            Category("es", _("Spanish")),
            Category("ar", _("Arabic")),
            Category("hmn", _("Hmong")),
            Category("ko", _("Korean")),
            Category("pl", _("Polish")),
            Category("ru", _("Russian")),
            Category("so", _("Somali")),
            Category("tl", _("Tagalog")),
            Category("vi", _("Vietnamese")),
            Category("zh", _("Chinese")),
            Category("ase", _("American Sign Language")),
            Category("other", _("Another language")),
            *MISSING,
        ),
    ),
    CategorySet(
        "disability",
        _("Disability"),
        _("The six questions of federal surveys. People may have several."),
        (
            Category("hearing", _("Deaf or hard of hearing")),
            Category("vision", _("Blind or hard of seeing")),
            Category("cognition", _("Trouble concentrating or remembering")),
            Category("mobility", _("Trouble walking or climbing stairs")),
            Category("self-care", _("Trouble dressing or bathing")),
            Category("living", _("Trouble doing errands alone")),
            Category("none", _("No disability")),
            *MISSING,
        ),
        roll_ups=("combination", "alone"),
    ),
    CategorySet(
        "sexual_orientation",
        _("Sexual orientation"),
        _("Use it only where your program and your law allow it."),
        (
            Category("bisexual", _("Bisexual")),
            Category("gay-lesbian", _("Gay or lesbian")),
            Category("straight", _("Straight or heterosexual")),
            Category("other", _("Another orientation")),
            *MISSING,
        ),
        sogi=True,
    ),
    CategorySet(
        "gender_identity",
        _("Gender identity"),
        _("Use it only where your program and your law allow it."),
        (
            Category("man", _("Man")),
            Category("woman", _("Woman")),
            Category("nonbinary", _("Nonbinary")),
            Category("transgender-man", _("Transgender man")),
            Category("transgender-woman", _("Transgender woman")),
            Category("other", _("Another gender")),
            *MISSING,
        ),
        sogi=True,
    ),
    CategorySet(
        OWN_GROUPS,
        _("Our own groups"),
        _("Name them yourself, for example sites or insurance."),
        (),
        roll_ups=("single", "combination"),
    ),
)
BY_KEY = {one.key: one for one in SETS}
EVERYBODY = _("All patients")


def axis_label(key: str) -> str:
    return str(BY_KEY[key].label) if key in BY_KEY else key


def sets_for(*, sogi: bool) -> tuple[CategorySet, ...]:
    """The sets that a program offers."""
    return tuple(one for one in SETS if sogi or not one.sogi)
