"""One question of each kind, for files that other programs filled in.

`python -m tests.questionnaires.every_kind FOLDER` writes the blank form and what to fill in;
`files/README.md` says how the filled ones there were made from them.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

from questionnaires.schema import Form
from tests.questionnaires.samples import complete_answers, field, form, option, text

OTHER = option("other", other=True)
SCALE = {"min": 1, "max": 5, "low": text("None"), "high": text("All")}
PERSON = [
    field("name", "short_text"),
    field("email", "email"),
    field("roles", "multiple", options=[option("nurse"), option("cook"), OTHER]),
    field("hours", "single", options=[option("few"), option("many")], shown_as="select"),
    field("leads", "chosen_row"),
]


def asked() -> Form:
    return form(
        field("name", "short_text", required=True),
        field("why", "long_text", max_words=80),
        field("kind", "single", options=[option("clinic"), option("hospital"), OTHER]),
        field("state", "single", options=[option("il"), option("wi")], shown_as="select"),
        field("ready", "yes_no"),
        field("ways", "multiple", options=[option("pdsa"), option("lean"), option("six")]),
        field("trust", "scale", scale=SCALE),
        field("beds", "number"),
        field("start", "date"),
        field("email", "email"),
        field("phone", "phone"),
        field("page", "url"),
        field("lead", "contact"),
        field("team", "table", rows={"max": 3, "item": text("Person")}, fields=PERSON),
        field("parts", "grid", items=[option("a"), option("b")], fields=[field("how", "yes_no")]),
        field("promise", "acknowledgement", text=text("We will come.")),
    )


def answers() -> dict[str, Any]:
    return complete_answers(
        asked(), name="Ñandú, Zoë & «Søn»", kind="other", kind_other="Elsewhere"
    )


def main(folder: Path) -> None:
    from tests.questionnaires.papers import blank, boxes_for

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "blank.pdf").write_bytes(blank(asked(), key="apply-every-kind"))
    wanted = json.dumps(boxes_for(asked(), answers()), ensure_ascii=False, indent=1)
    (folder / "boxes.json").write_text(wanted + "\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(Path(sys.argv[1]))
