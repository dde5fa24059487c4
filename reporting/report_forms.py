"""The questions of a report, from what the program's blueprint asks for."""

from collaboratives.blueprints.schema import Reporting
from questionnaires.schema import Field, Form, Kind, Section, Text

WORDS, ASKS = "words", "asks"
HEADLINE, LEARNING, NEXT = "headline", "learning", "next_steps"
ASK_CODES = ("ask_1", "ask_2", "ask_3")
# Sections of a blueprint that are drawn from measures and tested changes, not typed.
DRAWN = frozenset({"changes_tested", "process_data", "outcome_data"})

HEADLINE_FIELD = Field(
    code=HEADLINE,
    kind=Kind.LONG_TEXT,
    label=Text(en="Headline", es="Resumen"),
    hint=Text(
        en="Two or three sentences. What changed for people, and for whom did it not?",
        es="Dos o tres oraciones. ¿Qué cambió para las personas y para quién no cambió?",
    ),
    required=True,
    max_words=90,
)
NEXT_FIELD = Field(
    code=NEXT,
    kind=Kind.LONG_TEXT,
    label=Text(en="What comes next", es="Lo que sigue"),
    hint=Text(
        en="What will you do until the next report?", es="¿Qué harán hasta el próximo informe?"
    ),
    max_words=300,
)


def report_form(reporting: Reporting, *, with_asks: bool) -> Form:
    """One page of words; with asks, a second part for what the leader is asked.

    The program's own sections come in its order. Learning is always there and needed.
    """
    typed = [item for item in reporting.sections if item.code not in DRAWN]
    fields = [HEADLINE_FIELD]
    for item in typed:
        fields.append(
            Field(
                code=item.code,
                kind=Kind.LONG_TEXT,
                label=item.text,
                hint=item.hint,
                required=item.code == LEARNING,
                max_words=500,
            )
        )
    if LEARNING not in [item.code for item in typed]:
        label = Text(en="Learning", es="Aprendizaje")
        fields.append(
            Field(code=LEARNING, kind=Kind.LONG_TEXT, label=label, required=True, max_words=500)
        )
    fields.append(NEXT_FIELD)
    sections = [
        Section(code=WORDS, title=Text(en="Your words", es="Sus palabras"), fields=tuple(fields))
    ]
    if with_asks:
        sections.append(
            Section(
                code=ASKS,
                title=Text(en="What you ask of your leader", es="Lo que piden a su líder"),
                fields=tuple(_ask(number, code) for number, code in enumerate(ASK_CODES, start=1)),
            )
        )
    return Form(sections=tuple(sections))


def _ask(number: int, code: str) -> Field:
    return Field(
        code=code,
        kind=Kind.SHORT_TEXT,
        label=Text(en=f"Request {number}", es=f"Petición {number}"),
        hint=Text(
            en="One thing that only your leader can do.",
            es="Una cosa que solo su líder puede hacer.",
        )
        if number == 1
        else None,
        max_length=200,
    )
