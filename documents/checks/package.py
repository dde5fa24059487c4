"""The zip that a workbook or a text document is: measured by its own list, before unpacking."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from documents.checks import Refused

RATIO = 100
DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """unpacked: bytes of all members; needs: members without which it is something else."""

    unpacked: int
    members: int
    needs: frozenset[str]


def members(path: Path, limits: Limits, damaged: Refused) -> set[str]:
    """The names in the zip, in small letters. Raises Refused for what is no such package."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = _list_is_sound(packed.infolist(), limits, damaged)
            # No office program declares entities of its own.
            if any(DECLARES.search(_head(packed, member)) for member in packed.infolist()):
                raise damaged
            return names
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, EOFError):
        raise damaged from None


def _list_is_sound(found: list[zipfile.ZipInfo], limits: Limits, damaged: Refused) -> set[str]:
    names = [member.filename.lower().replace("\\", "/") for member in found]
    unpacked = sum(member.file_size for member in found)
    squeezed = sum(member.compress_size for member in found)
    too_much = unpacked > limits.unpacked or unpacked > RATIO * max(squeezed, 1)
    if len(found) > limits.members or too_much:
        raise Refused(
            _("This file is too large inside. Copy what matters into a new file."),
            "too_large_inside",
        )
    if any(member.flag_bits & 1 for member in found):
        raise Refused(_("This file is locked with a password. Save it without one."), "encrypted")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refused(_("This file has macros in it. Save it without macros."), "macros")
    out_of_place = any(name.startswith("/") or ".." in name.split("/") for name in names)
    if out_of_place or len(set(names)) < len(names) or not limits.needs <= set(names):
        raise damaged
    return set(names)


def _head(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with packed.open(member) as content:
        return content.read(1024)


def pieces(packed: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """A member in pieces, never more than `limit` bytes, whatever the list says of it."""
    with packed.open(name) as content:
        left = limit
        while piece := content.read(65_536):
            left -= len(piece)
            if left < 0:
                raise ValueError("larger than its list says")
            yield piece
