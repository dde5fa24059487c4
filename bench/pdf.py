"""CPU of the charter's PDF beside bare WeasyPrint on the same HTML, in one warm process."""

import os
import statistics
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from weasyprint import HTML  # noqa: E402

from documents import pdf  # noqa: E402

WORDS = "We will call every patient within a week of going home and ask what stood in the way. "
DOCUMENT = {
    "title": "Racial Equity Charter",
    "organization": "Cedar Valley Community Health",
    "cohort": "Learning Network",
    "parts": [{"label": f"Part {n}", "text": (WORDS * 12 + "\n\n") * 2} for n in range(8)],
    "commitments": [
        {
            "domain": "Our Patients",
            "text": WORDS,
            "opportunity": "",
            "owner": "Priya Raman",
            "due_on": "2027-06-30",
            "measure": "Blood pressure control",
        }
        for _ in range(12)
    ],
}


def spent(work) -> float:
    began = process_time()
    work()
    return (process_time() - began) * 1000


def main() -> None:
    html = render_to_string(
        "charters/pdf.html",
        {
            "document": DOCUMENT,
            "host_name": "Prairie Health Equity Network",
            "reference": "bench",
            "made": "2026-11-23",
            "seal": "0" * 64,
            "charts": [],
            "signatures": [],
        },
    )
    base = (settings.BASE_DIR / "static").as_uri() + "/"

    def bare() -> None:
        HTML(string=html, base_url=base).write_pdf()

    def ours() -> None:
        pdf.render(html)

    bare()
    ours()
    ratios, floors, costs = [], [], []
    for _ in range(7):
        floor, cost, again = spent(bare), spent(ours), spent(bare)
        floors.append((floor + again) / 2)
        costs.append(cost)
        ratios.append(cost / floors[-1])
    print(
        f"| charter PDF | {statistics.median(floors):.0f} | {statistics.median(costs):.0f} |"
        f" {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}) | 1.10 |"
    )


if __name__ == "__main__":
    main()
