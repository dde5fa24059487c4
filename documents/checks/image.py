"""Photos and scans: decoded once under a cap, and written anew without what phones add."""

import warnings
from io import BytesIO
from pathlib import Path

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from documents.checks import Refused

MAX_PIXELS = 40_000_000
HEIC = "image/heic"
FORMATS = {"image/png": ("PNG",), "image/jpeg": ("JPEG", "MPO"), HEIC: ("HEIF",)}
KEPT_MODES = {"image/png": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "image/jpeg": ("L", "RGB")}


def check(path: Path, content_type: str) -> bytes:
    """The picture alone, turned as it was held: no place, no camera, no comments.

    What phones call HEIC comes back as JPEG, which every computer can show.
    """
    if content_type == HEIC:
        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS[content_type]) as image:
                _limits(image)
                image.verify()
            with Image.open(path, formats=FORMATS[content_type]) as image:
                image.load()
                return _written_anew(image, "image/jpeg" if content_type == HEIC else content_type)
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except Exception:  # decoders fail in many ways on what is no picture
        raise Refused(
            _("We could not read this picture. Take it again or save it as a JPEG or PNG."),
            "damaged",
        ) from None


def _limits(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> Refused:
    return Refused(
        _("This picture has more than %(limit)s million dots. Save it smaller and upload it again.")
        % {"limit": MAX_PIXELS // 1_000_000},
        "too_many_pixels",
    )


def _written_anew(image: Image.Image, content_type: str) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in KEPT_MODES[content_type]:
        upright = upright.convert("RGB")
    upright.info = {}  # what is written comes from here: no place, no camera, no comments
    out = BytesIO()
    if content_type == "image/png":
        upright.save(out, "PNG", optimize=False)
    else:
        upright.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()
