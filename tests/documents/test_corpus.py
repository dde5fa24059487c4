"""Every hostile file gets its verdict: soon, in bounded memory, and nothing stays behind."""

import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic, process_time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import intake
from documents.checks import alone
from documents.intake import Refused
from documents.models import StoredFile
from tests.documents import made
from tests.documents.corpus import CORPUS, Hostile

SOON = 6.0  # seconds on a busy machine; alone each takes well under two
MEMORY = 512 * 2**20


def verdict(one: Hostile, content: bytes, by, host) -> str:
    try:
        stored = intake.store(
            SimpleUploadedFile(one.name, content), slot=one.slot, by=by, host_id=host.pk
        )
    except Refused as refused:
        return refused.code
    return "kept" if stored.path.read_bytes() == content else "cleaned"


def test_there_are_sixty_and_no_two_alike():  # T9
    assert len(CORPUS) >= 60
    assert len({(one.name, one.verdict, one.slot) for one in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("one", CORPUS, ids=lambda one: ascii(one.name))
def test_the_verdict(in_host, owner, one):  # T9 T10
    content = one.make()
    began, worked = monotonic(), process_time()
    assert verdict(one, content, owner, in_host) == one.verdict
    assert monotonic() - began < SOON
    assert process_time() - worked < 1.0  # of this process: it waits, others are served
    if one.verdict not in ("kept", "cleaned"):
        assert not StoredFile.objects.exists()
        assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "big.jpg"), ("PNG", "big.png")])
def test_an_honest_picture_of_the_largest_size_comes_in(in_host, owner, kind, name):
    content = made.picture(kind, size=(7_300, 5_400))
    one = Hostile(name, "cleaned", lambda: content)
    assert verdict(one, content, owner, in_host) in ("kept", "cleaned")


HUNGRY = ["squeezed.pdf", "deep.pdf", "deep.docx", "bomb.docx", "huge.png", "text-bomb.png"]
HUNGRY += ["place.heic", "bomb.xlsx", "lies.xlsx"]


@pytest.mark.parametrize("name", [*HUNGRY, "big.jpg", "big.png"])
def test_no_check_needs_more_memory_than_it_may_have(tmp_path, name):  # T10
    """Bombs, and honest pictures of the largest size: measured from the outside."""
    ending = name.rpartition(".")[2]
    if name.startswith("big"):
        content = made.picture({"jpg": "JPEG", "png": "PNG"}[ending], size=(7_300, 5_400))
    else:
        content = next(one for one in CORPUS if one.name == name).make()
    path = tmp_path / name
    path.write_bytes(content)
    check = {"jpg": "jpeg"}.get(ending, ending)
    command = [sys.executable, "-m", "tests.documents.peak", check, str(path)]
    done = subprocess.run(command, capture_output=True, cwd=settings.BASE_DIR, text=True)
    assert int(done.stdout) * 1024 < MEMORY, done.stderr


@pytest.mark.parametrize("check", ["time", "memory"])
def test_a_check_that_runs_away_is_ended(tmp_path, monkeypatch, check):
    """By ceilings that the kernel holds: nobody has to watch it."""
    path = tmp_path / "a"
    path.write_bytes(b"x")
    monkeypatch.setattr(alone, "MODULE", "tests.documents.runaway")
    with pytest.raises(Refused) as refusal:
        alone.checked(check)(path)
    assert refusal.value.code == "damaged"


def test_others_are_served_while_a_file_is_judged(in_host, owner):  # T10
    """A thread that only counts goes on counting: the check does not hold the interpreter."""
    counted, stop = [0], threading.Event()

    def count() -> None:
        while not stop.wait(0.005):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    one = next(one for one in CORPUS if one.name == "squeezed.pdf")
    content, before = one.make(), counted[0]
    verdict(one, content, owner, in_host)
    beats = counted[0] - before
    stop.set()
    thread.join()
    assert beats >= 4
