"""Template tags of the components. They are built in: templates need no `{% load %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as default_url
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from accounts.names import initials
from config.addresses import address

register = template.Library()
register.filter("initials", initials)


class Fixed(template.Node):
    """Written once for each language, and then only copied into each page.

    Nothing of a page reaches it, so that nothing of a person or a host can stay in it.
    """

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.texts: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if language not in self.texts:
            self.texts[language] = self.nodelist.render(context.new({}))
        return self.texts[language]


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> Fixed:
    """{% fixed %}…{% endfixed %}: words and addresses that are the same on every page."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(nodelist)


TONES = "abcde"


@register.simple_tag
@cache
def icon(name: str, label: str = "", flip: bool = False) -> SafeString:
    """An icon of static/img/icons.svg; decoration unless it has a label.

    flip: mirror it in right-to-left languages (arrows).
    """
    css = "icon icon-flip" if flip else "icon"
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


class Url(URLNode):
    """Django's own, with addresses that are remembered."""

    def render(self, context: template.Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        args = [arg.resolve(context) for arg in self.args]
        return conditional_escape(address(self.view_name.resolve(context), *args))


@register.tag
def url(parser: template.base.Parser, token: template.base.Token) -> Url:
    node = default_url(parser, token)
    return Url(node.view_name, node.args, node.kwargs, node.asvar)


@register.filter
def zone_said(zone: str) -> str:
    """A time zone as it is called now: Central."""
    return zone_words(zone, timezone.now())


@register.filter
def iso_day(text: str) -> str:
    """2027-03-25, as frozen documents keep a day, in words: March 25, 2027."""
    return day_words(date.fromisoformat(text), weekday=False, year=True) if text else ""


@register.filter
def minus(number: object) -> str:
    """A number with the sign that is as wide as a plus: −4, not -4."""
    return str(number).replace("-", "−")


@register.inclusion_tag("components/avatar.html")
def avatar(
    name: str, small: bool = False, live: bool = False, label: str = "", title: bool = False
) -> dict[str, Any]:
    """A person's initials in a tone that stays the same for the same name.

    label: what a screen reader hears; without it the avatar is decoration beside a name.
    """
    return {
        "initials": initials(name),
        "tone": TONES[crc32(name.encode()) % len(TONES)],
        "small": small,
        "live": live,
        "label": label,
        "title": label if title else "",
    }


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """The way here: label, address, label, address …, and the label of this page."""
    return {
        "links": list(zip(parts[:-1:2], parts[1::2], strict=False)),
        "here": parts[-1] if len(parts) % 2 else "",
    }


# --- time ------------------------------------------------------------------------------------


def zone_words(zone: str, at: datetime) -> str:
    """Central for America/Chicago; for a zone without a common name, its abbreviation."""
    names = {
        "America/New_York": pgettext("time zone", "Eastern"),
        "America/Detroit": pgettext("time zone", "Eastern"),
        "America/Indiana/Indianapolis": pgettext("time zone", "Eastern"),
        "America/Kentucky/Louisville": pgettext("time zone", "Eastern"),
        "America/Chicago": pgettext("time zone", "Central"),
        "America/Menominee": pgettext("time zone", "Central"),
        "America/Denver": pgettext("time zone", "Mountain"),
        "America/Boise": pgettext("time zone", "Mountain"),
        "America/Phoenix": pgettext("time zone", "Arizona"),
        "America/Los_Angeles": pgettext("time zone", "Pacific"),
        "America/Anchorage": pgettext("time zone", "Alaska"),
        "Pacific/Honolulu": pgettext("time zone", "Hawaii"),
        "America/Puerto_Rico": pgettext("time zone", "Atlantic"),
        "UTC": "UTC",
    }
    if zone in names:
        return names[zone]
    city = zone.rpartition("/")[2].replace("_", " ")
    return gettext("%(city)s time") % {"city": city}


def clock(at: datetime) -> str:
    """5:00 p.m. in English, 5:00 p. m. in Spanish."""
    half = pgettext("hour", "p.m.") if at.hour >= 12 else pgettext("hour", "a.m.")
    return f"{at.hour % 12 or 12}:{at:%M} {half}"


def day_words(on: date, *, weekday: bool = True, year: bool = False) -> str:
    """Friday, December 4; the year where it is asked for."""
    parts = {
        "weekday": WEEKDAYS[on.weekday()],
        "month": MONTHS[on.month],
        "day": on.day,
        "year": on.year,
    }
    if get_language() == "es":
        parts["weekday"], parts["month"] = (
            str(parts["weekday"]).lower(),
            str(parts["month"]).lower(),
        )
    if weekday and year:
        return gettext("%(weekday)s, %(month)s %(day)s, %(year)s") % parts
    if weekday:
        return gettext("%(weekday)s, %(month)s %(day)s") % parts
    if year:
        return gettext("%(month)s %(day)s, %(year)s") % parts
    return gettext("%(month)s %(day)s") % parts


def moment_words(at: datetime, zone: str, *, yours: str = "") -> str:
    """Friday, December 4 at 5:00 p.m. Central (6:00 p.m. your time).

    The year is said when it is not the present one, your time when it differs.
    """
    local = at.astimezone(ZoneInfo(zone))
    this_year = timezone.now().astimezone(ZoneInfo(zone)).year
    words = gettext("%(day)s at %(clock)s %(zone)s") % {
        "day": day_words(local.date(), year=local.year != this_year),
        "clock": clock(local),
        "zone": zone_words(zone, at),
    }
    if not yours:
        return words
    own = at.astimezone(ZoneInfo(yours))
    if own.utcoffset() == local.utcoffset():
        return words
    if own.date() == local.date():
        own_words = clock(own)
    else:
        own_words = gettext("%(day)s at %(clock)s") % {
            "day": day_words(own.date(), weekday=False),
            "clock": clock(own),
        }
    return gettext("%(words)s (%(own)s your time)") % {"words": words, "own": own_words}


@register.simple_tag
def when(at: datetime, zone: str, yours: str = "") -> SafeString:
    """An instant in the program's zone, in words.

    yours: the reader's zone where we know it; else their browser adds their own time.
    """
    iso = at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = moment_words(at, zone, yours=yours or "")
    if yours:
        return format_html('<time datetime="{}">{}</time>', iso, words)
    return format_html(
        '<local-time data-zone="{}" data-text="{}"><time datetime="{}">{}</time></local-time>',
        zone,
        gettext("(%(own)s your time)") % {"own": "{time}"},
        iso,
        words,
    )


@register.simple_tag
def moment(at: datetime, zone: str) -> str:
    """The same words without markup, for mail and documents."""
    return moment_words(at, zone)


@register.simple_tag
def day(on: date | datetime, zone: str = "", weekday: bool = False, year: bool = False) -> str:
    """A day: November 20. For an instant, the day it has in `zone`."""
    if isinstance(on, datetime):
        on = on.astimezone(ZoneInfo(zone)).date()
    return format_html(
        '<time datetime="{}">{}</time>',
        on.isoformat(),
        day_words(on, weekday=weekday, year=year),
    )


@register.simple_tag
def hour(at: datetime, zone: str) -> SafeString:
    """The time of day only: 10:42 a.m."""
    local = at.astimezone(ZoneInfo(zone))
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), clock(local))


# --- forms -----------------------------------------------------------------------------------


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """Everything that is wrong in these forms, each linked to its field."""
    errors = []
    for form in forms:
        setattr(form, "summarized", True)  # noqa: B010 - crispy then leaves its own list out
        if not form.is_bound:
            continue
        errors += [{"text": text, "target": ""} for text in form.non_field_errors()]
        for field in form:
            target = first_control(field)
            name = str(field.label) if str(field.label).endswith("?") else f"{field.label}:"
            errors += [{"text": f"{name} {text}", "target": target} for text in field.errors]
    return {"errors": errors}


def first_control(field: BoundField) -> str:
    """The id of the control that focus should reach: of a group, its first choice."""
    if field.use_fieldset and len(field.subwidgets) > 1:
        return field.subwidgets[0].id_for_label
    return field.id_for_label or field.auto_id


@register.simple_tag
def control(field: BoundField, css: str = "") -> SafeString:
    """The field's control alone, with a class, without the browser's own checks.

    Django itself points aria-describedby at hint and error. A placeholder vanishes when one
    types, so what it would say belongs into the hint.
    """
    field.form.use_required_attribute = False
    classes = [field.field.widget.attrs.get("class", ""), css]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes)), "placeholder": False})


# --- lists and pictures ------------------------------------------------------------------------


@register.simple_tag
def list_rows(rows: Iterable[Any], prefix: str, picks: bool = False) -> SafeString:
    """The body of a long list, a `tr` for each row; the same loop in a template costs eight times
    as much, and is most of the page: docs/adr/0089.

    rows: each has key, title, url, tag, note, select and cells. A cell has label, text and css;
    tag: how the text looks as a tag; flags: css, icon and words of what stands beside it; dots:
    values on a scale from 1 to highest, with the words for who does not see them.
    picks: with a box to tick.
    """
    return SafeString("".join(_row(row, prefix, picks) for row in rows))


def _row(row: Any, prefix: str, picks: bool) -> str:
    key, title = escape(row.key), escape(row.title)
    if row.url:
        title = f'<a href="{escape(row.url)}">{title}</a>'
    if row.tag:
        title += f' <span class="tag tag-waiting">{escape(row.tag)}</span>'
    pick = ""
    if picks:
        pick = (
            '<td role="cell" class="pick"><input type="checkbox" name="pick"'
            f' value="{key}" aria-label="{escape(row.select)}"></td>'
        )
    return (
        f'<tr role="row" id="{prefix}-{key}">{pick}<th role="rowheader" scope="row" class="title">'
        f"{title}<small>{escape(row.note)}</small></th>{''.join(map(_cell, row.cells))}</tr>\n"
    )


def _cell(cell: dict[str, Any]) -> str:
    text = escape(cell["text"])
    if cell["tag"]:
        text = f'<span class="{cell["tag"]}">{text}</span>'
    if cell.get("dots"):
        text += _dots(**cell["dots"])
    for flag in cell["flags"]:
        drawn = icon(flag["icon"]) if flag["icon"] else ""
        text += f' <span class="{flag["css"]}">{drawn}{escape(flag["words"])}</span>'
    css = f' class="{cell["css"]}"' if cell["css"] else ""
    return f'<td role="cell" data-label="{escape(cell["label"])}"{css}>{text}</td>'


def _dots(values: Iterable[float], highest: int, words: str) -> str:
    def at(value: float) -> float:
        return round(5 + 62 * (value - 1) / (highest - 1), 1)

    ticks = "".join(f"M{at(value)} 5v6" for value in range(1, highest + 1))
    dots = "".join(f'<circle cx="{at(value)}" cy="8" r="3.5"/>' for value in values)
    return (
        f' <svg width="72" height="16" role="img" aria-label="{escape(words)}">'
        f'<path d="M5 8h62{ticks}" stroke="currentColor" opacity=".35"/>'
        f'<g fill="currentColor">{dots}</g></svg>'
    )


@register.simple_tag
def ticks(name: str, choices: Iterable[tuple[str, Any, bool]]) -> SafeString:
    """Boxes to tick: value, label, whether it is on."""
    box = '<label class="tick"><input type="checkbox" name="{}" value="{}"{}> {}</label>'
    return format_html_join(
        "", box, ((name, value, " checked" if on else "", label) for value, label, on in choices)
    )


@register.simple_tag
def nav_links(entries: Iterable[dict[str, Any]]) -> SafeString:
    """Items of a navigation: label, url, current; where there are any, icon and count."""
    return SafeString("".join(map(_nav_link, entries)))


def _nav_link(entry: dict[str, Any]) -> str:
    current = ' aria-current="page"' if entry["current"] else ""
    drawn = icon(entry["icon"]) if entry.get("icon") else ""
    count = f'<b class="num">{entry["count"]}</b>' if entry.get("count") else ""
    url, label = escape(entry["url"]), escape(str(entry["label"]))
    return f'<li><a href="{url}"{current}>{drawn}{label}{count}</a></li>\n'


@register.inclusion_tag("components/pager.html")
def pager(page: Page, query: str = "") -> dict[str, Any]:
    """Pages of a list. query: the present filters without `page`, already encoded."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": [number if isinstance(number, int) else None for number in numbers],
        "query": f"{query}&" if query else "",
    }


@register.inclusion_tag("components/score_dots.html")
def score_dots(
    scores: Sequence[float], expected: int = 0, lowest: int = 1, highest: int = 5
) -> dict[str, Any]:
    """Each reviewer's score as a dot on a line, equal scores stacked."""
    left, right, middle, rise = 5.0, 81.0, 11.0, 8.4

    def x(score: float) -> float:
        return round(left + (right - left) * (score - lowest) / (highest - lowest), 1)

    dots = []
    for score in sorted(set(scores)):
        count = sum(1 for other in scores if other == score)
        for place in range(count):
            y = middle + (place - (count - 1) / 2) * rise
            dots.append({"x": x(score), "y": round(y, 1)})
    mean = sum(scores) / len(scores) if scores else None
    return {
        "dots": dots,
        "ticks": [x(value) for value in range(lowest, highest + 1)],
        "spread": (x(min(scores)), x(max(scores))) if scores else None,
        "mean": "–" if mean is None else number_format(mean, 1),
        "highest": highest,
        "count": len(scores),
        "expected": max(expected, len(scores)),
        "scored": bool(scores),
    }


@register.inclusion_tag("components/capacity_meter.html")
def capacity_meter(seats: int, taken: int, likely: int = 0) -> dict[str, Any]:
    """Places taken, likely and open as one bar."""
    whole = max(seats, taken + likely, 1)
    return {
        "taken": taken,
        "likely": likely,
        "open": max(seats - taken - likely, 0),
        "taken_width": f"{100 * taken / whole:.1f}%",
        "likely_start": f"{100 * taken / whole:.1f}%",
        "likely_width": f"{100 * likely / whole:.1f}%",
    }


@register.inclusion_tag("components/segments.html")
def segments(states: Iterable[str]) -> dict[str, Any]:
    """One segment per section: complete, in_progress or anything else."""
    return {"states": list(states)}
