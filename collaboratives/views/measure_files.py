"""Files to take away: templates to fill in, and the numbers as their reader may see them."""

import csv

from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import signed_in
from collaboratives.actions.measure_releases import release
from collaboratives.measure_files import workbooks
from collaboratives.models import Measure, TeamMember
from collaboratives.queries.measures import MeasureTable, Reader, measure_table, period_stamp
from collaboratives.views.measure_data import grid_months
from collaboratives.views.measures import must_edit, open_measure, record_seen

HEADER = ["month", "group", "numerator", "denominator"]


@signed_in
def measure_template(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    """An empty file for this measure: its groups, the last twelve months, one row each."""
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    table = measure_table(measure, reader=Reader.outsider())
    rows = [
        [period_stamp(month, measure.frequency), group.label, "", ""]
        for month in grid_months(request, measure)
        for group in table.groups
    ]
    return _csv(f"{measure.slug}-template.csv", rows)


@signed_in
def measure_template_xlsx(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    """The same as a workbook: a row for each month, two columns for each group."""
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    table = measure_table(measure, reader=Reader.outsider())
    book = workbooks.template(
        months=[period_stamp(month, measure.frequency) for month in grid_months(request, measure)],
        groups=[group.label for group in table.groups],
        numerator=table.numerator_words,
        denominator=table.denominator_words if table.has_denominator else None,
        title=table.name,
    )
    return _xlsx(f"{measure.slug}-template.xlsx", book)


def _numbers(request: HttpRequest, measure: Measure, member: TeamMember | None,
             channel: str) -> MeasureTable:  # fmt: skip
    """Whole for the team, and noted; for others masked, audited and remembered."""
    if member is not None:
        table = measure_table(measure, reader=Reader.member(member))
        record_seen(measure.team, member, channel)
    else:
        whole = measure_table(measure, reader=Reader(frozenset([measure.team_id])))
        table = release(table=whole, by=request.user, channel=channel)
    if not table.has_numbers:
        raise Http404
    return table


@signed_in
def measure_csv(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    """The numbers as this reader may see them; a hidden one is empty and says so."""
    measure, member = open_measure(request, team_slug, measure_slug)
    table = _numbers(request, measure, member, "csv")
    return _csv(f"{measure.slug}.csv", table.as_rows())


@signed_in
def measure_xlsx(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    table = _numbers(request, measure, member, "xlsx")
    return _xlsx(f"{measure.slug}.xlsx", workbooks.listed([HEADER, *table.as_rows()], table.name))


def _xlsx(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(name: str, rows: list[list[str]]) -> HttpResponse:
    """With the mark by which spreadsheet programs know UTF-8; no cell can be a formula."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([workbooks.harmless(cell) for cell in row])
    return response
