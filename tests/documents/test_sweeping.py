"""Disk and rows tell the same."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from documents import files, intake
from documents.models import StoredFile
from documents.states import FileState
from documents.sweeping import KEEP_FOR, sweep
from tenancy.active import open_host


def keep(host, name="a.csv"):
    with open_host(host.pk):
        return files.keep(b"a,b\n", name, "text/csv", host_id=host.pk, slot="data")


def orphan(host, age):
    path = files.folder(host.pk) / "left-behind"
    path.write_bytes(b"x")
    at = timezone.now().timestamp() - age.total_seconds()
    os.utime(path, (at, at))
    return path


def test_a_file_without_a_row_goes_after_a_day(host):
    stored = keep(host)
    left = orphan(host, KEEP_FOR + timedelta(minutes=1))
    swept = sweep(now=timezone.now())
    assert (swept.cleared, swept.missing) == ([left], [])
    assert stored.path.exists() and not left.exists()


def test_a_fresh_one_may_still_get_its_row(host):
    left = orphan(host, KEEP_FOR - timedelta(minutes=1))
    assert sweep(now=timezone.now()).cleared == []
    assert left.exists()


def test_a_row_without_its_file_is_an_alarm(host, other_host):
    keep(other_host)
    stored = keep(host)
    stored.path.unlink()
    with pytest.raises(CommandError, match=str(stored.uuid)):
        call_command("sweep_files", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_keeps_its_row_and_loses_its_bytes(host):
    stored = keep(host)
    with open_host(host.pk):
        intake.remove(stored=stored, reason="Replaced")
        assert stored.path.exists()  # until the change is certain
    assert not stored.path.exists()
    with open_host(host.pk):
        kept = StoredFile.objects.get()
    assert (kept.state, kept.reason) == (FileState.REMOVED, "Replaced")
    assert sweep(now=timezone.now()).missing == []
