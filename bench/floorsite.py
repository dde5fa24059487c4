"""The floor: the barest Django site with pages like ours. What ours cost beyond it is ours.

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

FORM = """<!doctype html><html lang="en"><head><title>Form</title></head><body>
<p>{{ user.email }}</p><h1>{{ application.organization }}</h1><p>{{ application.program.name }}</p>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Save</button></form></body></html>"""
PUBLIC = """<!doctype html><html lang="en"><head><title>{{ program.name }}</title></head><body>
<h1>{{ program.name }}</h1><p>{{ program.text }}</p><a href="/apply/">Apply</a></body></html>"""
PAGES = {"list.html": LIST, "form.html": FORM, "public.html": PUBLIC}

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
                        [("django.template.loaders.locmem.Loader", PAGES)],
                    )
                ],
            },
        }
    ],
)
django.setup()

from django import forms  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


class Program(models.Model):
    name = models.CharField(max_length=100)
    text = models.TextField(default="What the program is about. " * 20)

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


class Event(models.Model):
    application = models.ForeignKey(Application, models.CASCADE)
    text = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"


def question(number: int) -> forms.Field:
    """Five kinds in turn, as Django draws them."""
    label = f"Question {number}"
    return (
        forms.CharField(label=label, max_length=200, help_text="A short answer."),
        forms.CharField(label=label, widget=forms.Textarea, max_length=3000),
        forms.IntegerField(label=label),
        forms.ChoiceField(label=label, choices=[(str(k), f"Choice {k}") for k in range(8)]),
        forms.BooleanField(label=label, required=False),
    )[number % 5]


Questions = type("Questions", (forms.Form,), {f"q{n}": question(n) for n in range(25)})


def public(request):
    return render(request, "public.html", {"program": Program.objects.get(pk=1)})


@login_required
def form(request):
    application = Application.objects.select_related("program").get(pk=1)
    context = {"application": application, "form": Questions(initial=application.answers)}
    return render(request, "form.html", context)


@csrf_exempt
@login_required
def save(request):
    """A draft of 25 answers: checked, one row updated, one event, in one transaction."""
    sent = Questions({f"q{n}": "3" if n % 5 in (2, 3) else "Some words" for n in range(25)})
    assert sent.is_valid()
    with transaction.atomic():
        Application.objects.filter(pk=1).update(answers=sent.cleaned_data)
        Event.objects.create(application_id=1, text="saved")
    return HttpResponse("saved")


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


urlpatterns = [
    path("list/", applications),
    path("form/", form),
    path("save/", save),
    path("public/", public),
]
application = get_wsgi_application()


def seed(count: int) -> None:
    """Make the tables and `count` applications; print the cookie of a signed-in person."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.schema_editor() as editor:
        editor.create_model(Program)
        editor.create_model(Application)
        editor.create_model(Event)
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
