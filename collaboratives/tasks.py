"""Work of this room that a worker does."""

from datetime import date

from django.utils import timezone, translation

from collaboratives import measure_files
from collaboratives.actions.measures import CHECK_FILE, note_check
from collaboratives.models import DataUpload
from collaboratives.queries.measures import Reader, expected, measure_table
from documents import jobs


@jobs.kind(CHECK_FILE)
def check_file(run: jobs.Run) -> None:
    """Read an uploaded file of counts, outside any transaction, and keep what was found."""
    with run.step():
        upload = DataUpload.objects.select_related(
            "measure__team__cohort", "file", "uploaded_by"
        ).get(pk=run.input["upload"])
        if upload.file is None:
            return
        reader = Reader(frozenset([upload.measure.team_id]))
        table = measure_table(upload.measure, reader=reader)
        wanted = expected(table, _this_month(upload))
        content = upload.file.path.read_bytes()
    run.progress(20)
    with translation.override(upload.uploaded_by.language):
        checked = measure_files.check(content, upload.file_name, wanted)
    run.progress(80)
    with run.step():
        note_check(upload=upload, checked=checked, now=timezone.now())


def _this_month(upload: DataUpload) -> date:
    return timezone.localdate(timezone=upload.measure.team.cohort.zone).replace(day=1)
