"""How applications are read and scored: the rubric, and who sees whose scores."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from questionnaires.schema import Code, Data, Text, no_repeats, wrong


class Anchor(Data):
    """What a score means."""

    score: PositiveInt
    text: Text


class Scored(Data):
    """One criterion that each reader scores from 1 to `highest`."""

    code: Code
    text: Text
    weight: PositiveInt = 1
    anchors: tuple[Anchor, ...] = ()
    evidence: tuple[Code, ...] = ()  # fields of the form


class Reviewing(Data):
    """others: who may see others' scores, unless the cohort says otherwise.

    apart: scores of one criterion that differ by so much are worth a talk. names_hidden: who
    only reviews reads no names of people.
    """

    rubric: tuple[Scored, ...]
    highest: Annotated[int, Field(ge=2, le=9)] = 5
    readers: PositiveInt = 2  # for each application
    others: Literal["always", "after_own", "never"] = "after_own"
    names_hidden: bool = False
    apart: PositiveFloat = 2

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        no_repeats([one.code for one in self.rubric], "rubric")
        for index, one in enumerate(self.rubric):
            scores = [anchor.score for anchor in one.anchors]
            if scores != sorted(set(scores)) or any(score > self.highest for score in scores):
                raise wrong("anchors go upwards and end at the highest score", "rubric", index)
        return self
