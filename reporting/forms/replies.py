"""What a leader answers, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from reporting.states import Answer


class ReplyForm(forms.Form):
    """The leader's page: one quick answer for each ask, and a reflection."""

    reflection = forms.CharField(required=False, max_length=10_000, strip=True)

    def __init__(self, data: QueryDict | None, *, asks: list[str], initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"reflection": initial["reflection"]})
        self.asks = asks
        for place in range(len(asks)):
            given = initial["asks"].get(str(place), {})
            self.fields[f"ask-{place}"] = forms.ChoiceField(
                choices=Answer, required=False, initial=given.get("answer", "")
            )
            self.fields[f"note-{place}"] = forms.CharField(
                required=False, max_length=1000, initial=given.get("note", "")
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each ask with its boxes, for the page."""
        return [
            {
                "place": place,
                "text": text,
                "answer": self[f"ask-{place}"].value() or "",
                "note": self[f"note-{place}"].value() or "",
                "choices": Answer.choices,
            }
            for place, text in enumerate(self.asks)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answered = any(cleaned.get(f"ask-{place}") for place in range(len(self.asks)))
        if not answered and not cleaned.get("reflection"):
            self.add_error("reflection", _("Answer a request or write a few words."))
        return cleaned

    def given_asks(self) -> dict[str, dict[str, str]]:
        return {
            str(place): {
                "answer": self.cleaned_data.get(f"ask-{place}", ""),
                "note": self.cleaned_data.get(f"note-{place}", ""),
            }
            for place in range(len(self.asks))
        }
