"""Each seeded fault is found by the tests that are there to find it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.mutants import MUTANTS, Mutant

pytestmark = pytest.mark.soak
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what Git knows, to break."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    copy = tmp_path_factory.mktemp("product")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def run(product: Path, tests: set[str]) -> tuple[int, str]:
    """pytest's status there: 0 passed, 1 some failed; another one proves nothing."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    words = ["-q", "-x", "-p", "no:randomly", "-m", "not soak", *sorted(tests)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=product,
        env=env | {"TEST_DATABASE": "mutant", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return done.returncode, (done.stdout + done.stderr)[-3000:]


def test_without_a_fault_they_pass(product):
    status, output = run(product, {test for mutant in MUTANTS for test in mutant.tests})
    assert status == 0, output


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_the_fault_is_found(mutant: Mutant, product: Path):
    place = product / mutant.file
    whole = place.read_text()
    assert whole.count(mutant.old) == 1, f"{mutant.file} has changed: plant this fault anew"
    place.write_text(whole.replace(mutant.old, mutant.new))
    try:
        status, output = run(product, set(mutant.tests))
    finally:
        place.write_text(whole)
    assert status == 1, f"survived: {mutant.name}\n{output}"


def test_there_are_twenty():
    assert len(MUTANTS) == 20
