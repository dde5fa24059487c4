"""Work of this room that a worker does."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone, translation

from collaboratives import measure_files
from collaboratives.actions.measure_loading import Spool
from collaboratives.actions.measure_numbers import CHECK_FILE, note_check
from collaboratives.models import DataUpload
from collaboratives.queries.measures import Reader, expected, measure_table
from collaboratives.queries.programs import public_cohort
from collaboratives.queries.request_document import REQUEST_PDF, request_document
from documents import jobs, pdf
from tenancy.models import Host

BYTES_OF_A_ROW = 40  # a guess, for a progress line that never stands still


@jobs.kind(CHECK_FILE)
def check_file(run: jobs.Run) -> None:
    """Read an uploaded file of counts, outside any transaction, then load it in one.

    Stopping the job stops the reading after the block at hand.
    """
    with run.step():
        upload = DataUpload.objects.select_related(
            "measure__team__cohort", "file", "uploaded_by"
        ).get(pk=run.input["upload"])
        if upload.file is None:
            return
        reader = Reader(frozenset([upload.measure.team_id]))
        table = measure_table(upload.measure, reader=reader)
        wanted = expected(table, _this_month(upload))
        path, size = upload.file.path, upload.file.size
    guess = max(1, size // BYTES_OF_A_ROW)

    def told(rows: int) -> None:
        run.progress(5 + min(80, 80 * rows // guess))

    with TemporaryDirectory() as folder, Spool(Path(folder)) as spool:
        with translation.override(upload.uploaded_by.language):
            checked = measure_files.check(
                path, upload.file_name, wanted, sink=spool.take, told=told
            )
        run.progress(90)
        with run.step(), translation.override(upload.uploaded_by.language):
            note_check(upload=upload, checked=checked, spool=spool, now=timezone.now())


@jobs.kind(REQUEST_PDF)
def request_for_application(run: jobs.Run) -> jobs.Made:
    """Draw the Request for Application of a cohort in one language."""
    with run.step():
        host = Host.objects.get(pk=run.host_id)
        page = public_cohort(run.input["cohort"], host=host, now=timezone.now())
        document = request_document(page, run.input["language"])
    run.progress(30)
    return jobs.Made(document.name, "application/pdf", pdf.render(document.html))


def _this_month(upload: DataUpload) -> date:
    return timezone.localdate(timezone=upload.measure.team.cohort.zone).replace(day=1)
