"""What those who read applications say about them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.actions.reviewing import Given
from applications.queries.reviews import TEXTS
from applications.states import Stance
from collaboratives.blueprints.schema import Reviewing
from collaboratives.states import ReviewsShown


class DeclareForm(forms.Form):
    stance = forms.ChoiceField(
        label=_("Do you have a conflict of interest?"),
        widget=forms.RadioSelect,
        choices=[
            (Stance.CLEAR, _("No, I can read it fairly")),
            (Stance.CONFLICT, _("Yes, somebody else must read it")),
        ],
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    reason = forms.CharField(
        label=_("If yes: what is the conflict?"),
        help_text=_("A few words. The coordinators read it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stance") == Stance.CONFLICT and not cleaned.get("reason"):
            self.add_error("reason", _("Say in a few words what the conflict is."))
        return cleaned


class ReaderForm(forms.Form):
    """One of the host's readers. `person`: who it is, once it is valid."""

    reader = forms.TypedChoiceField(
        label=_("Reader"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Choose a reader."), "invalid_choice": _("Choose a reader.")},
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.fields["reader"].choices = [("", "---"), *((one.pk, str(one)) for one in people)]

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["reader"]]


class NoteConflictForm(ReaderForm):
    reason = forms.CharField(
        label=_("What is the conflict?"),
        help_text=_("A few words. The coordinators read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words what the conflict is.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].label = _("Colleague")


class ShareForm(ReaderForm):
    how = forms.ChoiceField(
        label=_("How?"),
        widget=forms.RadioSelect,
        initial="even",
        choices=[
            ("even", _("Share out evenly: whoever has least to read comes first")),
            ("topic", _("Share out by what readers know")),
            ("hand", _("Give all of them to one reader")),
        ],
        error_messages={"required": _("Choose how."), "invalid_choice": _("Choose how.")},
    )
    field_order = ("how", "reader")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("how") == "hand" and not cleaned.get("reader"):
            self.add_error("reader", _("Choose a reader."))
        return cleaned


class ReviewsShownForm(forms.Form):
    shown = forms.ChoiceField(label=_("Who may see others' scores?"), choices=ReviewsShown)


class ExpertiseForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label=_("Knows well"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, topics: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = topics


class ScreenForm(forms.Form):
    """met: yes, no, or empty to take one's word back."""

    met = forms.TypedChoiceField(
        choices=[("yes", _("Met")), ("no", _("Not met")), ("back", _("Take it back"))],
        coerce={"yes": True, "no": False, "back": None}.get,
        error_messages={
            "required": _("Choose whether it is met."),
            "invalid_choice": _("Choose whether it is met."),
        },
    )
    reason = forms.CharField(required=False, max_length=1000)


class BlackOutForm(forms.Form):
    words = forms.CharField(
        label=_("Words to black out"),
        help_text=_("A nickname, a title, a place: what shows who somebody is."),
        max_length=300,
        error_messages={"required": _("Write the words to hide.")},
    )


def posted_scores(post: QueryDict, reviewing: Reviewing) -> tuple[dict[str, Given], dict[str, int]]:
    """What was posted of a review, and on which revision of each part. Only the changed parts,
    where the page's script says which those are."""
    codes = [one.code for one in reviewing.rubric]
    wanted = set(post.getlist("_changed")) or {*codes, *TEXTS}
    given = {
        code: Given(_number(post.get(f"value-{code}")), post.get(f"note-{code}", ""))
        for code in codes
        if code in wanted
    }
    given |= {name: Given(None, post.get(name, "")) for name in TEXTS if name in wanted}
    bases = {
        code: number for code in given if (number := _number(post.get(f"_rev.{code}"))) is not None
    }
    return given, bases


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
