"""The reference packages' numbers, and the program that holds us against them."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analytics import conformance

ORACLES = sorted((Path(__file__).parent / "oracles").glob("*.json"))


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_every_value_agrees(path):
    agreed, total, differences = conformance.check(path)
    assert differences == []
    assert agreed == total > 100


def test_seven_files_are_held():
    assert [path.stem for path in ORACLES] == [
        "attribute_charts",
        "gap_change",
        "limits_tables",
        "run_charts",
        "strata",
        "suppression",
        "xmr",
    ]


def test_a_difference_is_named_and_ends_with_1(tmp_path, capsys):
    content = json.loads((ORACLES[0].parent / "gap_change.json").read_text())
    content["cases"][3]["change_ci"][1] += 1e-6
    path = tmp_path / "altered.json"
    path.write_text(json.dumps(content))
    assert conformance.main([str(path)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "altered.json: 209 of 210 values agree"
    assert printed[1].startswith("  gap004 change_ci[1]: expected ")
    assert len(printed) == 2


@pytest.mark.parametrize("content", ["{", '{"other": []}', "[1]", '{"cases": [{"baseline": 1}]}'])
def test_an_unreadable_file_ends_with_2(tmp_path, capsys, content):
    path = tmp_path / "strange.json"
    path.write_text(content)
    good = str(ORACLES[1])
    assert conformance.main([str(path), good]) == 2
    printed = capsys.readouterr()
    assert "strange.json: cannot be read" in printed.err
    assert printed.out == "gap_change.json: 210 of 210 values agree\n"


def test_no_files_ends_with_2(capsys):
    assert conformance.main([]) == 2
    assert "FILE..." in capsys.readouterr().err


def test_it_runs_from_anywhere_as_a_program(tmp_path):
    script = Path(conformance.__file__)
    done = subprocess.run(
        [sys.executable, str(script), str(ORACLES[1])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "gap_change.json: 210 of 210 values agree\n")


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (None, False, True),
        (False, None, True),
        (True, None, False),
        (True, True, True),
        (None, 0.0, False),
        (1.0, None, False),
        (None, float("nan"), True),
        (100.0, 100.0000009, True),
        (100.0, 100.0000011, False),
        (0.0, 9e-10, True),
        ("a", "a", True),
        ("a", None, False),
        (1, "1", False),
        (0, conformance.ABSENT, False),
    ],
)
def test_when_two_values_agree(expected, actual, same):
    assert conformance.agree(expected, actual) is same


def test_an_extra_finding_counts_as_a_difference():
    leaves = list(conformance.leaves({"shifts": []}, {"shifts": [{"side": "above"}]}))
    assert [conformance.agree(want, got) for _, want, got in leaves] == [False]


def test_an_input_we_refuse_is_a_difference_not_a_crash(tmp_path, capsys):
    content = json.loads((ORACLES[0].parent / "attribute_charts.json").read_text())
    refused = copy.deepcopy(content["charts"][0])
    refused["numerator"][0] = refused["denominator"][0] + 1
    path = tmp_path / "refused.json"
    path.write_text(json.dumps({"charts": [refused]}))
    assert conformance.main([str(path)]) == 1
    assert "A proportion cannot count" in capsys.readouterr().out


def test_strata_without_events_are_not_estimable(tmp_path):
    """A package leaves exp(-Inf) = 0 where a ratio has no lower end."""
    leaf = conformance.NotEstimable()
    assert [conformance.agree(each, leaf) for each in (0, None, 0.5)] == [True, True, False]
