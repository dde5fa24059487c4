"""One page with every component, to look at. Shown in demo mode only."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.access import demo_only

CENTRAL = "America/Chicago"


class SampleForm(forms.Form):
    organization = forms.CharField(
        label=_("Organization name"), help_text=_("As on your letterhead")
    )
    story = forms.CharField(
        label=_("Why this, why now"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    kind = forms.ChoiceField(
        label=_("Type"), choices=[("hospital", _("Hospital")), ("center", _("Health center"))]
    )
    leaders = forms.ChoiceField(
        label=_("Are your leaders supportive?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("some", _("Somewhat")), ("no", _("No"))],
    )
    data = forms.MultipleChoiceField(
        label=_("We collect"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("race", _("Race")), ("language", _("Preferred language"))],
        required=False,
    )
    starts_on = forms.DateField(label=_("Start"), widget=forms.DateInput(attrs={"type": "date"}))
    letter = forms.FileField(label=_("Signed letter"), help_text=_("PDF or photo, up to 20 MB"))
    agree = forms.BooleanField(label=_("We will share what we learn"))


class ReplyForm(forms.Form):
    posts = forms.ChoiceField(
        label=_("Fund two community health worker posts through December 2027"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("Yes, I will do this")),
            ("conditions", _("Yes, with conditions")),
            ("no", _("Not now")),
            ("talk", _("Let's talk first")),
        ],
    )


SVG = mark_safe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 372 120" role="img" '
    'aria-labelledby="gt gd"><title id="gt">Run chart. Sample</title>'
    '<desc id="gd">49% in October, 60% in December.</desc>'
    '<path d="M34 90L180 60L326 30" fill="none" stroke="#33454e" stroke-width="1.9"/>'
    '<g data-label="Oct 2026" data-value="49%"><circle cx="34" cy="90" r="3.4" fill="#33454e"/></g>'
    '<g data-label="Nov 2026" data-value="54%"><circle cx="180" cy="60" r="3.4"/></g>'
    '<g data-label="Dec 2026" data-value="60%"><path d="M326 24l6 6l-6 6z" fill="#1b5faa"/></g>'
    '<text x="338" y="36" font-size="16" font-weight="700" fill="#1b5faa">60%</text></svg>'
)
TABLE = mark_safe(
    '<table class="table"><thead><tr><th scope="col">Month</th><th scope="col" class="num">Rate'
    '</th><th scope="col" class="num">Patients</th></tr></thead><tbody>'
    '<tr><th scope="row">Oct 2026</th><td class="num">49%</td><td class="num">1,180</td></tr>'
    '<tr><th scope="row">Nov 2026</th><td class="num">54%</td><td class="num">1,192</td></tr>'
    '<tr><th scope="row">Dec 2026</th><td class="num">60%</td><td class="num">1,206</td></tr>'
    "</tbody></table>"
)


def samples() -> dict[str, Any]:
    """Fictional data for every component."""
    closes_at = datetime(2026, 12, 4, 23, 0, tzinfo=UTC)
    rows = [
        ("Riverbend Regional Medical Center", "Springfield, IL. 312 beds", [4, 4.5, 5], "done"),
        (
            "Cedar Valley Community Health",
            "Waterloo, IA. Health center, 9 sites",
            [4, 4, 4.5],
            "done",
        ),
        ("St. Brigid Children's Hospital", "Omaha, NE. 145 beds", [2, 4.5, 5], "people"),
        ("Northgate Family Clinics", "Rockford, IL. Health center, 5 sites", [], "waiting"),
    ]
    return {
        "tasks": [
            ("a1", _("Tell us about your organization"), "complete", "", "Dana Whitfield", False),
            (
                "a2",
                _("Describe leadership support"),
                "in_progress",
                _("2 questions left"),
                "Dana Whitfield",
                False,
            ),
            (
                "a3",
                _("Describe your data"),
                "in_progress",
                _("Marcus is in this section."),
                "Marcus Okafor",
                True,
            ),
            ("a4", _("Share your experience"), "not_started", "", "Priya Raman", False),
        ],
        "section_states": ["complete"] * 4 + ["in_progress"] * 4 + ["not_started"] * 2,
        "closes_at": closes_at,
        "zone": CENTRAL,
        "views": [
            {"label": _("All submitted"), "url": "#", "count": 47, "current": True},
            {"label": _("Needs first read"), "url": "#", "count": 9, "current": False},
        ],
        "chips": [{"label": "State is any of IL, IA", "remove_url": "#"}],
        "rows": rows,
        "list_page": Paginator(range(47), 13).page(2),
        "sample_form": SampleForm(data={"story": "We close a gap."}),
        "reply_form": ReplyForm(initial={"posts": "yes"}),
        "steps": [
            {"label": _("Submitted"), "note": "November 20", "state": "done"},
            {"label": _("In review"), "note": _("Two of three reviews are in"), "state": "current"},
            {"label": _("Decision"), "note": _("By December 18"), "state": ""},
        ],
        "diff_parts": [
            ("same", "We will fund "),
            ("removed", "one post"),
            ("added", "two posts"),
            ("same", " through next year."),
        ],
        "svg": SVG,
        "table": TABLE,
        "today": date(2026, 11, 22),
        "scale": [
            (1, _("Not at all")),
            (2, _("A little")),
            (3, _("Some")),
            (4, _("Well")),
            (5, _("Very well")),
        ],
    }


@demo_only
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "components/_gallery.html", samples())
