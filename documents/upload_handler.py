"""Django reads a request's files to their end, however large. This stops it."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from documents.intake import MB, ONE_REQUEST

MOST = ONE_REQUEST + 5 * MB


class LimitedUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: counts all files of a request and hangs up beyond MOST.

    Below that `intake.store` counts for its slot and answers in words.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""
