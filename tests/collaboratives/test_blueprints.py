"""What the five shipped programs ask, in which words, and how a bad file is refused."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from collaboratives.blueprints import Blueprint, BlueprintError, keys, load, parse
from collaboratives.blueprints.loader import FOLDER, LIBRARY
from collaboratives.form_rules import consequences
from questionnaires import rules
from questionnaires.schema import Data, Text
from tests.questionnaires.samples import complete_answers, uploads

A = "progress-report-ian"
B = "learning-and-action-network"
C = "take-action-learning-network"
D = "learning-network"
E = "action-community"


def codes(items):
    return [item.code for item in items]


def field(b, code):
    return b.form.by_code[code]


def options(b, code):
    return [option.code for option in field(b, code).choices]


def sub(b, table, code):
    return next(one for one in field(b, table).fields if one.code == code)


# Which program asks what: R required, O optional, - not asked. Columns: A B C D E.
MATRIX = """
organization_name R R R R R
organization_type R R R R R
in_system O R O O R
system_name O R O O R
city R R R R R
state R R R R R
zip_code R R R R R
staffed_beds O R O O R
sites O R O O R
accepts_medicaid - R - O O
ccn O O O O O
lead_contact R R R R R
joined_before O O O O O
joined_year O O O O O
team O R R R R
team.title O R R R R
team.roles O R R R R
team.lenses - - O R R
team.lead R R R R R
team.hours - O O O R
team.invite O O O O O
senior_leader O R O O R
alternate_leader - R - - O
agrees_leaders_take_part - R - - -
leadership_supportive R - O - -
leadership_help O - O - -
leadership_shown - R O R R
ceo_letter - R - R R
letter_covers - R - - O
board_letter - - - - R
protected_time - O O R R
data_collected - R O O R
data_quality - R O O R
data_quality.known - R O O R
data_quality.how - R O O R
categories_used - O O O O
looks_at_groups - R O R R
gap_today - R - O R
data_barriers - O O O O
shares_data - R - O R
sogi_plan - - - - R
methods - R O O R
past_results - R - O R
lessons - R O O R
has_plan R - O - -
domains_working R - - - -
knowledge R - O - -
confidence R - - - -
progress_report_done R - - - -
equity_work - R O R R
names_racism - R O R R
names_racism_how - R O R R
history - O O O -
framework_rating - O - - O
why_now O R R R R
work_level - R - O R
clinical_areas - R - O R
strengthens - R - - R
worse_outcome - R - O R
focus_measure - R - - R
focus_now - R - - R
focus_comparison - R - - R
focus_period - R - - R
aim_what - O - O R
aim_for_whom - O - O R
aim_how_much - O - O R
aim_by_when - O - O R
partners O R O O O
lived_experience - R O O R
paying_people - O - - R
attend_all R R R R R
session_times R - - - -
travel - R - - R
feedback_calls - R - - -
team_time R R R R R
agrees_share - R - R R
agrees_share_publicly - R - - -
sharing_ways - - - - R
actions_commit - - R - -
actions_history - - R - -
actions_opportunities - - R - -
actions_initiative - - R - -
team_video - - - - R
access_needs O O O O O
study_consent O - - - -
"""


@pytest.mark.parametrize("line", MATRIX.strip().splitlines(), ids=lambda line: line.split()[0])
def test_each_program_asks_exactly_its_questions(line):
    name, *needs = line.split()
    code, _dot, inner = name.partition(".")

    def need(b):
        one = b.form.by_code.get(code)
        if one is not None and inner:
            one = next((f for f in one.fields if f.code == inner), None)
        return "-" if one is None else "R" if one.required else "O"

    assert [need(load(key)) for key in (A, B, C, D, E)] == needs


@pytest.mark.parametrize(
    ("key", "sections", "minutes"), [(A, 3, 10), (B, 11, 120), (C, 6, 25), (D, 8, 60), (E, 10, 102)]
)
def test_a_form_is_as_long_as_it_says(key, sections, minutes):
    main = [s for s in load(key).form.sections if s.part == "form"]
    assert (len(main), sum(s.minutes for s in main)) == (sections, minutes)


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        (B, "leadership_shown", 200),
        (B, "gap_today", 150),
        (B, "data_barriers", 200),
        (B, "lessons", 250),
        (B, "equity_work", 300),
        (B, "names_racism_how", 200),
        (B, "history", 200),
        (B, "why_now", 250),
        (B, "strengthens", 150),
        (B, "worse_outcome", 100),
        (B, "lived_experience", 200),
        (E, "sogi_plan", 150),
        (A, "leadership_help", 100),
    ],
)
def test_word_limits(key, code, words):
    assert field(load(key), code).max_words == words


@pytest.mark.parametrize("key", keys())
def test_a_whole_application_can_be_submitted(key):
    b = load(key)
    assert rules.problems(b.form, complete_answers(b.form), uploads(b.form)) == []


@pytest.mark.parametrize("people", [2, 8])
@pytest.mark.parametrize("key", [D, E])
def test_another_team_size_needs_a_reason(key, people):  # S3-17 S4-21
    form = load(key).form
    base = complete_answers(form)["team"][0]
    team = [{**base, "email": f"p{n}@x.example", "lead": n == 0} for n in range(people)]
    team = [{code: value for code, value in row.items() if value} for row in team]
    answers = {**complete_answers(form), "team": team}
    assert [p.field for p in rules.problems(form, answers, uploads(form))] == ["team_size_reason"]
    answers["team_size_reason"] = "Two of us cover three jobs."
    assert rules.problems(form, answers, uploads(form)) == []


def test_missing_sogi_data_is_asked_about_and_never_blocks():  # S4-20
    form = load(E).form
    answers = complete_answers(form, data_collected=["race", "ethnicity", "language"])
    assert "sogi_plan" in answers
    full = complete_answers(form)
    assert "sogi_plan" not in full


def test_no_leader_support_asks_what_would_help():  # S0-32
    form = load(A).form
    assert "leadership_help" in complete_answers(form, leadership_supportive="somewhat")
    assert "leadership_help" not in complete_answers(form, leadership_supportive="yes")


@pytest.mark.parametrize("key", keys())
def test_not_sure_may_be_said_where_it_can_be_true(key):
    unsure = {"attend_all", "team_time", "categories_used", "looks_at_groups", "has_plan"}
    b = load(key)
    assert all("not_sure" in options(b, code) for code in unsure & set(b.form.by_code))


@pytest.mark.parametrize("key", keys())
def test_people_are_told_never_to_enter_data_of_one_patient(key):
    for section in load(key).form.sections:
        if section.code in ("data", "readiness"):
            assert "single patient" in section.hint.en
            assert "1 to 10 people" in section.hint.en


@pytest.mark.parametrize("key", keys())
def test_access_needs_are_private_and_optional(key):
    access = load(key).form.section("access")
    assert access.private
    assert not any(one.required for one in access.fields)


def test_the_same_code_means_the_same_question_in_every_program():
    kinds: dict[str, set[str]] = {}
    for key in keys():
        for one in load(key).form.fields():
            kinds.setdefault(one.code, set()).add(one.kind)
    assert {code for code, found in kinds.items() if len(found) > 1} == set()


def test_an_offered_program_exists_and_shares_questions():  # S4-35
    offered = load(load(E).refusal.offer)
    shared = set(load(E).form.by_code) & set(offered.form.by_code)
    assert {"organization_name", "team", "ceo_letter", "equity_work", "why_now"} <= shared


@pytest.mark.parametrize("key", keys())
def test_roster_choices_are_the_codes_of_the_team_rules(key):
    b = load(key)
    roles = sub(b, "team", "roles")
    assert [option.code for option in roles.options] == codes(b.team.roles)
    for name, known in (("lenses", b.team.lenses), ("department", b.team.departments)):
        found = [f for f in field(b, "team").fields if f.code == name]
        assert all(set(codes(known)) <= f.option_codes for f in found)


@pytest.mark.parametrize("key", keys())
def test_stored_content_is_the_blueprint_again(key):
    b = load(key)
    assert Blueprint.model_validate(b.model_dump(mode="json")) == b
    assert Blueprint.model_validate(b.model_dump(mode="json", exclude_defaults=True)) == b


def test_five_programs_ship():
    assert keys() == sorted([A, B, C, D, E])


# --- words -------------------------------------------------------------------------------------


def texts(value) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Data):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)


@pytest.mark.parametrize("key", keys())
def test_spanish_is_spanish_and_formal(key):
    same = {t.en for t in texts(load(key)) if t.en == t.es and len(t.en.split()) > 3}
    assert same == set()
    spanish = " ".join(t.es for t in texts(load(key)))
    assert re.findall(r"\b(tú|tu|tus|vosotros|te)\b", spanish) == []


@pytest.mark.parametrize("key", keys())
def test_words_we_avoid(key):
    said = " ".join(t.en for t in texts(load(key))).lower()
    assert re.findall(r"\b(utilize|leverage|stakeholders?|tenant|please)\b", said) == []


# --- a bad file --------------------------------------------------------------------------------


def broken(tmp_path: Path, key: str, old: str, new: str) -> tuple[BlueprintError, int]:
    """The refusal of a shipped file after one change, and the line of the change."""
    whole = (FOLDER / f"{key}.yaml").read_text()
    assert whole.count(old) >= 1, old
    path = tmp_path / f"{key}.yaml"
    path.write_text(whole.replace(old, new, 1))
    with pytest.raises(BlueprintError) as refusal:
        parse(path)
    return refusal.value, whole[: whole.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("key", "old", "new", "after", "reason"),
    [
        (A, "policy: warn", "policy: shout", 0, "Input should be 'warn' or 'block'"),
        (A, "unit: weeks", "unit: fortnights", 0, "Input should be 'weeks' or 'months'"),
        (
            A,
            "short_name: Progress Report IAN | IAN del Informe de progreso",
            "short_name: Progress Report IAN",
            0,
            "es: Field required",
        ),
        (A, "  encouraged: true", "  required: true", 0, "Input should be False"),
        (A, "min_domains: 1", "min_domains: 5", 0, "more domains are needed than there are"),
        (A, "min_domains: 1", "min_domain: 1", 0, "Extra inputs are not permitted"),
        (A, "        - ccn O", "        - ccn X", 0, "write the code, then R or O"),
        (A, "        - ccn O", "        - cnn O", 0, "“cnn” is not in the library"),
        (
            A,
            "        - ccn O",
            "        - organization_name O",
            0,
            "the code “organization_name” is used twice",
        ),
        (A, "asked_again: [knowledge", "asked_again: [has_plan", 0, "“has_plan” is not a rating"),
        (
            A,
            "      part: form\n",
            "      part: video\n",
            0,
            "“video” is not a part of the application",
        ),
        (
            A,
            "domains: {list: domains}",
            "domains: {list: areas}",
            0,
            "“areas” is not in the library",
        ),
        (
            A,
            "key: progress-report-ian",
            "key: progress-report-ian\nversion: 1",
            2,
            "“version” is given twice",
        ),
        (A, "purpose:", "purpose", 1, "could not find expected ':'"),
        (
            C,
            "op: answered}",
            "op: includes, value: nothing}",
            0,
            "“nothing” is not an option of “actions_commit”",
        ),
        (
            D,
            "commitment: share",
            "commitment: sharing",
            0,
            "“sharing” is not a commitment of this program",
        ),
        (
            D,
            'subject: "Learning Network Application – {organization}"',
            "subject: Learning Network",
            0,
            "the subject needs {organization}",
        ),
        (
            D,
            "repeat: {days: 84, times: 7}",
            "repeat: {days: 84}",
            -5,
            "a repeated session needs day, repeat.days, repeat.times",
        ),
        (
            D,
            "  days: 30",
            "  days_after_close: 30",
            -1,
            "the rule “days” says how many, no other does",
        ),
        (D, "  max: 7", "  max: 2", -1, "the smallest team is larger than the largest"),
        (D, "evidence: [names_racism", "evidence: [names_it", 0, "“names_it” is not a question"),
        (
            E,
            "  offer: learning-network",
            "  offer_passes: true",
            0,
            "Extra inputs are not permitted",
        ),
        (
            B,
            "code: community_partner",
            "code: neighbour",
            -1,
            "“neighbour” is not among the department",
        ),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(tmp_path, key, old, new, after, reason):
    error, line = broken(tmp_path, key, old, new)
    assert reason in error.reason
    assert (error.file, error.line) == (f"{key}.yaml", line + after)
    assert str(error) == f"{key}.yaml, line {error.line}: {error.reason}"


def test_a_fault_of_the_library_is_told_with_the_librarys_line(tmp_path):
    whole = LIBRARY.read_text()
    path = tmp_path / "library.yaml"
    path.write_text(whole.replace("max: 5000", "max: many", 1))
    with pytest.raises(BlueprintError) as refusal:
        parse(FOLDER / f"{A}.yaml", library=path)
    line = whole[: whole.index("max: 5000")].count("\n") + 1
    assert (refusal.value.file, refusal.value.line) == ("library.yaml", line)


def test_an_empty_file_and_an_unknown_key_are_refused(tmp_path):
    path = tmp_path / "nothing.yaml"
    path.write_text("# nothing\n")
    with pytest.raises(BlueprintError, match="line 1: the file is empty"):
        parse(path)
    with pytest.raises(BlueprintError, match="no such blueprint"):
        load("../learning-network")


def test_nobody_is_told_that_we_ask_a_rating_again_ourselves():
    # S0-34: nothing asks it by itself, so the sentence must not say so
    said = consequences("knowledge", load("progress-report-ian"))
    assert said[-1] == (
        "It is marked to be asked again at the end. The program asks it then, by itself."
    )
