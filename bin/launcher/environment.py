"""What the product's processes read: docs/operations.md says what each variable means."""

import os
from pathlib import Path
from typing import Any

# Also cleared when the caller's shell holds them: they would mean another database or mode.
OURS = {
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "DATABASE_ADMIN_URL",
    "DATABASE_BACKUP_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_URL",
    "DATABASE_WORKER_URL",
    "DATA_DIR",
    "DEFAULT_FROM_EMAIL",
    "DEMO_MODE",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "PRODUCTION",
    "PUBLIC_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "TRUSTED_PROXY_COUNT",
}


def inherited() -> dict[str, str]:
    """The caller's environment without ours, and without what steers Postgres' client."""
    kept = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("PG")}
    return kept | {"PYTHONUNBUFFERED": "1"}


def database(state: dict[str, Any], role: str, name: str = "closer") -> str:
    return f"postgresql://{role}:{state[role]}@127.0.0.1:{state['postgres_port']}/{name}"


def shared(state: dict[str, Any], data: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database(state, "app_web"),
        "REDIS_URL": f"redis://:{state['valkey']}@127.0.0.1:{state['valkey_port']}/0",
        "SECRET_KEY": state["secret_key"],
        "DATA_DIR": str(data),
    }


def owners(state: dict[str, Any]) -> dict[str, str]:
    """For setting up only: no running service is given these."""
    return {
        "DATABASE_ADMIN_URL": database(state, "postgres", "postgres"),
        "DATABASE_OWNER_URL": database(state, "app_owner"),
        "DATABASE_WORKER_URL": database(state, "app_worker"),
    }
