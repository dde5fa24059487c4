"""Fills a form as Evince and Okular do, with their library.

    /usr/bin/python3 fill_with_poppler.py blank.pdf boxes.json filled.pdf

Needs Debian's gir1.2-poppler-0.18 and python3-gi; see README.md.
"""

import json
import sys
from pathlib import Path

import gi

gi.require_version("Poppler", "0.18")
from gi.repository import Poppler  # noqa: E402

SAID = {  # what the radio button says that is to be ticked
    "kind": ": Other",
    "ready": ": Yes",
    "trust": ": 5 All",
    "team-leads": "Person 1: Label of leads",
    "parts-a-how": ": Yes",
    "parts-b-how": ": Yes",
}
blank, boxes, filled = (Path(one).resolve() for one in sys.argv[1:])
wanted = json.loads(boxes.read_text())
form = Poppler.Document.new_from_file(blank.as_uri(), None)
for number in range(form.get_n_pages()):
    for place in form.get_page(number).get_form_field_mapping():
        box = place.field
        value = wanted.get(box.get_name())
        if value is None:
            continue
        kind = box.get_field_type()
        if kind == Poppler.FormFieldType.TEXT:
            box.text_set_text(value)
            continue
        if kind == Poppler.FormFieldType.CHOICE:
            # The list shows words; its blank line comes first.
            shown = [box.choice_get_item(n) for n in range(box.choice_get_n_items())]
            box.choice_select_item(shown.index(value.title()))
            continue
        said = box.get_alternate_ui_name() or ""
        is_tick = box.button_get_button_type() == Poppler.FormButtonType.CHECK
        if is_tick or said.endswith(SAID[box.get_name()]):
            box.button_set_state(True)
form.save(filled.as_uri())
