"""What staff type about programs and cohorts, as clean values."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import zones
from accounts.forms import PlainForm
from collaboratives import words
from collaboratives.actions.programs import CohortPlan
from collaboratives.blueprints import Blueprint
from collaboratives.models import Cohort, Program
from collaboratives.said_dates import DateRefused, end_of, parse_day, parse_deadline

CLOSING_HOUR = time(17)
A_DATE = _("Like January 14, 2027. You may add the weekday: we check it.")


class ProgramForm(PlainForm):
    name = forms.CharField(label=_("Name"), max_length=160)
    contact_email = forms.EmailField(
        label=_("Contact address"),
        help_text=_("Shown to applicants. Leave it empty to use the address of your network."),
        required=False,
    )

    def __init__(self, data: Any = None, *, program: Program) -> None:
        """With a field for the address of each resource that the program names."""
        own = {"name": program.name, "contact_email": program.contact_email}
        own |= {f"link_{code}": url for code, url in program.links.items()}
        super().__init__(data, initial=own)
        self.resources = program.blueprint.resources
        for one in self.resources:
            self.fields[f"link_{one.code}"] = forms.URLField(
                label=one.title,
                help_text=_("Its address, like https://example.org. Shown on the program page."),
                max_length=500,
                required=False,
                assume_scheme="https",
                validators=[URLValidator(schemes=["https"], message=_("Begin with https://."))],
            )

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["name"],
            "contact_email": data["contact_email"],
            "links": {one.code: data[f"link_{one.code}"] for one in self.resources},
        }


class DayField(forms.CharField):
    """One certain day, with the year; a weekday that does not fit is refused."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", A_DATE)
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            return parse_day(said)
        except DateRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class CohortForm(PlainForm):
    """One run of a program. The end follows from the start and the program's length."""

    name = forms.CharField(label=_("Name"), max_length=160)
    slug = forms.SlugField(
        label=_("Address"),
        help_text=_("The last part of the page's address, like learning-network-2027."),
        max_length=60,
    )
    code = forms.RegexField(
        r"^[A-Za-z0-9]{2,8}$",
        label=_("Short code"),
        help_text=_("2 to 8 letters and numbers. Each application's reference begins with it."),
        error_messages={"invalid": _("Use 2 to 8 letters and numbers, like LN27.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("All dates and times below are in this zone."),
        choices=lambda: [("", _("Choose a zone")), *zones.choices()],
        error_messages={"required": _("Choose the time zone.")},
    )
    starts_on = DayField(
        label=_("First day"), error_messages={"required": _("Type the first day.")}
    )
    opens_on = DayField(label=_("Applications open on"), required=False)
    opens_time = forms.TimeField(
        label=_("at"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    closes_on = forms.CharField(
        label=_("Applications close on"),
        help_text=_(
            "Like December 4, 2026, or “through January 2027”, which is the end of January 31."
        ),
        max_length=60,
        required=False,
    )
    closes_time = forms.TimeField(
        label=_("at"),
        help_text=_("Not needed with “through”: that means the end of the day."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    decide_by = DayField(label=_("Decisions by"), required=False)
    capacity = forms.IntegerField(
        label=_("Seats"), help_text=_("Teams. Empty: no limit."), required=False, min_value=1
    )
    seats_held = forms.IntegerField(
        label=_("Of these, kept for offers"), required=False, min_value=0
    )
    leader_replies = forms.BooleanField(
        label=_("The senior leader replies to each report"), required=False
    )
    signs_charter = forms.BooleanField(label=_("Teams sign a charter"), required=False)

    def __init__(self, data: Any = None, *, program: Program, cohort: Cohort | None = None) -> None:
        self.blueprint = program.blueprint
        self.cohort = cohort
        initial = said_of(cohort) if cohort else suggested(self.blueprint)
        super().__init__(data, initial=initial)
        if self.blueprint.decision.rule != "by_date":
            del self.fields["decide_by"]
        if cohort is not None and cohort.published_at is not None:
            for name in ("slug", "code"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("It stays, now that the page is public.")

    @property
    def length(self) -> str:
        return words.length(self.blueprint.facts.length)

    def _free(self, field: str, value: str) -> str:
        taken = Cohort.objects.filter(**{f"{field}__iexact": value})
        if self.cohort is not None:
            taken = taken.exclude(pk=self.cohort.pk)
        if taken.exists():
            raise forms.ValidationError(gettext("Another cohort has this one. Choose another."))
        return value

    def clean_slug(self) -> str:
        return self._free("slug", slugify(self.cleaned_data["slug"]))

    def clean_code(self) -> str:
        return self._free("code", self.cleaned_data["code"].upper())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("time_zone"):
            return data
        zone = ZoneInfo(data["time_zone"])
        if day := data.get("opens_on"):
            data["opens_at"] = datetime.combine(day, data.get("opens_time") or time(9), zone)
        if said := data.get("closes_on"):
            at = data.get("closes_time") or CLOSING_HOUR
            try:
                data["closes_at"] = parse_deadline(said, at=at, zone=zone).at
            except DateRefused as refusal:
                self.add_error("closes_on", str(refusal))
        self._in_order(data)
        return data

    def _in_order(self, data: dict[str, Any]) -> None:
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", gettext("This is before applications open."))
        held, seats = data.get("seats_held") or 0, data.get("capacity")
        if seats is not None and held > seats:
            self.add_error("seats_held", gettext("There are only %(n)s seats.") % {"n": seats})

    def plan(self) -> CohortPlan:
        data = self.cleaned_data
        length = self.blueprint.facts.length
        return CohortPlan(
            name=data["name"],
            slug=data["slug"],
            code=data["code"],
            time_zone=data["time_zone"],
            starts_on=data["starts_on"],
            ends_on=end_of(data["starts_on"], count=length.count, unit=length.unit),
            opens_at=data.get("opens_at"),
            closes_at=data.get("closes_at"),
            decide_by=data.get("decide_by"),
            capacity=data["capacity"],
            seats_held=data["seats_held"] or 0,
            leader_replies=data["leader_replies"],
            signs_charter=data["signs_charter"],
        )


def suggested(blueprint: Blueprint) -> dict[str, Any]:
    return {
        "opens_time": "09:00",
        "closes_time": "17:00",
        "capacity": blueprint.facts.capacity,
        "seats_held": blueprint.facts.seats_held or None,
        **words.switches(blueprint),
    }


def said_of(cohort: Cohort) -> dict[str, Any]:
    """The cohort's dates as its own zone says them."""
    opens = cohort.opens_at.astimezone(cohort.zone) if cohort.opens_at else None
    closes = cohort.closes_at.astimezone(cohort.zone) if cohort.closes_at else None
    whole_day = closes is not None and (closes.hour, closes.minute) == (23, 59)
    return {
        "name": cohort.name,
        "slug": cohort.slug,
        "code": cohort.code,
        "time_zone": cohort.time_zone,
        "starts_on": cohort.starts_on.isoformat(),
        "opens_on": opens.date().isoformat() if opens else "",
        "opens_time": f"{opens:%H:%M}" if opens else "09:00",
        "closes_on": ("through " if whole_day else "") + closes.date().isoformat()
        if closes
        else "",
        "closes_time": f"{closes:%H:%M}" if closes and not whole_day else "17:00",
        "decide_by": cohort.decide_by.isoformat() if cohort.decide_by else "",
        "capacity": cohort.capacity,
        "seats_held": cohort.seats_held or None,
        "leader_replies": cohort.leader_replies,
        "signs_charter": cohort.signs_charter,
    }
