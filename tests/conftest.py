"""Tests run as the unprivileged role `app_web`, on a database that `app_owner` made.

Otherwise row-level security would prove nothing: an owner or a superuser sees more.
"""

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any

import psycopg
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.test import Client, TransactionTestCase
from django.utils import translation

from accounts import login_time
from accounts.models import Membership, User
from accounts.roles import Role
from tenancy.active import open_host, open_person
from tenancy.models import Host
from tests.factories import HostFactory, MembershipFactory, UserFactory
from tests.scheduling import ByFile, begin_with_what_takes_long


def pytest_configure() -> None:
    """Pages are rendered without collected static files; browser tests collect real ones."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with_what_takes_long(items)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: nothing looks through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


NEVER_OVER = 4e9

GRANTS = """
GRANT USAGE ON SCHEMA public TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app_web, app_worker;
"""


def owner_url(database: str) -> str:
    return f"{os.environ['DATABASE_OWNER_URL'].rsplit('/', 1)[0]}/{database}"


def drop_database(owner: psycopg.Connection, name: str) -> None:
    """Without FORCE first: with it Postgres refuses where its own autovacuum is at work."""
    try:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
    except psycopg.errors.ObjectInUse:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrated_database(owner: psycopg.Connection) -> str:
    """The database that all others are copied from, made by whoever needs it first.

    Its name holds a digest of the code, so that no change of it meets an old one.
    """
    files = sorted(
        path
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(settings.BASE_DIR)
        for path in Path(app.path).rglob("*.py")
    )
    digest = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    name = f"test_migrated_{digest}"
    owner.execute("SELECT pg_advisory_lock(hashtext('test_migrated'))")
    if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        drop_database(owner, "test_migrating")
        owner.execute('CREATE DATABASE "test_migrating"')
        with psycopg.connect(owner_url("test_migrating"), autocommit=True) as fresh:
            fresh.execute(GRANTS)
        environment = os.environ | {"DATABASE_OWNER_URL": owner_url("test_migrating")}
        migrate = [sys.executable, "manage.py", "migrate", "--database", "owner", "-v", "0"]
        subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)
        owner.execute(f'ALTER DATABASE "test_migrating" RENAME TO "{name}"')
    owner.execute("SELECT pg_advisory_unlock(hashtext('test_migrated'))")
    return name


def copy_migrated_database(name: str) -> None:
    """A database of this name with every table in it and not a row."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        drop_database(owner, name)
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_database(owner)}"')


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One throw-away database per process: made and migrated as owner, used as app_web."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.environ.get('TEST_DATABASE', 'closer')}_{worker}"
    copy_migrated_database(name)
    for alias in connections:
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("app_web",)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        drop_database(owner, name)


def empty_as_owner(_case: TransactionTestCase | None = None) -> None:
    """After a test with real commits: app_web may not truncate, so the owner does."""
    with psycopg.connect(owner_url(settings.DATABASES["default"]["NAME"])) as owner:
        tables = owner.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT IN ('django_migrations', 'django_content_type')"
        ).fetchall()
        owner.execute("ALTER TABLE tenancy_auditevent DISABLE TRIGGER append_only")
        owner.execute(f"TRUNCATE {', '.join(table for (table,) in tables)} CASCADE")
        owner.execute("ALTER TABLE tenancy_auditevent ENABLE TRIGGER append_only")


TransactionTestCase._fixture_teardown = empty_as_owner  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """No test reaches the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def every_test_begins_in_english() -> Iterator[None]:
    """A page in Spanish leaves its language to whatever runs next in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def files_go_to_a_folder_of_this_test(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


# --- the standing cast: the same people in every test -------------------------------------------


@pytest.fixture
def host(db: None) -> Host:
    return HostFactory(slug="prairie", name="Prairie Health Equity Network")


@pytest.fixture
def other_host(db: None) -> Host:
    return HostFactory(slug="lakeshore", name="Lakeshore Hospital Alliance")


@pytest.fixture
def in_host(host: Host) -> Iterator[Host]:
    """The host is open for the whole test, as in a request."""
    with open_host(host.pk):
        yield host


@pytest.fixture
def coordinator(host: Host) -> User:
    return MembershipFactory(host=host, roles=[Role.COORDINATOR], user__name="Renata Solis").user


@pytest.fixture
def owner(host: Host) -> User:
    return MembershipFactory(host=host, roles=[Role.OWNER], user__name="Ines Duarte").user


@pytest.fixture
def reviewer(host: Host) -> User:
    return MembershipFactory(host=host, roles=[Role.REVIEWER], user__name="Ravi Anand").user


@pytest.fixture
def coach(host: Host) -> User:
    return MembershipFactory(host=host, roles=[Role.COACH], user__name="Cora Lind").user


@pytest.fixture
def analyst(host: Host) -> User:
    return MembershipFactory(host=host, roles=[Role.ANALYST], user__name="Ana Petrov").user


@pytest.fixture
def applicant(db: None) -> User:
    return UserFactory(name="Dana Whitfield", email="dana@riverbend.example")


@pytest.fixture
def stranger(other_host: Host) -> User:
    """A coordinator of another host, who must see nothing of ours."""
    return MembershipFactory(host=other_host, roles=[Role.COORDINATOR], user__name="Sam Roe").user


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A client on which this person is signed in, second factor included."""

    def enter(user: User, *, second_factor: bool = True) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        with open_person(user.pk):
            staff = Membership.across_hosts.filter(user=user, ended_at=None).exists()
        # Tests travel in time; how a login ends is shown in tests/accounts/test_login_time.py.
        session[login_time.KEY] = login_time.begin(NEVER_OVER, staff=staff) | {"roles": time()}
        if second_factor:
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time()}]
            session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return enter
