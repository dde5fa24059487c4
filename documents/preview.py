"""Pictures of a PDF's pages, drawn by a worker: nothing of the file itself runs in a browser."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from io import BytesIO
from typing import Any

from django.db.models import Count

from accounts.models import User
from documents import files, jobs
from documents.models import Job, PagePicture, StoredFile

KIND = "page_pictures"
WIDTH = 1000  # dots; a page of ordinary shape stays readable at twice its usual size
HEIGHT = 2500


def request(stored: StoredFile, *, by: User | None) -> Job:
    """Have the pages of a PDF drawn, once."""
    return jobs.request(
        KIND,
        host_id=stored.host_id,
        input={"file": stored.pk},
        dedupe_key=f"{KIND}:{stored.uuid}",
        by=by,
    )


def pages(stored: StoredFile) -> list[StoredFile]:
    """What to show in place, in order: the picture itself, or the pages drawn so far.

    Empty until a worker has drawn them. Each is served under the rule of `stored`'s owner.
    """
    if stored.is_image:
        return [stored]
    drawn = PagePicture.objects.filter(file=stored).select_related("picture").order_by("number")
    return [page.picture for page in drawn]


def how_many(stored: Iterable[StoredFile]) -> dict[int, int]:
    """How many pages can be shown of each file, by its key."""
    files = list(stored)
    counted = dict(
        PagePicture.objects.filter(file__in=files)
        .values_list("file")
        .annotate(pages=Count("pk"))
        .order_by()
    )
    return counted | {one.pk: 1 for one in files if one.is_image}


def draw(run: jobs.Run) -> None:
    """Draw each page outside any transaction; then keep all, unless another worker has."""
    with run.step():
        stored = StoredFile.objects.get(pk=run.input["file"])
        if not stored.is_clean:
            raise jobs.Failed("The file was removed.")
    pictures = []
    for number, (count, content) in enumerate(_drawn(stored.path.read_bytes()), start=1):
        pictures.append(content)
        run.progress(90 * number // count)
    with run.step():
        _keep(stored, pictures)


def _keep(stored: StoredFile, pictures: list[bytes]) -> None:
    locked = StoredFile.objects.select_for_update(of=("self",)).get(pk=stored.pk)
    if PagePicture.objects.filter(file=locked).exists():
        return
    for number, content in enumerate(pictures, start=1):
        picture = files.keep(
            content, f"page-{number}.png", "image/png", host_id=stored.host_id, slot="page"
        )
        PagePicture.objects.create(
            host_id=stored.host_id, file=locked, number=number, picture=picture
        )


def _drawn(content: bytes) -> Iterator[tuple[int, bytes]]:
    """How many pages there are, and each as PNG."""
    with closing(_library().PdfDocument(content)) as document:
        for page in document:
            with closing(page):
                scale = min(WIDTH / page.get_width(), HEIGHT / page.get_height())
                with closing(page.render(scale=scale)) as bitmap:
                    out = BytesIO()
                    bitmap.to_pil().save(out, "PNG")
                    yield len(document), out.getvalue()


@cache
def _library() -> Any:
    # Only workers need it.
    import pypdfium2

    return pypdfium2
