"""Files of counts as spreadsheet programs write them, and what is said about bad ones."""

import io
from datetime import date

import openpyxl
import pytest

from collaboratives.measure_files import Expected, check, group_words

GROUPS = [
    ("All patients", ""),
    ("American Indian or Alaska Native", "aian"),
    ("Black or African American", "black"),
    ("Niños y niñas", "ninos"),
]
LABELS = tuple(label for label, _code in GROUPS)


def wanted(**changes):
    words = {word: code for label, code in GROUPS for word in group_words(label, code) if word}
    facts = {
        "groups": words,
        "labels": LABELS,
        "needs_denominator": True,
        "counts": True,
        "latest_month": date(2026, 11, 1),
    }
    return Expected(**{**facts, **changes})


def read(text, encoding="utf-8", **changes):
    return check(text.encode(encoding), "numbers.csv", wanted(**changes))


def found(text, **changes):
    """(row, column, value, what is expected) of each problem."""
    return [(p.row, p.column, p.value, p.expected) for p in read(text, **changes).problems]


WIDER = "As many values as the header has. Write 1,204 as 1204."
HEAD = "month,group,numerator,denominator\n"


def good(checked):
    assert checked.refused == ""
    assert checked.problems == []
    return [(row.month, row.group, row.numerator, row.denominator) for row in checked.rows]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01", "2026-01-01", "2026-01-31", "2026/01", "Jan 2026", "January 2026", "Jan-26",
        "1/1/2026", "01/01/2026", "1/31/2026", "01/2026", "1.1.2026", "01-Jan-2026",
        "Jan 1, 2026", "ene 2026", "enero 2026", "2026-01-01 00:00:00", " 2026-01 ",
    ],
)  # fmt: skip
def test_months_as_people_write_them(text):
    assert good(read(f'{HEAD}"{text}",black,3,4\n')) == [(date(2026, 1, 1), "black", 3, 4)]


@pytest.mark.parametrize(
    "text", ["2026", "13/2026", "2/3/2026", "Spring 2026", "2026-13", "1850-01"]
)
def test_a_month_that_could_be_two_is_asked_for_again(text):
    assert found(f"{HEAD}{text},black,3,4\n") == [
        (2, "month", text, "A month, such as 2026-01 or Jan 2026.")
    ]


def test_a_month_that_has_not_begun_is_refused():
    assert found(f"{HEAD}2026-12,black,3,4\n") == [
        (2, "month", "2026-12", "A month that has begun.")
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\ufeffmonth,group,numerator,denominator\r\nJan 2026,Niños y niñas,1,20\r\n", "utf-8"),
        ("month;group;numerator;denominator\nJan 2026;Niños y niñas;1;20\n", "cp1252"),
        ("sep=;\nMonth;Group;Numerator;Denominator\nJan 2026;NIÑOS Y NIÑAS;1;20\n", "utf-8"),
        ("Riverbend\n\nmonth\tgroup\tnum\tden\nJan 2026\tninos\t1\t20\n", "utf-16"),
        ('month,group,numerator,denominator,rate\n2026-01,"Ninos y ninas",1,20,5.0%\n', "utf-8"),
        ("month,group,numerator,denominator,,\n,,,,,\n2026-01,ninos,1,20,,\n\n", "utf-8"),
    ],
)
def test_files_of_spreadsheet_programs(text, encoding):
    """A mark for UTF-8, semicolons, tabs, Windows letters, a title above, blank rows, a rate."""
    assert good(read(text, encoding)) == [(date(2026, 1, 1), "ninos", 1, 20)]


@pytest.mark.parametrize(
    ("number", "semicolons"),
    [('"1,204"', False), ("1204.0", False), ("1 204", False), ("1204", True), ("1.204", True)],
)
def test_thousands(number, semicolons):
    text = f"{HEAD}2026-01,black,3,{number}\n"
    assert good(read(text.replace(",", ";") if semicolons else text))[0][3] == 1204


def test_a_workbook():
    book = openpyxl.Workbook()
    for row in [
        ["month", "group", "numerator", "denominator"],
        [date(2026, 1, 1), "All patients", 30, 60],
        ["Feb 2026", "black", 11, None],
    ]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    checked = check(out.getvalue(), "numbers.xlsx", wanted())
    assert [(r.month, r.group, r.numerator, r.denominator) for r in checked.rows] == [
        (date(2026, 1, 1), "", 30, 60)
    ]
    assert [(p.row, p.column, p.value) for p in checked.problems] == [(3, "denominator", "")]


def test_each_problem_is_named_by_row_column_value_and_what_is_expected():
    assert found(
        f"{HEAD}"
        "2026-01,Martians,1,2\n"
        "2026-02,black,12%,20\n"
        "2026-03,black,many,20\n"
        "2026-04,black,12,10\n"
        "2026-05,black,,20\n"
        "2026-06,black,-1,20\n"
        "2026-07,black,1.5,20\n"
        "2026-08,black,1,204,300\n"
        "2026-09,black,1,20\n"
        "Sep 2026,black,2,20\n"
        "2026-10,black,*,20\n"
    ) == [
        (2, "group", "Martians", f"One of: {', '.join(LABELS)}."),
        (3, "numerator", "12%", "A count of people, not a share."),
        (4, "numerator", "many", "A whole number, such as 1204."),
        (5, "numerator", "12", "No more than the denominator, 10."),
        (6, "numerator", "", "A number, because the denominator has one."),
        (7, "numerator", "-1", "0 or more."),
        (8, "numerator", "1.5", "A whole number, such as 1204."),
        (9, "", "2026-08, black, 1, 204, 300", WIDER),
        (11, "month", "Sep 2026", "Each month and group once. It is in row 10 already."),
        (12, "numerator", "*", "A whole number, such as 1204."),
    ]  # fmt: skip


def test_a_rate_that_the_counts_do_not_give_is_named():
    text = "month,group,numerator,denominator,rate\n2026-01,black,10,20,80%\n"
    assert found(text) == [(2, "rate", "80%", "50.0%, as the two counts give.")]


def test_nothing_in_a_cell_means_not_collected():
    text = f"{HEAD}2026-01,black,,\n2026-02,black,n/a,N/A\n2026-03,black,0,0\n"
    assert [row[2:] for row in good(read(text))] == [(None, None), (None, None), (0, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "MRN,month,group,numerator,denominator\n12,2026-01,black,1,1\n",
        "Patient Name,month,group,numerator,denominator\nAda,2026-01,black,1,1\n",
        "month,group,Date of birth,numerator,denominator\n2026-01,black,1/2/1980,1,1\n",
        "month,group,SSN\n2026-01,black,000-00-0000\n",
        HEAD + "2026-01,078-05-1120,1,1\n",
        HEAD + "2026-01,ada@example.org,1,1\n",
        HEAD + "2026-01,black,1,1\n" * 30,
    ],
)
def test_rows_about_people_are_recognised_and_refused(text):
    checked = read(text)
    assert checked.personal
    assert checked.rows == [] and checked.problems == []
    assert "Nothing of this file was kept." in checked.refused


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"\x00\x01\x02\x03", "This is not a text or spreadsheet file."),
        (b"PK\x03\x04nothing", "This spreadsheet can’t be opened."),
        (b"hello\nworld\n", "The first row must name the columns"),
        (b"month,group,numerator\n", "There is no column “denominator”."),
        (b"month,All patients,black\n2026-01,1,2\n", "Each group needs two columns"),
    ],
)
def test_a_file_that_is_no_table_says_why(content, words):
    assert words in check(content, "numbers.csv", wanted()).refused
