"""The floor: the barest Django site with a list like ours. What our page costs beyond it is ours.

Started by `bench/run.py` with gunicorn; `python bench/floorsite.py seed` fills its database.
"""

import os
import random
import sys
from datetime import timedelta

import django
from django.conf import settings

STATES = ["draft", "submitted", "in_review", "released", "declined"]
LIST = """<!doctype html><html lang="en"><head><title>Applications</title></head><body>
<p>{{ user.email }}</p><h1>Applications</h1>
<form><select name="status">
{% for s in states %}<option>{{ s }}</option>{% endfor %}</select></form>
<table>{% for a in page %}<tr><td><a href="/a/{{ a.pk }}/">{{ a.organization }}</a></td>
<td>{{ a.program.name }}</td><td>{{ a.status }}</td><td>{{ a.submitted_at|date }}</td></tr>
{% endfor %}</table>
<p>{{ page.number }} of {{ page.paginator.num_pages }}, {{ page.paginator.count }} in all</p>
</body></html>"""

settings.configure(
    SECRET_KEY="floor",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="floorsite",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "floor",
            "HOST": "127.0.0.1",
            "PORT": os.environ["FLOOR_PORT"],
            "USER": "app_owner",
            "PASSWORD": os.environ["FLOOR_PASSWORD"],
            "CONN_MAX_AGE": 600,
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.contrib.auth.context_processors.auth"],
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"list.html": LIST})],
                    )
                ],
            },
        }
    ],
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402


class Program(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "floor"


class Application(models.Model):
    program = models.ForeignKey(Program, models.CASCADE)
    organization = models.CharField(max_length=160)
    status = models.CharField(max_length=20, db_index=True)
    submitted_at = models.DateTimeField(db_index=True)
    answers = models.JSONField(default=dict)

    class Meta:
        app_label = "floor"


@login_required
def applications(request):
    rows = (
        Application.objects.filter(status__in=STATES[1:])
        .select_related("program")
        .defer("answers")
        .order_by("-submitted_at")
    )
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    return render(request, "list.html", {"page": page, "states": STATES})


urlpatterns = [path("list/", applications)]
application = get_wsgi_application()


def seed(count: int) -> None:
    """Make the tables and `count` applications; print the cookie of a signed-in person."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.schema_editor() as editor:
        editor.create_model(Program)
        editor.create_model(Application)
    program = Program.objects.create(name="Program")
    chance, now = random.Random(7), timezone.now()
    Application.objects.bulk_create(
        [
            Application(
                program=program,
                organization=f"Hospital {n}",
                status=chance.choice(STATES),
                submitted_at=now - timedelta(minutes=n),
                answers={f"q{q}": "Some words of an answer." * 4 for q in range(25)},
            )
            for n in range(count)
        ],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(User.objects.create_user("staff", "staff@example.org", "x"))
    print("sessionid=" + client.cookies["sessionid"].value)


if __name__ == "__main__" and sys.argv[1:] == ["seed"]:
    seed(10_000)
