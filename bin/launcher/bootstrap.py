"""The virtual environment with the locked packages, and the Debian packages beside it.

Standard library only: this runs in the system's Python first, then again in the environment's.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import FAILED, LACKING, Stop, say

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / ".installed"
UNFINISHED = "unfinished"

PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PANGO_LIBRARIES = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0")


def enter() -> None:
    """Go on in the environment's Python, which keeps this process id."""
    # Otherwise each of our processes would compile the packages anew, at each start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with only_one():
        if installed() != wanted():
            install()
            require_pango(weasyprint_loads)
    require_pango(libraries_load)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])


@contextmanager
def only_one() -> Iterator[None]:
    """Two commands started at once must not install over each other."""
    with LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def wanted() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def installed() -> str:
    """The lock's digest, or "" where the environment is missing or its Python is gone."""
    return INSTALLED.read_text() if INSTALLED.exists() and os.access(PYTHON, os.X_OK) else ""


def install() -> None:
    say("Installing the locked packages into .venv.")
    home_is_ours = os.access(os.path.expanduser("~"), os.W_OK) or "UV_CACHE_DIR" in os.environ
    options = ["--quiet", "--require-hashes"]
    options += [] if home_is_ours else ["--no-cache"]
    with tempfile.TemporaryDirectory() as scratch:
        uv = VENV / "bin" / "uv"
        usable = os.access(uv, os.X_OK) and os.access(PYTHON, os.X_OK)
        if installed() == UNFINISHED or not usable:
            uv = make_environment(Path(scratch))
        INSTALLED.write_text(UNFINISHED)
        if not succeeds(uv, "pip", "sync", *options, "--python", PYTHON, LOCK):
            raise Stop("The locked packages could not be installed; the reason is above.", FAILED)
    INSTALLED.write_text(wanted())


def make_environment(scratch: Path) -> Path:
    """Make .venv anew and return the uv to fill it with, itself from the lock."""
    requirement = scratch / "uv.txt"
    requirement.write_text(locked("uv"))
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    options = ("--no-deps", "--require-hashes", "-r", requirement)
    shutil.rmtree(VENV, ignore_errors=True)
    if succeeds(sys.executable, "-m", "venv", VENV, quietly=True):
        if succeeds(PYTHON, *pip, "install", *options):
            return VENV / "bin" / "uv"
        raise Stop("uv could not be installed; the reason is above.", FAILED)
    # Debian splits venv off. A wheel is a zip file, so pip's download is enough, and it is
    # allowed where the system's Python is marked as externally managed.
    shutil.rmtree(VENV, ignore_errors=True)
    found = shutil.which("uv")
    if found:
        uv = Path(found)
    elif succeeds(sys.executable, "-m", "pip", "--version", quietly=True):
        if not succeeds(sys.executable, *pip, "download", *options, "-d", scratch):
            raise Stop("uv could not be downloaded; the reason is above.", FAILED)
        uv = unpack_uv(next(scratch.glob("*.whl")))
    else:
        require_debian("python3-venv", "This Python has neither venv nor pip.")
        if succeeds(sys.executable, "-m", "venv", VENV):
            return make_environment(scratch)
        raise Stop(f"{sys.executable} still has no venv.", LACKING)
    if not succeeds(uv, "venv", "--quiet", "--no-cache", "--python", sys.executable, VENV):
        raise Stop("The environment could not be made; the reason is above.", FAILED)
    return uv


def locked(package: str) -> str:
    """The lock's lines of one package: its version and all its hashes."""
    lines = LOCK.read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = next(i for i in range(first, len(lines)) if not lines[i].endswith("\\"))
    return "\n".join(lines[first : last + 1]) + "\n"


def unpack_uv(wheel: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        program = Path(archive.extract(member, wheel.parent))
    program.chmod(0o755)
    return program


def weasyprint_loads() -> bool:
    return succeeds(PYTHON, "-c", "import weasyprint", quietly=True)


def libraries_load() -> bool:
    """The quick form of the same question, for every start."""
    try:
        for library in PANGO_LIBRARIES if sys.platform == "linux" else ():
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def require_pango(loads: Callable[[], bool]) -> None:
    if not loads():
        require_debian(" ".join(PANGO), "The Pango library, which draws the PDFs, is missing.")
        if not weasyprint_loads():
            raise Stop(f"WeasyPrint does not load: {PYTHON} -c 'import weasyprint'", LACKING)


def chromium() -> str:
    """The browser of the browser tests: CHROMIUM, or Debian's, installed if need be."""
    named = os.environ.get("CHROMIUM")
    if named:
        if os.access(named, os.X_OK):
            return named
        raise Stop(f"CHROMIUM is {named}, which is not a program.", LACKING)
    if not shutil.which("chromium"):
        require_debian("chromium", "Chromium, which runs the browser tests, is missing.")
    return shutil.which("chromium") or "/usr/bin/chromium"


def require_debian(packages: str, reason: str) -> None:
    """Install Debian packages as root; otherwise end with the one line that does it."""
    command = f"apt-get install -y --no-install-recommends {packages}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(f"{reason} As root: {command}", LACKING)
    say(f"Installing {packages}.")
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    if succeeds(*command.split(), quietly=True):
        return
    succeeds("apt-get", "update", quietly=True)
    if not succeeds(*command.split()):
        raise Stop(f"{reason} This failed: {command}", LACKING)


def succeeds(*command: str | Path, quietly: bool = False) -> bool:
    """Whether the command ends well. What it says goes to standard error, or nowhere."""
    out = subprocess.DEVNULL if quietly else sys.stderr
    words = [*tied("TERM"), *map(str, command)]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    return done.returncode == 0


def tied(signal_name: str) -> list[str]:
    """A prefix that makes a command get this signal when the process that started it dies.

    It has to come last before the command: changing the user or the namespace forgets it. And
    Linux means the thread that started it, so commands are started from the main thread only.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", signal_name, "--"] if setpriv else []
