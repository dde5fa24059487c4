"""Films for tests, made by hand: just enough structure, no pictures."""

import struct


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _track(handler: bytes, codec: bytes) -> bytes:
    hdlr = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)
    entry = box(codec, b"\0" * 78)
    stsd = box(b"stsd", b"\0" * 4 + struct.pack(">I", 1) + entry)
    return box(b"trak", box(b"mdia", hdlr + box(b"minf", box(b"stbl", stsd))))


def mp4(
    *, seconds: int = 90, codec: bytes = b"avc1", brand: bytes = b"isom", picture: bool = True,
    size: int = 1000,
) -> bytes:  # fmt: skip
    mvhd = box(b"mvhd", b"\0" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\0" * 80)
    tracks = _track(b"soun", b"mp4a") + (_track(b"vide", codec) if picture else b"")
    head = box(b"ftyp", brand + b"\0\0\0\0" + brand)
    return head + box(b"moov", mvhd + tracks) + box(b"mdat", b"\0" * size)


def sound_only() -> bytes:
    return mp4(picture=False)


def endless_boxes() -> bytes:
    return box(b"ftyp", b"isom\0\0\0\0isom") + box(b"free") * 200_000


def box_of_no_size() -> bytes:
    """Each box says that it is 8 bytes shorter than its own head."""
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + struct.pack(">I", 4) + b"moov" + b"\0" * 200


def element(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack(">Q", len(content) | 1 << 56) + content


def webm(
    *, seconds: float = 90, doctype: bytes = b"webm", codec: bytes = b"V_VP9", kind: int = 1
) -> bytes:
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", doctype))
    info = element(
        b"\x15\x49\xa9\x66",
        element(b"\x2a\xd7\xb1", struct.pack(">I", 1_000_000))
        + element(b"\x44\x89", struct.pack(">d", seconds * 1000)),
    )
    track = element(b"\xae", element(b"\x83", bytes([kind])) + element(b"\x86", codec))
    tracks = element(b"\x16\x54\xae\x6b", track)
    cluster = element(b"\x1f\x43\xb6\x75", b"\0" * 200)
    return head + element(b"\x18\x53\x80\x67", info + tracks + cluster)


def deep_webm() -> bytes:
    """Segments inside segments."""
    inner = b""
    for _ in range(300):
        inner = element(b"\x18\x53\x80\x67", inner)
    return element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm")) + inner


CAPTIONS = b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nWe are the team of Riverbend.\n"
