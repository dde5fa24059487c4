from django.core.files.uploadedfile import SimpleUploadedFile

from documents import intake


def test_store(in_host, owner):
    stored = intake.store(
        SimpleUploadedFile("a b.csv", b"month,n\n2026-01,4\n"),
        slot="data",
        by=owner,
        host_id=in_host.pk,
    )
    assert stored.path.read_bytes() == b"month,n\n2026-01,4\n"
