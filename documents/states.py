"""Where a stored file and a background job can stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class FileState(TextChoices):
    """Only a clean file is ever served. A removed one keeps its row and loses its bytes."""

    CHECKING = "checking", _("Being checked")
    CLEAN = "clean", _("Ready")
    REFUSED = "refused", _("Problem")
    REMOVED = "removed", _("Removed")


class UploadState(TextChoices):
    """Of a large file that comes in pieces, until it is a stored file or is not."""

    RECEIVING = "receiving", _("Uploading")
    CHECKING = "checking", _("Being checked")
    CLEAN = "clean", _("Ready")
    REFUSED = "refused", _("Problem")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Ended")


class JobState(TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Did not work")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (JobState.QUEUED, JobState.RUNNING)

upload_machine = Machine(
    moves={
        "receive": (frozenset({UploadState.RECEIVING}), UploadState.RECEIVING),
        "finish": (frozenset({UploadState.RECEIVING}), UploadState.CHECKING),
        "accept": (frozenset({UploadState.CHECKING}), UploadState.CLEAN),
        "refuse": (frozenset({UploadState.CHECKING}), UploadState.REFUSED),
        "cancel": (frozenset({UploadState.RECEIVING}), UploadState.CANCELLED),
        "expire": (frozenset({UploadState.RECEIVING}), UploadState.EXPIRED),
    }
)

job_machine = Machine(
    moves={
        # a claim may take over a job whose lease ran out
        "claim": (frozenset(OPEN), JobState.RUNNING),
        "finish": (frozenset({JobState.RUNNING}), JobState.DONE),
        "postpone": (frozenset({JobState.RUNNING}), JobState.QUEUED),
        "fail": (frozenset({JobState.RUNNING}), JobState.FAILED),
        "cancel": (frozenset(OPEN), JobState.CANCELLED),
        "ask_again": (frozenset({JobState.FAILED, JobState.CANCELLED}), JobState.QUEUED),
    }
)
