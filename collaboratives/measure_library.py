"""Twelve measures to start from, as data. A team changes whatever does not fit its work.

Wording follows common public measures (hypertension control, HbA1c, screening, readmission and
so on) without their codes: a team names the codes it uses under "how you count".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collaboratives.states import Direction, MeasureKind, MeasureType

Words = str | Promise


@dataclass(frozen=True)
class Example:
    """target: as typed into the form; a percentage for a proportion."""

    key: str
    name: Words
    kind: str
    type: str
    direction: str
    numerator: Words
    denominator: Words = ""
    how: Words = ""
    target: float | None = None
    per: int = 1


LIBRARY = (
    Example(
        "blood-pressure", _("Blood pressure control"),
        MeasureKind.OUTCOME, MeasureType.PROPORTION, Direction.UP,
        _("Patients whose last blood pressure was below 140/90"),
        _("Patients 18 to 85 with hypertension seen this month"),
        _("The last reading of the month. Leave out pregnant patients and those on dialysis."),
        target=70,
    ),
    Example(
        "diabetes-poor-control", _("Diabetes in poor control"),
        MeasureKind.OUTCOME, MeasureType.PROPORTION, Direction.DOWN,
        _("Patients whose last HbA1c was above 9%, or who had none"),
        _("Patients 18 to 75 with diabetes"),
        target=20,
    ),
    Example(
        "colorectal-screening", _("Colorectal cancer screening"),
        MeasureKind.PROCESS, MeasureType.PROPORTION, Direction.UP,
        _("Patients who are up to date with screening"),
        _("Patients 45 to 75"),
        target=70,
    ),
    Example(
        "postpartum-visit", _("Visit after birth"),
        MeasureKind.PROCESS, MeasureType.PROPORTION, Direction.UP,
        _("People who had a visit within 12 weeks after birth"),
        _("People who gave birth"),
        target=85,
    ),
    Example(
        "severe-maternal-events", _("Severe maternal events"),
        MeasureKind.OUTCOME, MeasureType.RATE, Direction.DOWN,
        _("Births with a severe maternal event"),
        _("All births"),
        per=10_000,
    ),
    Example(
        "readmission", _("Return to hospital within 30 days"),
        MeasureKind.OUTCOME, MeasureType.PROPORTION, Direction.DOWN,
        _("Stays followed by an unplanned return within 30 days"),
        _("Stays that ended this month"),
        target=12,
    ),
    Example(
        "interpreter", _("Interpreter when one is needed"),
        MeasureKind.PROCESS, MeasureType.PROPORTION, Direction.UP,
        _("Visits with a qualified interpreter"),
        _("Visits of people who need an interpreter"),
        target=95,
    ),
    Example(
        "left-without-care", _("Left before being seen"),
        MeasureKind.PROCESS, MeasureType.PROPORTION, Direction.DOWN,
        _("People who left the emergency department before being seen"),
        _("People who came to the emergency department"),
        target=2,
    ),
    Example(
        "pain-in-time", _("Minutes to pain relief"),
        MeasureKind.PROCESS, MeasureType.MEAN, Direction.DOWN,
        _("Minutes from arrival to pain relief, added up"),
        _("Patients with a long bone fracture"),
        _("Add up the minutes of all patients of the month."),
        target=45,
    ),
    Example(
        "social-needs", _("Asked about social needs"),
        MeasureKind.PROCESS, MeasureType.PROPORTION, Direction.UP,
        _("Patients asked about food, housing, transport, utilities and safety"),
        _("Patients admitted or seen this month"),
        target=90,
    ),
    Example(
        "days-between-harm", _("Days between falls with harm"),
        MeasureKind.OUTCOME, MeasureType.TIME_BETWEEN, Direction.UP,
        _("Days since the fall with harm before"),
        how=_("Enter a number in the month in which a fall with harm happened."),
    ),
    Example(
        "restraint", _("Physical restraint"),
        MeasureKind.BALANCING, MeasureType.RATE, Direction.DOWN,
        _("Uses of physical restraint"),
        _("Patient days"),
        _("Count with the group of the patient, never with a name."),
        per=1_000,
    ),
)  # fmt: skip
BY_KEY = {example.key: example for example in LIBRARY}
