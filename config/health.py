"""Whether the process answers, and whether what it needs does."""

from collections.abc import Callable

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.access import public
from config.worker import cache_and_worker_state


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Without a cache or a worker pages still open, so only a dead database is a 503."""
    database = database_state()
    cache, worker = cache_and_worker_state()
    answer = JsonResponse({"database": database, "cache": cache, "worker": worker})
    answer.status_code = 200 if database == "ok" else 503
    answer["Cache-Control"] = "no-store"
    return answer


class HealthMiddleware:
    """Before all that judges a request: an answer must need no login session, no host name and
    no redirect."""

    views = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.views.get(request.path_info, self.get_response)(request)


def database_state() -> str:
    """Asked on a new connection, which gives up after two seconds; an old one might hang."""
    parameters = connection.get_connection_params()
    wanted = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")
    parameters = {name: parameters[name] for name in wanted if name in parameters}
    try:
        with psycopg.connect(
            **parameters, autocommit=True, connect_timeout=2, options="-c statement_timeout=1000"
        ) as database:
            database.execute("SELECT 1")
    except psycopg.Error:
        return "The database does not answer."
    return "ok"
