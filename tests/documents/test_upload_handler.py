"""A request that would fill the disk is cut off while it comes in."""

from io import BytesIO

from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser

from documents import upload_handler
from documents.upload_handler import LimitedUploadHandler

BOUNDARY = "a-boundary"


def parse(content: bytes):
    """The files of a request, and how many bytes of it were read."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + content
    stream = BytesIO(body + f"\r\n--{BOUNDARY}--\r\n".encode())
    headers = {
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": len(stream.getvalue()),
    }
    handlers = [LimitedUploadHandler(), MemoryFileUploadHandler(), TemporaryFileUploadHandler()]
    _, files = MultiPartParser(headers, stream, handlers).parse()
    return files, stream.tell()


def test_a_file_of_ordinary_size_passes():
    files, _ = parse(b"x" * 1000)
    assert files["file"].read() == b"x" * 1000
    files["file"].close()


def test_beyond_the_limit_it_stops_reading(monkeypatch):
    monkeypatch.setattr(upload_handler, "MOST", 200_000)
    files, read = parse(b"x" * 5_000_000)
    assert not files
    assert read < 1_000_000
