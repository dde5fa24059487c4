"""The five shipped programs say what their requirements say, one row per requirement."""

from datetime import date

import pytest

from collaboratives.blueprints import load
from questionnaires.schema import Kind
from tests.questionnaires.samples import uploads

A = "progress-report-ian"
B = "learning-and-action-network"
C = "take-action-learning-network"
D = "learning-network"
E = "action-community"


def codes(items):
    return [item.code for item in items]


def english(items):
    return [item.text.en for item in items]


def field(b, code):
    return b.form.by_code[code]


def options(b, code):
    return [option.code for option in field(b, code).choices]


PARAMETERS = [
    # Progress Report IAN
    ("S0-01", A, lambda b: b.name.en, "Progress Report Improvement Action Network"),
    ("S0-01", A, lambda b: b.short_name.en, "Progress Report IAN"),
    ("S0-01", A, lambda b: "Your Progress Report shows" in b.purpose.en, True),
    ("S0-04", A, lambda b: (b.facts.length.count, b.facts.length.unit), (8, "weeks")),
    (
        "S0-05",
        A,
        lambda b: (b.charter.offered, b.charter.label.en),
        (True, "Racial Equity Charter"),
    ),
    (
        "S0-06",
        A,
        lambda b: {"aim", "action_plan", "sustainability"} <= set(codes(b.charter.sections)),
        True,
    ),
    ("S0-07", A, lambda b: (b.prework.code, b.prework.policy), ("progress_report", "warn")),
    ("S0-07", A, lambda b: b.prework.before_session, 1),
    ("S0-08", A, lambda b: codes(b.network), ["peers"]),
    ("S0-09", A, lambda b: codes(b.charter.tools)[:2], ["process_map", "five_whys"]),
    ("S0-10", A, lambda b: "action_plan" in codes(b.charter.sections), True),
    ("S0-11", A, lambda b: (b.charter.min_domains, len(b.charter.domains)), (1, 4)),
    (
        "S0-12",
        A,
        lambda b: english(b.domains),
        ["Our People", "Our Patients", "Our Organization", "Our Community"],
    ),
    ("S0-13", A, lambda b: b.resources[0].title.en, "Health Disparities Resource Hub"),
    ("S0-14", A, lambda b: (b.example.ends_on - b.example.starts_on).days, 56),
    (
        "S0-14",
        A,
        lambda b: (b.example.starts_on, b.example.ends_on),
        (date(2022, 9, 15), date(2022, 11, 10)),
    ),
    ("S0-15", A, lambda b: [s.number for s in b.sessions], [1, 2, 3, 4]),
    (
        "S0-16",
        A,
        lambda b: (b.sessions[0].on, b.sessions[0].at, b.sessions[0].minutes),
        (date(2022, 9, 15), "12:00", 60),
    ),
    (
        "S0-17",
        A,
        lambda b: (b.sessions[1].on, b.sessions[1].at, b.sessions[1].minutes),
        (date(2022, 10, 6), "12:00", 90),
    ),
    (
        "S0-18",
        A,
        lambda b: (b.sessions[2].on, b.sessions[2].at, b.sessions[2].minutes),
        (date(2022, 10, 27), "12:00", 90),
    ),
    (
        "S0-19",
        A,
        lambda b: (b.sessions[3].on, b.sessions[3].at, b.sessions[3].minutes),
        (date(2022, 11, 10), "12:00", 90),
    ),
    ("S0-19", A, lambda b: [s.day for s in b.sessions], [0, 21, 42, 56]),
    (
        "S0-20",
        A,
        lambda b: (b.example.time_zone, b.example.zone_stated, b.example.year_stated),
        ("America/Chicago", False, False),
    ),
    ("S0-20", A, lambda b: {s.on.strftime("%A") for s in b.sessions}, {"Thursday"}),
    (
        "S0-21",
        A,
        lambda b: (b.completion[0].source, codes(b.completion)),
        ("opportunities", ["opportunities", "tools", "charter"]),
    ),
    ("S0-22", A, lambda b: b.completion[1].source, "tools"),
    ("S0-23", A, lambda b: b.completion[2].source, "charter"),
    (
        "S0-24",
        A,
        lambda b: (b.consent.title.en, b.consent.version),
        ("Study Participant Information Sheet", 1),
    ),
    (
        "S0-25",
        A,
        lambda b: (b.consent.asked, [f.code for f in b.form.fields()][-1]),
        ("last", "study_consent"),
    ),
    (
        "S0-26",
        A,
        lambda b: (b.consent.required, b.consent.encouraged, field(b, "study_consent").required),
        (False, True, False),
    ),
    ("S0-27", A, lambda b: b.contact.email, None),
    ("S0-28", A, lambda b: options(b, "has_plan"), ["yes", "in_development", "no", "not_sure"]),
    (
        "S0-29",
        A,
        lambda b: options(b, "domains_working"),
        ["people", "patients", "organization", "community", "other", "none"],
    ),
    (
        "S0-30",
        A,
        lambda b: (
            "you, or your team" in field(b, "knowledge").label.en,
            len(field(b, "knowledge").scale.points),
        ),
        (True, 5),
    ),
    (
        "S0-31",
        A,
        lambda b: all(
            words in field(b, "confidence").label.en
            for words in ("by the end", "backed by your leaders", "within 1 year")
        ),
        True,
    ),
    (
        "S0-32",
        A,
        lambda b: options(b, "leadership_supportive"),
        ["yes", "somewhat", "no", "not_sure"],
    ),
    ("S0-32", A, lambda b: field(b, "leadership_help").max_words, 100),
    ("S0-33", A, lambda b: field(b, "study_consent").kind, Kind.CONSENT),
    ("S0-34", A, lambda b: b.asked_again, ("knowledge", "confidence")),
    (
        "S0-35",
        A,
        lambda b: [t.en for t in b.charter.also_called],
        ["Equity Charter", "Action plan (charter)"],
    ),
    ("S0-37", A, lambda b: (b.letters, b.video, uploads(b.form)), ((), None, set())),
    # Learning and Action Network
    (
        "S1-01",
        B,
        lambda b: [f.code for f in field(b, "past_results").fields],
        ["what", "measure", "before", "after", "months", "ended"],
    ),
    (
        "S1-01",
        B,
        lambda b: (field(b, "results_file").kind, field(b, "results_file").slot),
        (Kind.UPLOAD, "evidence"),
    ),
    ("S1-02", B, lambda b: options(b, "work_level"), ["strategic", "clinical"]),
    (
        "S1-03",
        B,
        lambda b: (field(b, "partners").required, field(b, "partners").rows.min),
        (True, 1),
    ),
    (
        "S1-04",
        B,
        lambda b: (field(b, "three_levels").kind, field(b, "three_levels").required),
        (Kind.LONG_TEXT, True),
    ),
    (
        "S1-05",
        B,
        lambda b: (b.data.expected, b.data.strict),
        (("race", "ethnicity", "language"), True),
    ),
    ("S1-05", B, lambda b: [f.code for f in field(b, "data_quality").fields], ["known", "how"]),
    ("S1-06", B, lambda b: b.team.expected_roles[0], "senior_leader"),
    ("S1-07", B, lambda b: b.team.expected_roles[1], "project_manager"),
    ("S1-08", B, lambda b: b.team.expected_roles[2], "qi_lead"),
    ("S1-09", B, lambda b: b.team.expected_roles[3], "data_analyst"),
    ("S1-10", B, lambda b: b.team.expected_roles[4], "community_representative"),
    ("S1-11", B, lambda b: b.team.expected_roles[5], "frontline_provider"),
    (
        "S1-12",
        B,
        lambda b: (
            {"equity", "community_health", "population_health"} <= set(codes(b.team.departments))
        ),
        True,
    ),
    ("S1-13", B, lambda b: b.team.optional_roles, ("human_resources", "information_technology")),
    ("S1-14", B, lambda b: codes(b.team.groups), ["core", "steering"]),
    (
        "S1-15",
        B,
        lambda b: (codes(b.letters[0].signatories), len(b.letters[0].points)),
        (["ceo"], 5),
    ),
    (
        "S1-16",
        B,
        lambda b: (b.team.leadership.leader, b.team.leadership.alternate),
        ("required", "required"),
    ),
    ("S1-16", B, lambda b: field(b, "alternate_leader").different_from, "senior_leader"),
    (
        "S1-17",
        B,
        lambda b: (b.team.leadership.joins_calls, b.reporting.leadership_call),
        ("quarter", "quarter"),
    ),
    (
        "S1-17",
        B,
        lambda b: {s.audience for s in b.sessions if s.kind == "leadership_call"},
        {"leaders"},
    ),
    (
        "S1-18",
        B,
        lambda b: (b.reporting.leader_reply, b.team.leadership.replies_to_reports),
        (True, True),
    ),
    (
        "S1-19",
        B,
        lambda b: (b.team.multidisciplinary, b.team.covers_framework, len(b.framework)),
        (True, True, 5),
    ),
    (
        "S1-20",
        B,
        lambda b: next((m.field, m.code, m.at_least) for m in b.team.minimums),
        ("department", "community_partner", 1),
    ),
    (
        "S1-21",
        B,
        lambda b: [(m.field, m.code, m.at_least) for m in b.team.minimums][1],
        ("department", "quality", 1),
    ),
    (
        "S1-22",
        B,
        lambda b: (b.facts.length.count, b.facts.length.unit, b.attendance),
        (18, "months", "all"),
    ),
    (
        "S1-23",
        B,
        lambda b: (
            {(r.kind, r.modality) for r in b.rhythms}
            >= {("learning_session", "virtual"), ("workshop", "in_person")}
        ),
        True,
    ),
    ("S1-24", B, lambda b: "pays for our trips" in field(b, "agrees_pays_travel").text.en, True),
    (
        "S1-25",
        B,
        lambda b: (
            b.clinical_areas,
            field(b, "clinical_areas").min,
            field(b, "worse_outcome").required,
        ),
        ((1, 3), 1, True),
    ),
    ("S1-26", B, lambda b: field(b, "strengthens").required, True),
    (
        "S1-27",
        B,
        lambda b: (b.reporting.kind, b.reporting.every, b.reporting.periods),
        ("full", "quarter", 6),
    ),
    ("S1-28", B, lambda b: codes(b.reporting.sections)[0], "changes_tested"),
    ("S1-29", B, lambda b: codes(b.reporting.sections)[1], "learning"),
    ("S1-30", B, lambda b: codes(b.reporting.sections)[2], "process_data"),
    (
        "S1-31",
        B,
        lambda b: (codes(b.reporting.sections)[3], b.reporting.stratified),
        ("outcome_data", True),
    ),
    ("S1-32", B, lambda b: b.reporting.shared_with, ("network", "senior_leader")),
    (
        "S1-33",
        B,
        lambda b: (b.reporting.feedback_calls, field(b, "feedback_calls").required),
        (3, True),
    ),
    (
        "S1-34",
        B,
        lambda b: (b.sharing.expected, "agrees_share_publicly" in b.form.by_code),
        ("public", True),
    ),
    (
        "S1-35",
        B,
        lambda b: (field(b, "agrees_remedy").required, field(b, "agrees_remedy").text),
        (True, load(B).commitments[0].text),
    ),
    (
        "S1-36",
        B,
        lambda b: next(c for c in b.criteria if c.code == "first_work").evidence,
        ("equity_work", "why_now"),
    ),
    ("S1-37", B, lambda b: "data_systems" in codes(b.criteria), True),
    ("S1-38", B, lambda b: "shares" in codes(b.criteria), True),
    ("S1-39", B, lambda b: "strategy_and_care" in codes(b.criteria), True),
    ("S1-40", B, lambda b: "names_racism" in codes(b.criteria), True),
    (
        "S1-41",
        B,
        lambda b: next(c for c in b.criteria if c.code == "departments").check,
        "departments",
    ),
    ("S1-41", B, lambda b: b.team.min_departments, 2),
    ("S1-42", B, lambda b: (b.team.min, b.team.max, b.example.starts_on), (None, None, None)),
    # Take Action Learning Network
    (
        "S2-01",
        C,
        lambda b: (b.actions_per_category, "agrees_one_each" in b.form.by_code),
        (1, True),
    ),
    (
        "S2-02",
        C,
        lambda b: [(c.number, c.code) for c in b.actions],
        [(1, "commit"), (2, "history"), (3, "opportunities"), (4, "initiative")],
    ),
    ("S2-03", C, lambda b: (b.facts.capacity, b.refusal.waitlist), (50, True)),
    (
        "S2-04",
        C,
        lambda b: (b.facts.geography.en, field(b, "state").required),
        ("Teams from across the nation", True),
    ),
    ("S2-05", C, lambda b: (b.facts.length.count, b.facts.length.unit), (12, "months")),
    ("S2-06", C, lambda b: codes(b.aims), ["skills", "understanding", "bring_back"]),
    ("S2-07", C, lambda b: b.facts.cost, 0),
    (
        "S2-08",
        C,
        lambda b: (b.rhythms[0].kind, b.rhythms[0].led_by.en),
        ("training", "The Groundwater Institute"),
    ),
    ("S2-08", C, lambda b: b.sessions[0].kind, "training"),
    (
        "S2-09",
        C,
        lambda b: (b.rhythms[1].kind, b.rhythms[1].every, b.rhythms[1].led_by.en),
        ("coaching_call", "month", "Experts in the field"),
    ),
    ("S2-09", C, lambda b: len([s for s in b.sessions if s.kind == "coaching_call"]), 12),
    (
        "S2-10",
        C,
        lambda b: (
            {"health_center", "health_department", "hospital"} <= set(b.eligible_types)
            and "other" not in b.eligible_types
        ),
        True,
    ),
    ("S2-11", C, lambda b: b.intake.mode, "until_full"),
    ("S2-12", C, lambda b: (b.intake.closes_on, b.intake.closes_at), (date(2024, 1, 31), None)),
    ("S2-12", C, lambda b: "through January 2024" in b.intake.said.en, True),
    ("S2-13", C, lambda b: codes(b.actions[1].actions)[0], "teach_history"),
    (
        "S2-13",
        C,
        lambda b: [
            word in b.actions[1].actions[0].text.en
            for word in ("nation", "place", "organization", "board")
        ],
        [True] * 4,
    ),
    ("S2-13", C, lambda b: "ableism" in b.actions[1].actions[0].hint.en, True),
    ("S2-14", C, lambda b: codes(b.actions[1].actions)[1], "train_staff"),
    ("S2-15", C, lambda b: "disability" in codes(b.data.axes), True),
    ("S2-15", C, lambda b: codes(b.actions[2].actions)[0], "stratify_clinical"),
    (
        "S2-16",
        C,
        lambda b: (b.reporting.qualitative, codes(b.actions[2].actions)[1]),
        (True, "hear_people"),
    ),
    (
        "S2-17",
        C,
        lambda b: codes(b.reporting.measure_classes),
        ["clinical", "quality", "safety", "experience", "patient_reported"],
    ),
    ("S2-18", C, lambda b: codes(b.actions[2].actions)[3], "equity_prompt"),
    ("S2-19", C, lambda b: codes(b.actions[3].actions)[0], "embed_equity"),
    ("S2-20", C, lambda b: codes(b.actions[3].actions)[1], "act_on_harm"),
    (
        "S2-21",
        C,
        lambda b: (b.letters, b.video, b.decision.rule, b.example.time_zone),
        ((), None, "none", None),
    ),
    # Learning Network
    (
        "S3-01",
        D,
        lambda b: (b.facts.size.en.startswith("A large network"), b.facts.geography.en),
        (True, "Teams from across the nation"),
    ),
    ("S3-02", D, lambda b: codes(b.aims), ["history", "data", "inequities", "relationship"]),
    ("S3-03", D, lambda b: {s.kind for s in b.sessions}, {"learning_session", "discussion_call"}),
    ("S3-04", D, lambda b: len(b.activities), 5),
    (
        "S3-05",
        D,
        lambda b: (b.subgroups, {s.audience for s in b.sessions if s.kind == "discussion_call"}),
        (True, {"subgroup"}),
    ),
    ("S3-06", D, lambda b: b.intake.request_for_application, True),
    (
        "S3-07",
        D,
        lambda b: (b.clinical_areas[0], "areas of care they choose" in b.outcomes[1].text.en),
        (1, True),
    ),
    (
        "S3-08",
        D,
        lambda b: (b.facts.length.count, b.facts.length.unit, "too short" in b.honesty.en),
        (18, "months", True),
    ),
    ("S3-09", D, lambda b: len(b.milestones), 6),
    ("S3-10", D, lambda b: b.milestones[0].code, "history"),
    ("S3-11", D, lambda b: b.milestones[1].code, "structures"),
    ("S3-12", D, lambda b: (b.milestones[2].code, b.milestones[2].needs), ("data", "data")),
    (
        "S3-13",
        D,
        lambda b: (b.milestones[3].code, b.milestones[3].needs),
        ("clinical_area", "clinical_area"),
    ),
    ("S3-14", D, lambda b: (b.milestones[4].code, b.milestones[4].needs), ("aims", "aim")),
    ("S3-15", D, lambda b: (b.milestones[5].code, b.milestones[5].needs), ("projects", "projects")),
    ("S3-16", D, lambda b: "depends on where you start" in b.honesty.en, True),
    ("S3-17", D, lambda b: (b.team.min, b.team.max, b.team.one_organization), (3, 7, True)),
    ("S3-18", D, lambda b: field(b, "agrees_ready").required, True),
    (
        "S3-19",
        D,
        lambda b: (codes(b.team.lenses), b.team.missing_lens),
        (["data", "quality_improvement", "equity", "patient_care"], "warn"),
    ),
    ("S3-20", D, lambda b: (b.attendance, field(b, "agrees_attend").required), ("priority", True)),
    ("S3-21", D, lambda b: field(b, "agrees_act_on_racism").required, True),
    (
        "S3-22",
        D,
        lambda b: (b.reporting.kind, b.reporting.every, codes(b.reporting.sections)),
        ("reflection", "quarter", ["progress", "challenges", "learning"]),
    ),
    ("S3-22", D, lambda b: b.reporting.shared_with, ("network",)),
    ("S3-23", D, lambda b: codes(b.letters[0].signatories), ["ceo"]),
    ("S3-24", D, lambda b: b.team.leadership.engaged_throughout, True),
    ("S3-25", D, lambda b: b.intake.closes_on, date(2022, 11, 1)),
    (
        "S3-26",
        D,
        lambda b: ("email" in b.letters[0].ways, b.contact.example),
        (True, "PursuingEquity@ihi.org"),
    ),
    (
        "S3-27",
        D,
        lambda b: b.letters[0].subject.format(organization="Your Organization"),
        "Learning Network Application – Your Organization",
    ),
    ("S3-28", D, lambda b: (b.intake.mode, b.intake.closes_at), ("rolling", None)),
    (
        "S3-29",
        D,
        lambda b: (b.decision.rule, b.decision.days, b.decision.counted_from),
        ("days", 30, "submission"),
    ),
    ("S3-30", D, lambda b: b.intake.by_email, True),
    (
        "S3-31",
        D,
        lambda b: (b.letters[0].label.en, b.letters[0].also_called[0].en, b.decision.days_are),
        ("Letter of support", "Letter of commitment", "calendar"),
    ),
    # Action Community
    ("S4-01", E, lambda b: b.facts.size.en, "A small, close group of teams"),
    ("S4-02", E, lambda b: len(b.culture_track), 5),
    (
        "S4-03",
        E,
        lambda b: codes(b.milestones),
        ["outcomes", "stratified", "framing", "culture", "partnerships", "systems"],
    ),
    ("S4-04", E, lambda b: [r.added_later for r in b.rhythms if r.kind == "networking"], [True]),
    (
        "S4-05",
        E,
        lambda b: codes(b.network),
        ["trust", "tracking", "achievements", "adapting", "problems", "collective"],
    ),
    ("S4-06", E, lambda b: b.intake.request_for_application, True),
    ("S4-07", E, lambda b: (b.facts.length.count, b.facts.length.unit), (18, "months")),
    ("S4-08", E, lambda b: (b.outcomes[0].share, b.outcomes[0].level), ("most", "project")),
    ("S4-09", E, lambda b: (b.outcomes[1].share, b.outcomes[1].level), ("some", "population")),
    ("S4-10", E, lambda b: [o.shown_by for o in b.outcomes[2:4]], ["scale", "sustain"]),
    (
        "S4-11",
        E,
        lambda b: (b.outcomes[4].share, b.scale_plan, b.completion[0].source),
        ("all", True, "scale_plan"),
    ),
    ("S4-12", E, lambda b: (b.outcomes[5].share, b.completion[1].source), ("all", "gap")),
    ("S4-13", E, lambda b: b.criteria[0].code, "systems_issue"),
    ("S4-14", E, lambda b: field(b, "agrees_share").required, True),
    ("S4-15", E, lambda b: (b.attendance, field(b, "agrees_attend").required), ("all", True)),
    (
        "S4-15",
        E,
        lambda b: {s.modality for s in b.sessions if s.kind == "learning_session"},
        {"in_person"},
    ),
    ("S4-16", E, lambda b: codes(b.letters[0].signatories), ["ceo", "board_chair"]),
    ("S4-17", E, lambda b: b.team.leadership.engaged_throughout, True),
    (
        "S4-18",
        E,
        lambda b: codes(b.dissemination),
        ["blog", "presentation", "case_study", "summary_report", "media"],
    ),
    ("S4-18", E, lambda b: field(b, "agrees_dissemination").required, True),
    (
        "S4-19",
        E,
        lambda b: (field(b, "past_results").required, field(b, "past_results").rows.min),
        (True, 1),
    ),
    (
        "S4-20",
        E,
        lambda b: b.data.expected,
        ("race", "ethnicity", "language", "sexual_orientation", "gender_identity"),
    ),
    ("S4-21", E, lambda b: (b.team.min, b.team.max, b.team.multidisciplinary), (3, 7, True)),
    ("S4-22", E, lambda b: codes(b.team.lenses), ["quality_improvement", "equity", "patient_care"]),
    ("S4-23", E, lambda b: field(b, "agrees_ready").required, True),
    ("S4-24", E, lambda b: b.team.support_for_lived_experience, True),
    (
        "S4-25",
        E,
        lambda b: (b.team.compensation_plan, field(b, "paying_people").required),
        (True, True),
    ),
    ("S4-26", E, lambda b: codes(b.parts), ["form", "video", "letters"]),
    ("S4-27", E, lambda b: b.parts[0].title.en, "Online application"),
    (
        "S4-28",
        E,
        lambda b: (b.video.ways, b.video.captions_asked, field(b, "team_video").required),
        (("upload", "link"), True, True),
    ),
    (
        "S4-29",
        E,
        lambda b: (
            b.letters[0].separately,
            field(b, "ceo_letter").signatories,
            field(b, "board_letter").signatories,
        ),
        (True, ("ceo",), ("board_chair",)),
    ),
    (
        "S4-30",
        E,
        lambda b: b.letters[0].subject.format(organization="Your Organization"),
        "Action Community Application – Your Organization",
    ),
    ("S4-31", E, lambda b: (b.intake.closes_on, b.intake.closes_at), (date(2022, 10, 21), "17:00")),
    (
        "S4-32",
        E,
        lambda b: {p.code for p in b.parts} == {s.part for s in b.form.sections if s.part},
        True,
    ),
    (
        "S4-33",
        E,
        lambda b: (b.decision.rule, b.decision.by, b.decision.days_after_close),
        ("by_date", date(2022, 12, 5), 45),
    ),
    ("S4-33", E, lambda b: (b.decision.by - b.intake.closes_on).days, 45),
    ("S4-34", E, lambda b: b.decision.accept_within_days, 14),
    (
        "S4-35",
        E,
        lambda b: (b.refusal.decline, b.refusal.feedback_required, b.refusal.offer),
        (False, True, D),
    ),
    ("S4-36", E, lambda b: b.refusal.offer_passes_closed_window, True),
    ("S4-37", E, lambda b: b.intake.by_email, True),
    (
        "S4-38",
        E,
        lambda b: (b.contact.email, codes(b.letters[0].signatories)),
        (None, ["ceo", "board_chair"]),
    ),
]


@pytest.mark.parametrize(
    ("requirement", "key", "read", "expected"),
    PARAMETERS,
    ids=[f"{row[0]}-{index}" for index, row in enumerate(PARAMETERS)],
)
def test_a_program_says_what_its_requirement_says(requirement, key, read, expected):
    assert read(load(key)) == expected
