"""The built-in tags say dates, people and lists as a person would."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils.translation import override

CLOSES = datetime(2026, 12, 4, 23, 0, tzinfo=UTC)


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values)).strip()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            '{% when at "America/Chicago" "America/Chicago" %}',
            "Friday, December 4 at 5:00 p.m. Central",
        ),
        (
            '{% when at "America/Chicago" yours="America/New_York" %}',
            "Friday, December 4 at 5:00 p.m. Central (6:00 p.m. your time)",
        ),
        (
            '{% when at "America/Chicago" yours="Asia/Tokyo" %}',
            "Friday, December 4 at 5:00 p.m. Central (December 5 at 8:00 a.m. your time)",
        ),
        (
            '{% when at "Europe/Lisbon" "Europe/Lisbon" %}',
            "Friday, December 4 at 11:00 p.m. Lisbon time",
        ),
    ],
)
def test_an_instant_is_said_in_the_zone_of_the_program(source: str, words: str) -> None:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        assert render(source, at=CLOSES) == f'<time datetime="2026-12-04T23:00:00Z">{words}</time>'


def test_another_year_is_said() -> None:
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        said = render('{% when at "America/Chicago" "America/Chicago" %}', at=CLOSES)
    assert "Friday, December 4, 2026 at 5:00 p.m. Central" in said


def test_without_the_readers_zone_the_browser_is_asked() -> None:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        said = render('{% when at "America/Chicago" %}', at=CLOSES)
    assert said == (
        '<local-time data-zone="America/Chicago" data-text="({time} your time)">'
        '<time datetime="2026-12-04T23:00:00Z">Friday, December 4 at 5:00 p.m. Central</time>'
        "</local-time>"
    )


def test_noon_and_midnight() -> None:
    noon = datetime(2026, 12, 1, 18, 5, tzinfo=UTC)
    midnight = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    said = render("{% hour a z %} {% hour b z %}", a=noon, b=midnight, z="America/Chicago")
    assert ">12:05 p.m.<" in said
    assert ">12:00 a.m.<" in said


def test_a_day_of_an_instant_is_the_one_of_the_zone() -> None:
    late = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
    assert "December 4<" in render('{% day at "America/Chicago" %}', at=late)
    assert "Friday, December 4, 2026<" in render(
        "{% day on weekday=True year=True %}", on=date(2026, 12, 4)
    )


def test_spanish_writes_days_and_months_small() -> None:
    with override("es"):
        said = render("{% day on weekday=True %}", on=date(2026, 12, 4))
    assert "viernes" in said
    assert "diciembre" in said


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dana Whitfield", "DW"),
        ("Elena", "E"),
        ("Dr. Elena Alvarez", "EA"),
        ("Ana María de la Cruz", "AC"),
        ("", ""),
        ("(x) Bo", "B"),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert render("{{ name|initials }}", name=name) == short


def test_an_avatar_keeps_its_tone_and_is_silent_beside_a_name() -> None:
    once = render('{% avatar "Dana Whitfield" %}')
    assert once == render('{% avatar "Dana Whitfield" %}')
    assert '<span aria-hidden="true">DW</span>' in once
    assert "Assigned to Dana" in render('{% avatar "Dana Whitfield" label="Assigned to Dana" %}')


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    role = forms.ChoiceField(
        label="Role", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )

    def clean(self) -> None:
        raise forms.ValidationError("Both are needed.")


def test_the_summary_links_each_error_to_its_control() -> None:
    said = render("{% error_summary form %}", form=Sample({}))
    assert "<li>Both are needed.</li>" in said
    assert '<a href="#id_name">Name: This field is required.</a>' in said
    assert '<a href="#id_role_0">Role: This field is required.</a>' in said


def test_a_form_without_errors_has_no_summary() -> None:
    assert render("{% error_summary form %}", form=Sample()) == ""


def test_hint_and_error_stand_before_the_control_and_nothing_is_starred() -> None:
    form = Sample({})
    form.fields["name"].help_text = "As on your letterhead"
    html = render("{% load crispy_forms_filters %}{{ form|crispy }}", form=form)
    order = [
        html.index(part)
        for part in ("</label>", "As on your letterhead", "error-message", "<input")
    ]
    label, hint, error, control = (
        order[0],
        order[1],
        html.index('id="id_name_error"'),
        html.index('name="name"'),
    )
    assert label < hint < error < control
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "required>" not in html and " required " not in html
    assert "*" not in html.replace("**", "")
    assert html.count("Both are needed.") == 1  # crispy shows the summary when the page does not


def test_optional_fields_say_so() -> None:
    form = Sample()
    form.fields["name"].required = False
    html = render("{% load crispy_forms_filters %}{{ form|crispy }}", form=form)
    assert html.count("(optional)") == 1


def test_the_pager_keeps_the_filters() -> None:
    pages = Paginator(range(100), 10)
    html = render("{% pager page query %}", page=pages.page(5), query="state=IL")
    assert 'href="?state=IL&amp;page=4" rel="prev"' in html
    assert 'href="?state=IL&amp;page=6" rel="next"' in html
    assert html.count('aria-current="page"') == 1
    assert html.count("…") == 2
    assert "41 to 50 of 100" in html


def test_equal_scores_are_stacked() -> None:
    html = render("{% score_dots scores 3 %}", scores=[4, 4, 5])
    assert html.count("<circle") == 3
    assert 'cx="62.0" cy="6.8"' in html
    assert 'cx="62.0" cy="15.2"' in html
    assert "Mean score 4.3 of 5, 3 of 3 reviews" in html
    assert "No score yet, 0 of 3 reviews" in render("{% score_dots scores 3 %}", scores=[])


def test_scores_are_drawn_alike_in_every_language() -> None:
    with override("es"):
        assert 'cx="71.5"' in render("{% score_dots scores 1 %}", scores=[4.5])


def test_the_meter_shares_the_seats() -> None:
    html = render("{% capacity_meter 20 6 8 %}")
    assert '<rect class="likely" x="30.0%" width="40.0%"' in html
    assert "<b>6</b> taken or offered, <b>8</b> likely, <b>6</b> open" in html


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "check" %}')
    assert 'role="img" aria-label="Done"' in render('{% icon "check" label="Done" %}')
