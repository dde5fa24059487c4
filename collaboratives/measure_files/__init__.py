"""Files of counts that spreadsheet programs make: read, checked, and what is wrong named.

Pure: bytes and what the measure expects in, good rows and problems out.
"""

from collaboratives.measure_files.checking import check
from collaboratives.measure_files.expected import (
    MOST_PROBLEMS,
    Checked,
    Expected,
    Problem,
    Row,
    Wrong,
    group_words,
)
from collaboratives.measure_files.values import read_month, read_number, together

__all__ = [
    "MOST_PROBLEMS",
    "Checked",
    "Expected",
    "Problem",
    "Row",
    "Wrong",
    "check",
    "group_words",
    "read_month",
    "read_number",
    "together",
]
