"""Stored files and jobs."""

import factory

from documents.models import Job, StoredFile
from tests.factories import HostFactoryBase


class StoredFileFactory(HostFactoryBase):
    """A row alone; give the file its bytes through `documents.files.keep` where they matter."""

    class Meta:
        model = StoredFile

    slot = "letter"
    original_name = "letter.pdf"
    content_type = "application/pdf"
    size = 1234
    sha256 = "0" * 64


class JobFactory(HostFactoryBase):
    class Meta:
        model = Job

    kind = "example"
    dedupe_key = factory.Sequence(lambda n: f"job-{n}")
