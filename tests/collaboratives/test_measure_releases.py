"""What leaves a team: masked, audited, remembered; and who saw the numbers whole."""

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from collaboratives.actions.measure_numbers import Point, save_points
from collaboratives.actions.measure_releases import note_seen, release
from collaboratives.models import NumbersSeen
from collaboratives.queries.measures import Reader, masked, measure_table, released
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
COUNTS = {"": (135, 345), "a": (5, 60), "b": (60, 120), "c": (70, 165)}


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team(in_host):
    return TeamFactory(host=in_host, name="Riverbend", slug="riverbend")


@pytest.fixture
def measure(team):
    numbers = {code: [counts] * 3 for code, counts in COUNTS.items()}
    return measure_with(team, numbers, slug="pressure")


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "riverbend", *args])


def whole(measure):
    measure.refresh_from_db()
    return measure_table(measure, reader=Reader(frozenset([measure.team_id])))


def hidden(table, month=0):
    return {group.code for group in table.groups if group.cells[month].hidden}


def correct(measure, by, **numbers):
    month = whole(measure).months[0]
    points = [Point(code, month, *counts) for code, counts in numbers.items()]
    save_points(measure=measure, points=points, by=by)


# --- old and new files ---------------------------------------------------------------------------


def test_what_a_release_hid_stays_hidden_after_a_correction(measure, applicant):
    """An old file and a corrected one: 10 becomes 11, and the rest would tell the old 10."""
    correct(measure, applicant, a=(10, 60))
    assert hidden(release(table=whole(measure))) == {"a", "b"}
    correct(measure, applicant, a=(11, 60))
    assert hidden(masked(whole(measure))) == {"a", "b"}
    assert hidden(masked(whole(measure)), month=1) == {"a", "b"}
    fresh = measure_with(measure.team, {code: [counts] for code, counts in COUNTS.items()})
    correct(fresh, applicant, a=(11, 60))
    assert hidden(masked(whole(fresh))) == set()  # where nothing was given out, nothing is held


def test_what_a_release_showed_cannot_hide_another_number(measure, applicant):
    """b was given out. If it now hid beside a new small c, c could be worked out from it."""
    correct(measure, applicant, a=(25, 60))
    assert hidden(release(table=whole(measure))) == set()
    correct(measure, applicant, a=(25, 60), c=(5, 165), **{"": (90, 345)})
    after = hidden(masked(whole(measure)))
    assert "c" in after
    assert not after & {"a", "b"}
    assert after == {"c", ""}  # the total, which changed too, hides instead


def test_a_release_is_audited_and_a_leak_hides_the_month(measure, monkeypatch):
    """Were the mask ever wrong, the audit would hide the whole month."""
    import analytics.suppression as suppression

    assert hidden(released(whole(measure))) == {"a", "b"}
    monkeypatch.setattr(suppression, "complete", lambda *_given: set())
    assert hidden(masked(whole(measure))) == {"a"}  # a page would leak
    assert hidden(released(whole(measure))) == {"", "a", "b", "c"}  # a release does not


def test_a_release_needs_no_solver(measure):
    """Never linear programs in a web process: the sums of one month have a closed form."""
    code = (
        "import sys, analytics\n"
        "from analytics.suppression import strata_table, suppress\n"
        "cells = {(m, g): c for m in range(12) for g, c in "
        "{'a': (5, 60), 'b': (60, 120), 'c': (70, 165)}.items()}\n"
        "table = strata_table(cells, totals={m: (135, 345) for m in range(12)})\n"
        "print(analytics.recoverable(suppress(table)), 'scipy.optimize' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[] False"


# --- files ---------------------------------------------------------------------------------------


def test_a_workbook_of_numbers_is_masked_and_holds_no_formula(
    team, measure, coordinator, applicant, sign_in
):
    """SECURITY T12, T22."""
    formula = measure_with(team, {"": [(50, 90)]}, slug="odd", labels={"": "=1+1"})
    staff = sign_in(coordinator)
    book = openpyxl.load_workbook(
        io.BytesIO(staff.get(url("measure_xlsx", "pressure")).content), data_only=False
    )
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0] == ["month", "group", "numerator", "denominator"]
    assert ["2025-05", "A", "hidden", "hidden"] in cells
    assert ["2025-05", "C", 70, 165] in cells
    assert not any(value in (5, 60, 55) for row in cells for value in row)
    measure.refresh_from_db()
    assert ["a", "2025-05-01"] in measure.given_out["hidden"]
    event = AuditEvent.objects.about(measure)[0]
    assert (event.verb, event.after) == ("took_away", {"as": "xlsx", "masked": True})
    odd = openpyxl.load_workbook(io.BytesIO(staff.get(url("measure_xlsx", "odd")).content))
    kinds = {cell.data_type for row in odd.active.iter_rows() for cell in row if cell.value}
    assert kinds == {"s", "n"}
    assert formula.slug == "odd"
    TeamMemberFactory(host=team.host, team=team, user=applicant, role="lead")
    own = sign_in(applicant).get(url("measure_xlsx", "pressure")).content
    values = [c.value for row in openpyxl.load_workbook(io.BytesIO(own)).active for c in row]
    assert 5 in values and "hidden" not in values


def test_a_file_without_numbers_is_not_there(team, coordinator, sign_in):
    measure_with(team, {"": [None]}, slug="empty")
    client = sign_in(coordinator)
    assert client.get(url("measure_xlsx", "empty")).status_code == 404
    assert client.get(url("measure_csv", "empty")).status_code == 404


# --- who saw them whole --------------------------------------------------------------------------


def test_who_saw_the_numbers_whole_is_recorded_once_a_day(
    team, measure, applicant, coordinator, sign_in
):
    member = TeamMemberFactory(host=team.host, team=team, user=applicant, role="viewer")
    client = sign_in(applicant)
    for path in [url("measures"), url("measure", "pressure"), url("measure", "pressure")]:
        assert client.get(path).status_code == 200
    client.get(url("measure_csv", "pressure"))
    rows = NumbersSeen.objects.order_by("channel").values_list("member", "channel", "seen_on")
    day = NOW.date()
    assert list(rows) == [(member.pk, "csv", day), (member.pk, "page", day)]
    note_seen(team=team, member=member, channel="page", now=NOW + timedelta(days=1))
    assert NumbersSeen.objects.count() == 3
    sign_in(coordinator).get(url("measure", "pressure"))  # sees it masked: nothing to record
    assert NumbersSeen.objects.count() == 3
