"""A check in a process of its own, with a ceiling on memory and time.

A file that drives a parser mad takes only that process down: the web process waits for it, does
nothing meanwhile, and is told "damaged". Measured, it costs about 0.2 seconds.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from documents.checks import Refused

MEMORY = 640 * 2**20  # of addresses, of which about a fifth is the program itself
SECONDS = 20
MODULE = "documents.checks.alone"
CHECKS = {
    "pdf": "documents.checks.pdf:check",
    "form": "documents.checks.pdf:check:100",
    "boxes": "documents.boxes:as_json",
    "png": "documents.checks.image:check:image/png",
    "jpeg": "documents.checks.image:check:image/jpeg",
    "heic": "documents.checks.image:check:image/heic",
    "docx": "documents.checks.docx:check",
    "csv": "documents.checks.table:check_csv",
    "xlsx": "documents.checks.table:check_xlsx",
}


def checked(name: str) -> Callable[[Path], bytes | None]:
    """The check of that name, to be done alone."""

    def check(path: Path) -> bytes | None:
        return _run(name, path)

    return check


def _run(name: str, path: Path) -> bytes | None:
    """None when the file stays as it is, or the bytes to keep instead. Raises Refused."""
    instead = path.with_name(f"{path.name}.instead")
    language = translation.get_language() or "en"
    command = [sys.executable, "-m", MODULE, name, str(path), str(instead)]
    try:
        done = subprocess.run(
            [*command, language],
            cwd=settings.BASE_DIR,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            timeout=SECONDS + 5,
        )
        verdict = json.loads(done.stdout)
        if "refused" in verdict:
            raise Refused(verdict["message"], verdict["refused"])
        return instead.read_bytes() if verdict["instead"] else None
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        raise Refused(
            _("We could not read this file. Save it again, or as a PDF, and upload that."),
            "damaged",
        ) from None
    finally:
        instead.unlink(missing_ok=True)


def main(name: str, path: str, instead: str, language: str) -> dict[str, object]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    root = Path(__file__).parents[2]
    settings.configure(USE_I18N=True, LOCALE_PATHS=[root / "locale"], LANGUAGE_CODE="en")
    django.setup()
    module, function, *arguments = CHECKS[name].split(":")
    with translation.override(language):
        try:
            content = getattr(import_module(module), function)(Path(path), *arguments)
        except Refused as refused:
            return {"refused": refused.code, "message": refused.message}
    if content is not None:
        Path(instead).touch(mode=0o600, exist_ok=False)
        Path(instead).write_bytes(content)
    return {"instead": content is not None}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
