"""A letter's pages as pictures, drawn once by a worker."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from documents import intake, preview
from documents.models import Job, PagePicture, StoredFile
from documents.states import JobState
from documents.work import run_due_jobs
from tenancy.active import open_host
from tests.documents import made

pytestmark = pytest.mark.usefixtures("worker")


def bring(host, name, content):
    with open_host(host.pk):
        upload = SimpleUploadedFile(name, content)
        return intake.store(upload, slot="letter", by=None, host_id=host.pk)


def pages(host, stored):
    with open_host(host.pk):
        return preview.pages(stored)


def test_each_page_becomes_a_picture(host):
    letter = bring(host, "letter.pdf", made.pdf(pages=3))
    assert pages(host, letter) == []
    assert run_due_jobs(now=timezone.now()) == 1
    drawn = pages(host, letter)
    assert [page.original_name for page in drawn] == ["page-1.png", "page-2.png", "page-3.png"]
    with Image.open(drawn[0].path) as image:
        assert (image.format, image.width) == ("PNG", 1000)


def test_the_words_of_a_real_letter_are_on_it(host):
    letter = bring(host, "letter.pdf", made.letter_by_libreoffice())
    run_due_jobs(now=timezone.now())
    [page] = pages(host, letter)
    with Image.open(page.path) as image:
        dark = sum(image.convert("L").histogram()[:100])
    assert dark > 2000


def test_a_picture_is_its_own_page(host):
    photo = bring(host, "photo.jpg", made.phone_photo())
    assert pages(host, photo) == [photo]
    assert run_due_jobs(now=timezone.now()) == 0


def test_drawing_twice_keeps_one_set(host):
    letter = bring(host, "letter.pdf", made.pdf(pages=2))
    run_due_jobs(now=timezone.now())
    with open_host(host.pk):
        Job.objects.update(state=JobState.QUEUED, finished_at=None)
    run_due_jobs(now=timezone.now())
    with open_host(host.pk):
        assert PagePicture.objects.count() == 2
        assert StoredFile.objects.filter(slot="page").count() == 2
    assert len(pages(host, letter)) == 2


def test_an_endless_page_is_drawn_small(host):
    def endless(document):
        document.pages[0].mediabox = [0, 0, 10, 14_000]

    letter = bring(host, "tall.pdf", made.pdf(change=endless))
    run_due_jobs(now=timezone.now())
    [page] = pages(host, letter)
    with Image.open(page.path) as image:
        assert image.height <= preview.HEIGHT and image.width <= preview.WIDTH


def test_a_letter_that_was_removed_is_not_drawn(host):
    letter = bring(host, "letter.pdf", made.pdf())
    with open_host(host.pk):
        intake.remove(stored=letter, reason="Replaced")
    assert run_due_jobs(now=timezone.now()) == 0
    with open_host(host.pk):
        assert Job.objects.get().state == JobState.FAILED


def test_a_pdf_that_cannot_be_drawn_is_still_kept(host):
    """The letter stays a download; only its pictures are missing."""

    def odd(document):
        document.pages[0].obj.Contents = pikepdf.Stream(document, b"q Q not drawing at all (")

    letter = bring(host, "odd.pdf", made.pdf(change=odd))
    run_due_jobs(now=timezone.now())
    with open_host(host.pk):
        assert StoredFile.objects.get(pk=letter.pk).is_clean
    assert BytesIO(letter.path.read_bytes()).read(5) == b"%PDF-"
