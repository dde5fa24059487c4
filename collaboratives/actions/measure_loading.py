"""Loading a checked file: COPY into a temporary table, then one INSERT … SELECT.

COPY is refused on tables with row-level security, so rows go into a table of this transaction
first. There they are added up by group and month, whatever their number.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.measure_files import Checked
from collaboratives.models import Measure

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_WARNINGS = 50
PIECE = 2**18

TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS measure_loading (
    code text, month date, numerator double precision,
    denominator double precision, known integer, rows integer
) ON COMMIT DROP;
TRUNCATE measure_loading
"""
COPY = "COPY measure_loading FROM STDIN (FORMAT csv)"
PARTLY = """
SELECT code, month, sum(known), sum(rows) FROM measure_loading
GROUP BY code, month HAVING sum(known) BETWEEN 1 AND sum(rows) - 1
ORDER BY month, code
"""
SUMS = """
SELECT coalesce(code, ''), month, sum(numerator), sum(denominator) FROM measure_loading
GROUP BY code, month ORDER BY month, code
"""
SAVE = """
WITH kept AS (
    INSERT INTO collaboratives_datapoint AS there
        (host_id, stratum_id, period_start, numerator, denominator, note, entered_by_id, entered_at)
    SELECT s.host_id, s.id, l.month, l.numerator, l.denominator, '', %(by)s, now()
    FROM (
        SELECT code, month, sum(numerator) AS numerator, sum(denominator) AS denominator
        FROM measure_loading GROUP BY code, month
    ) AS l
    JOIN collaboratives_stratum s ON s.measure_id = %(measure)s AND s.code = coalesce(l.code, '')
    WHERE l.numerator IS NOT NULL OR EXISTS (
        SELECT FROM collaboratives_datapoint old
        WHERE old.host_id = s.host_id AND old.stratum_id = s.id AND old.period_start = l.month
    )
    ON CONFLICT (host_id, stratum_id, period_start) DO UPDATE
        SET numerator = excluded.numerator, denominator = excluded.denominator,
            entered_by_id = excluded.entered_by_id, entered_at = excluded.entered_at
        WHERE (there.numerator, there.denominator)
            IS DISTINCT FROM (excluded.numerator, excluded.denominator)
    RETURNING (xmax = 0) AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM kept
"""


class Spool:
    """Good rows on their way to the database: on disk, so that memory stays bounded."""

    def __init__(self, folder: Path) -> None:
        self.file = (folder / "rows.csv").open("w+b")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_error: object) -> None:
        self.file.close()

    def take(self, good: DataFrame) -> None:
        """A block of rows as `measure_files.check` gives them, added up within the block."""
        by = good.groupby(["group", "month"], sort=False)
        sums = by[["numerator", "denominator"]].sum(min_count=1)
        sums["known"], sums["rows"] = by["numerator"].count(), by.size()
        self.file.write(sums.to_csv(header=False).encode())


def fill(spool: Spool) -> None:
    """All rows into the temporary table, in this transaction."""
    spool.file.flush()
    spool.file.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(COPY) as copy:
            while piece := spool.file.read(PIECE):
                copy.write(piece)


def _rows(sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def good_numbers(checked: Checked) -> list[list[Any]]:
    """[group code, month, numerator, denominator] of what a person may still accept.

    Where sites are added up, a sum that lacks a bad row is no number; and when a bad row's own
    month or group can't be read, no sum is sure.
    """
    if checked.has_sites and checked.lost:
        return []
    spoiled: set[tuple[str, date]] = checked.spoiled if checked.has_sites else set()
    return [
        [code, month.isoformat(), numerator, denominator]
        for code, month, numerator, denominator in _rows(SUMS)
        if (code, month) not in spoiled
    ]


def warnings(checked: Checked) -> list[str]:
    """Sums to which not every site gave a number."""
    if not checked.has_sites or not checked.has_gaps:
        return []
    return [
        _("%(month)s: %(known)s of %(all)s sites have a number, so the sum may be too small.")
        % {"month": f"{month:%Y-%m}", "known": known, "all": everything}
        for _code, month, known, everything in _rows(PARTLY)[:MOST_WARNINGS]
    ]


def save(*, measure: Measure, by: User) -> tuple[int, int]:
    """(new, changed) points; those that are there with the same numbers stay untouched."""
    ((added, changed),) = _rows(SAVE, {"measure": measure.pk, "by": by.pk})
    return added, changed
