"""Films, by their structure: no library reads them, only sizes and a few names are looked at.

MP4 and MOV are boxes, WebM is elements; both are walked with a bound on how many are read, and
what is between them is skipped unread.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from documents.checks import Refused

MINUTES = 10  # where nobody asks for another limit
MOST_BOXES = 20_000
INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
MP4_CODECS = {b"avc1", b"avc3", b"hvc1", b"hev1", b"vp09", b"av01"}
WEBM_CODECS = ("V_VP8", "V_VP9", "V_AV1")
# EBML ids
DOCTYPE, SEGMENT, INFO, TRACKS, ENTRY = 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
SCALE, DURATION, TRACK_TYPE, CODEC, CLUSTER = 0x2AD7B1, 0x4489, 0x83, 0x86, 0x1F43B675


@dataclass
class Film:
    """What was found. seconds: None when the file does not say."""

    seconds: float | None = None
    pictures: list[str] = field(default_factory=list)


def _damaged() -> Refused:
    return Refused(
        _("We could not read this video. Save it again as MP4 and upload that."), "damaged"
    )


def check_mp4(path: Path, *, minutes: int = MINUTES) -> None:
    with path.open("rb") as film:
        found = _read_boxes(film, path.stat().st_size)
    _judge(found, {one.decode() for one in MP4_CODECS}, minutes)


def check_webm(path: Path, *, minutes: int = MINUTES) -> None:
    with path.open("rb") as film:
        found = _read_webm(film, path.stat().st_size)
    _judge(found, set(WEBM_CODECS), minutes)


def _judge(film: Film, codecs: set[str], minutes: int) -> None:
    if not film.pictures:
        raise Refused(_("This file has sound but no picture. Choose the video."), "no_picture")
    if not set(film.pictures) <= codecs:
        raise Refused(
            _("Browsers can't play this kind of video. Save it as MP4 (H.264) and upload that."),
            "codec",
        )
    if film.seconds is not None and film.seconds > minutes * 60 + 1:
        raise Refused(
            _("This video is longer than %(minutes)s minutes. Make it shorter.")
            % {"minutes": minutes},
            "too_long",
        )


# --- MP4 and MOV -----------------------------------------------------------------------------


def _read_boxes(film: BinaryIO, size: int) -> Film:
    found, seen = Film(), []
    for kind, start, end in _boxes(film, 0, size, [0]):
        seen.append(kind)
        if kind == b"moov":
            _movie(film, start, end, found)
    if seen[:1] != [b"ftyp"] or seen.count(b"moov") != 1 or not {b"mdat", b"moof"} & set(seen):
        raise _damaged()
    return found


def _boxes(film: BinaryIO, at: int, end: int, count: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the content of each box; they must fill the space exactly."""
    while at < end:
        count[0] += 1
        film.seek(at)
        head = film.read(16)
        if len(head) < 8 or count[0] > MOST_BOXES:
            raise _damaged()
        size, kind, begins = struct.unpack(">I", head[:4])[0], head[4:8], 8
        if size == 1 and len(head) == 16:
            size, begins = struct.unpack(">Q", head[8:])[0], 16
        elif size == 0:  # to the end of the file
            size = end - at
        if size < begins or at + size > end or not kind.isascii():
            raise _damaged()
        yield kind, at + begins, at + size
        at += size


def _movie(film: BinaryIO, start: int, end: int, found: Film) -> None:
    """Length and tracks, from the part of the file that describes it."""
    waiting, count, handler = [(start, end)], [0], b""
    while waiting:
        for kind, begins, stops in _boxes(film, *waiting.pop(), count):
            if kind in INSIDE:
                waiting.append((begins, stops))
            elif kind == b"mvhd":
                found.seconds = _length(_some(film, begins, stops, 32))
            elif kind == b"hdlr":
                handler = _some(film, begins, stops, 12)[8:12]
            elif kind == b"stsd" and handler == b"vide":
                entry = _some(film, begins, stops, 16)
                found.pictures.append(entry[12:16].decode("latin-1"))


def _some(film: BinaryIO, start: int, end: int, most: int) -> bytes:
    film.seek(start)
    content = film.read(min(most, end - start))
    if len(content) < min(12, most):
        raise _damaged()
    return content


def _length(header: bytes) -> float | None:
    """Seconds, of a movie header; None for one that is filled piece by piece."""
    form, place = (">IQ", 20) if header[0] == 1 else (">II", 12)
    if len(header) < place + struct.calcsize(form):
        raise _damaged()
    scale, duration = struct.unpack_from(form, header, place)
    unknown = 2**64 - 1 if header[0] == 1 else 2**32 - 1
    if scale == 0:
        raise _damaged()
    return duration / scale if 0 < duration < unknown else None


# --- WebM ------------------------------------------------------------------------------------


def _read_webm(film: BinaryIO, size: int) -> Film:
    elements = _elements(film, 0, size, [0])
    kind, start, end = next(elements, (0, 0, 0))
    names = {one: _content(film, a, b, 32) for one, a, b in _elements(film, start, end, [0])}
    if kind != 0x1A45DFA3 or names.get(DOCTYPE, b"").rstrip(b"\0") != b"webm":
        raise _damaged()
    kind, start, end = next(elements, (0, 0, 0))
    if kind != SEGMENT:
        raise _damaged()
    found = Film()
    for kind, begins, stops in _elements(film, start, end, [0]):
        if kind == CLUSTER:  # from here on there are pictures and sound only
            break
        if kind == SEGMENT:
            raise _damaged()
        if kind == INFO:
            found.seconds = _webm_length(film, begins, stops)
        if kind == TRACKS:
            for entry, a, b in _elements(film, begins, stops, [0]):
                if entry == ENTRY:
                    _webm_track(film, a, b, found)
    return found


def _webm_track(film: BinaryIO, start: int, end: int, found: Film) -> None:
    facts = {
        kind: _content(film, a, b, 32)
        for kind, a, b in _elements(film, start, end, [0])
        if kind in (TRACK_TYPE, CODEC)
    }
    if int.from_bytes(facts.get(TRACK_TYPE, b"")) == 1:
        found.pictures.append(facts.get(CODEC, b"").rstrip(b"\0").decode("latin-1"))


def _webm_length(film: BinaryIO, start: int, end: int) -> float | None:
    scale, duration = 1_000_000, 0.0
    for kind, a, b in _elements(film, start, end, [0]):
        if kind == SCALE:
            scale = int.from_bytes(_content(film, a, b, 8))
        if kind == DURATION and b - a in (4, 8):
            form = ">f" if b - a == 4 else ">d"
            duration = struct.unpack(form, _content(film, a, b, 8))[0]
    return duration * scale / 1e9 if duration > 0 else None


def _content(film: BinaryIO, start: int, end: int, most: int) -> bytes:
    film.seek(start)
    return film.read(min(most, end - start))


def _elements(
    film: BinaryIO, at: int, end: int, count: list[int]
) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of the content of each element."""
    while at < end:
        count[0] += 1
        film.seek(at)
        head = film.read(12)
        id_length = 9 - head[0].bit_length() if head and head[0] else 9
        if id_length > 4 or len(head) <= id_length or count[0] > MOST_BOXES:
            raise _damaged()
        first = head[id_length]
        size_length = 9 - first.bit_length() if first else 9
        begins = id_length + size_length
        if size_length > 8 or len(head) < begins:
            raise _damaged()
        value = int.from_bytes(head[id_length:begins]) & ((1 << 7 * size_length) - 1)
        unknown = value == (1 << 7 * size_length) - 1  # a live recording does not know
        start = at + begins
        stop = end if unknown else start + value
        if stop > end:
            raise _damaged()
        yield int.from_bytes(head[:id_length]), start, stop
        at = stop
