"""Everything between an empty Postgres and a usable product. Run by bin/dev in its own process."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
# Extensions that we don't load; one names a module it does not bring, which fails collecting.
UNUSED = ["django_htmx/ext/*"]


def main() -> None:
    forget_unfinished_demo()
    call_command("create_roles")
    call_command("migrate", database="owner", interactive=False)
    collect_static()
    from tenancy.models import Host

    if not Host.objects.exists():
        load_demo()


def demo_mark() -> Path:
    return Path(settings.DATA_DIR) / "demo-unfinished"


def load_demo() -> None:
    demo_mark().touch()
    call_command("load_demo")
    demo_mark().unlink()


def forget_unfinished_demo() -> None:
    """A start that was cut off while loading begins again: nobody has used that database yet."""
    if not demo_mark().exists():
        return
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS closer WITH (FORCE)")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    demo_mark().unlink()


def collect_static() -> None:
    """Only when a file, or a package that brings files, has changed since the last time."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    mark = Path(settings.DATA_DIR) / "static.collected"
    if not mark.exists() or mark.read_text() != digest.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
        mark.write_text(digest.hexdigest())


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    main()
