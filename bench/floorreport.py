"""The floor's report and dashboard: a bare Django page around the very same charts and tables.

Started by `bench/reports.py` with gunicorn; `python bench/floorreport.py content.json` keeps one.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import floorsite
from django.contrib.auth.decorators import login_required
from django.db import connection, models
from django.db.models import Count
from django.shortcuts import render
from django.urls import path

from analytics.charts import run_chart_svg, shared_scale
from analytics.run_charts import run_chart
from analytics.words import plain_number, sentence

floorsite.PAGES["report.html"] = """<!doctype html><html lang="en"><head><title>Report</title>
</head><body><p>{{ user.email }}</p><h1>{{ report.organization }}</h1><p>{{ report.words }}</p>
{% for m in measures %}<section><h2>{{ m.name }}</h2>{% for c in m.charts %}
<figure><figcaption>{{ c.label }}</figcaption>{{ c.svg|safe }}<p>{{ c.said }}</p></figure>
{% endfor %}<table><tr><th>Month</th>{% for g in m.groups %}<th>{{ g }}</th>{% endfor %}</tr>
{% for row in m.rows %}<tr><th>{{ row.0 }}</th>{% for cell in row.1 %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table></section>{% endfor %}</body></html>"""
floorsite.PAGES["dashboard.html"] = """<!doctype html><html lang="en"><head><title>Dashboard</title>
</head><body><p>{{ user.email }}</p><h1>Program</h1>
<dl>{% for one in counts %}<dt>{{ one.status }}</dt><dd>{{ one.n }}</dd>{% endfor %}</dl>
<table>{% for a in latest %}<tr><td><a href="/a/{{ a.pk }}/">{{ a.organization }}</a></td>
<td>{{ a.program.name }}</td><td>{{ a.status }}</td><td>{{ a.submitted_at|date }}</td></tr>
{% endfor %}</table></body></html>"""


class Report(models.Model):
    organization = models.CharField(max_length=160)
    words = models.TextField()
    tables = models.JSONField()

    class Meta:
        app_label = "floor"


def drawn(table: dict[str, Any]) -> dict[str, Any]:
    """One measure: its charts on one scale, a sentence below each, and the table beside them."""
    number, labels = plain_number(decimals=0), table["labels"]
    charts = [
        run_chart(
            [100 * n / d if d else None for n, d in group["cells"]],
            den=[d for _n, d in group["cells"]],
            direction="increase",
            target=table["goal"],
            natural_bounds=(0, 100),
        )
        for group in table["groups"]
    ]
    scale = shared_scale(charts, bounds=(0, 100), goal=table["goal"])
    values = [chart.value for chart in charts]
    found = []
    for group, chart in zip(table["groups"], charts, strict=True):
        said = sentence(chart, labels=labels, number=number)
        svg = run_chart_svg(
            chart,
            labels=labels,
            title=group["label"],
            uid=f"{table['slug']}-{group['code'] or 'all'}",
            number=number,
            goal=table["goal"],
            goal_label="Goal",
            scale=scale,
            others=[one for one in values if one is not chart.value],
            desc=str(said.kind),
        )
        found.append({"label": group["label"], "svg": svg, "said": str(said.kind)})
    return {
        "name": table["name"],
        "charts": found,
        "groups": [group["label"] for group in table["groups"]],
        "rows": [
            (label, [f"{g['cells'][at][0]:.0f} / {g['cells'][at][1]:.0f}" for g in table["groups"]])
            for at, label in enumerate(labels)
        ],
    }


@login_required
def report(request):
    one = Report.objects.get(pk=1)
    context = {"report": one, "measures": [drawn(table) for table in one.tables]}
    return render(request, "report.html", context)


@login_required
def dashboard(request):
    rows = floorsite.Application.objects
    counts = rows.values("status").annotate(n=Count("pk")).order_by("status")
    latest = rows.select_related("program").defer("answers").order_by("-submitted_at")[:10]
    return render(request, "dashboard.html", {"counts": counts, "latest": latest})


floorsite.urlpatterns += [path("report/", report), path("dashboard/", dashboard)]
application = floorsite.application

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Report)
    kept = json.loads(Path(sys.argv[1]).read_text())
    Report.objects.create(organization="Cedar Valley", words=kept["words"], tables=kept["tables"])
