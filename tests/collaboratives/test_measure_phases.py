"""What a measure counts, as versions; phases, baselines, months left out, as decisions."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from collaboratives.actions import measure_decisions as decisions
from collaboratives.actions import measures as actions
from collaboratives.actions.measure_decisions import Decision
from collaboratives.actions.measures import Definition, Group, Since
from collaboratives.models import ChartDecision, DefinitionVersion, Measure
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measures import Reader, measure_table
from collaboratives.states import DecisionKind
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with
from workflow.machine import TransitionNotAllowed

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
MARCH = date(2026, 3, 1)
RATES = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 70, 72, 71, 69, 73, 70, 71, 72]


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team(in_host):
    return TeamFactory(host=in_host, name="Riverbend", slug="riverbend")


@pytest.fixture
def lead(team, applicant, sign_in):
    TeamMemberFactory(host=team.host, team=team, user=applicant, role="lead")
    return sign_in(applicant)


@pytest.fixture
def measure(team):
    """Eighteen months from May 2025; the level is another one since March 2026."""
    numbers = {"": [(n, 100) for n in RATES], "black": [(n - 5, 100) for n in RATES]}
    return measure_with(
        team, numbers, slug="pressure", name="Pressure", numerator_words="Controlled",
        denominator_words="Seen", labels={"black": "Black"},
    )  # fmt: skip


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "riverbend", *args])


def whole(measure):
    return measure_table(measure, reader=Reader(frozenset([measure.team_id])))


def defined(measure, **changes):
    facts = {
        "name": measure.name,
        "numerator_words": measure.numerator_words,
        "denominator_words": measure.denominator_words,
        "groups": (Group("black", "Black"),),
    }
    return Definition(**{**facts, **changes})


def phases(measure):
    charts = measure_charts(whole(measure))
    return {
        panel.code: (panel.sentence, panel.svg.count('stroke-dasharray="5 4"'))
        for panel in charts.panels
    }


# --- definitions ---------------------------------------------------------------------------------


def test_other_words_for_what_is_counted_start_a_phase(measure, applicant):
    """PRODUCT 7: changing a definition starts a new phase, and the old words are kept."""
    changed = defined(measure, numerator_words="Controlled at home or in the clinic")
    with pytest.raises(actions.NeedsPhase):
        actions.change_measure(measure=measure, definition=changed, by=applicant)
    actions.change_measure(
        measure=measure, definition=changed, since=Since(MARCH, "Home cuffs count now"),
        now=NOW, by=applicant,
    )  # fmt: skip
    versions = DefinitionVersion.objects.filter(measure=measure).order_by("number")
    assert [(v.number, v.starts_on, v.numerator_words, v.written_by) for v in versions] == [
        (1, None, "Controlled", None),
        (2, MARCH, "Controlled at home or in the clinic", applicant),
    ]
    decision = ChartDecision.objects.get()
    assert (decision.kind, decision.month, decision.reason, decision.version.number) == (
        "phase", MARCH, "Home cuffs count now", 2,
    )  # fmt: skip
    assert {code: lines for code, (_said, lines) in phases(measure).items()} == {"": 2, "black": 2}
    assert [e.verb for e in AuditEvent.objects.about(measure)] == ["changed", "chart_phase"]
    again = defined(measure, numerator_words="Controlled anywhere")
    with pytest.raises(decisions.AlreadyDecided):
        actions.change_measure(
            measure=measure, definition=again, since=Since(MARCH, "Again"), now=NOW, by=applicant
        )


def test_other_words_without_numbers_are_only_other_words(team, applicant):
    empty = measure_with(team, {"": [None], "black": [None]})
    actions.change_measure(
        measure=empty, definition=defined(empty, numerator_words="Seen twice"), by=applicant
    )
    empty.refresh_from_db()
    assert empty.numerator_words == "Seen twice"
    assert not DefinitionVersion.objects.exists() and not ChartDecision.objects.exists()


def test_a_name_or_a_goal_changes_without_a_phase(measure, applicant):
    actions.change_measure(
        measure=measure, definition=defined(measure, name="Control", target=0.7), by=applicant
    )
    assert not ChartDecision.objects.exists()


def test_the_form_asks_since_when_and_why(lead, measure):
    sent = {
        "name": "Pressure", "kind": "outcome", "type": "proportion", "level": "project",
        "direction": "up", "numerator_words": "Counted another way", "denominator_words": "Seen",
        "groups": ["black"], "reference": "", "chart": "run", "rule_profile": "anhoej2014",
    }  # fmt: skip
    refused = lead.post(url("measure_edit", "pressure"), sent)
    assert refused.status_code == 422
    assert "You changed what is counted." in refused.content.decode()
    refused = lead.post(url("measure_edit", "pressure"), {**sent, "since": "2026-03"})
    assert "Say why." in refused.content.decode()
    done = lead.post(
        url("measure_edit", "pressure"), {**sent, "since": "2026-03", "reason": "A new device"}
    )
    assert done.status_code == 302
    page = lead.get(url("measure", "pressure")).content.decode()
    assert "What was counted, and since when" in page
    assert "<b>Since Mar 2026</b>: Counted another way" in page
    assert "New phase from Mar 2026" in page and "A new device" in page
    assert "New phase since Mar 2026." in page  # below the chart and in its description


# --- decisions -----------------------------------------------------------------------------------


def decide(measure, kind, month, by, *, group=None, reason="Known cause"):
    return decisions.decide(
        measure=measure, decision=Decision(kind, month, reason, group), now=NOW, by=by
    )


def test_a_phase_is_a_persons_act_and_can_be_taken_back(measure, applicant):
    before = phases(measure)
    assert before[""][1] == 1
    decision = decide(measure, DecisionKind.PHASE, MARCH, applicant)
    assert phases(measure)[""][1] == 2
    assert "New phase since Mar 2026." in phases(measure)[""][0]
    decisions.undo(decision=decision, now=NOW, by=applicant)
    assert phases(measure) == before
    decision.refresh_from_db()
    assert (decision.undone_by, decision.undone_at) == (applicant, NOW)
    assert [e.verb for e in AuditEvent.objects.about(measure)] == ["undid_phase", "chart_phase"]
    assert [e.reason for e in AuditEvent.objects.about(measure)] == ["", "Known cause"]
    with pytest.raises(TransitionNotAllowed):
        decisions.undo(decision=decision, now=NOW, by=applicant)
    decide(measure, DecisionKind.PHASE, MARCH, applicant)  # once undone it may be decided anew


def test_the_same_decision_stands_once(measure, applicant):
    first = decide(measure, DecisionKind.PHASE, MARCH, applicant)
    with pytest.raises(decisions.AlreadyDecided):
        decide(measure, DecisionKind.PHASE, MARCH, applicant)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database says so too
        ChartDecision.objects.create(
            host_id=measure.host_id, measure=measure, kind=first.kind, month=MARCH,
            reason="Twice", decided_at=NOW, decided_by=applicant,
        )  # fmt: skip


def test_a_frozen_baseline_does_not_move_with_new_points(measure, applicant):
    def median(panel):
        return measure_charts(whole(measure)).panels[0].sentence

    loose = median("")
    decide(measure, DecisionKind.FREEZE, date(2026, 2, 1), applicant)  # the first ten months
    frozen = median("")
    assert loose != frozen
    assert "8 points in a row above 50%, since Mar 2026." in frozen
    rows = measure_charts(whole(measure)).numbers
    assert [row.mark for row in rows if row.mark] == ["Frozen baseline"]


def test_a_month_left_out_is_drawn_and_not_counted(measure, applicant):
    decide(measure, DecisionKind.EXCLUSION, date(2025, 6, 1), applicant, group="black")
    charts = measure_charts(whole(measure))
    everybody, black = charts.panels
    assert "Left out: Jun 2025." in black.sentence
    assert "Left out" not in everybody.sentence
    assert black.svg.count("<g data-index=") == 18
    june = next(row for row in charts.numbers if row.month == "Jun 2025")
    assert june.cells == ["52% (52/100)", "(47% (47/100))"]
    assert june.mark == "Month left out"


def test_who_decides_what_in_the_browser(lead, measure, applicant, coordinator, sign_in):
    page = lead.get(url("measure_decide", "pressure")).content.decode()
    assert "Start a new phase here" in page
    for sent, words in [
        ({"kind": "phase", "month": "2025-05", "reason": "x"}, "The first phase begins"),
        ({"kind": "freeze", "month": "2025-07", "reason": "x"}, "A baseline needs 6 points"),
        ({"kind": "phase", "month": "2026-03", "reason": ""}, "This field is required"),
        ({"kind": "phase", "month": "2031-03", "reason": "x"}, "Select a valid choice"),
    ]:
        refused = lead.post(url("measure_decide", "pressure"), sent)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    sent = {"kind": "phase", "month": "2026-03", "group": "*", "reason": "A second clinic"}
    assert lead.post(url("measure_decide", "pressure"), sent).status_code == 302
    twice = lead.post(url("measure_decide", "pressure"), sent)
    assert "This was decided for this month already." in twice.content.decode()
    page = lead.get(url("measure", "pressure")).content.decode()
    assert "New phase from Mar 2026" in page and "A second clinic" in page
    decision = ChartDecision.objects.get()
    staff = sign_in(coordinator)
    assert "A second clinic" in staff.get(url("measure", "pressure")).content.decode()
    assert staff.get(url("measure_decide", "pressure")).status_code == 403
    assert staff.post(url("measure_undo", "pressure", decision.pk)).status_code == 403
    lead = sign_in(applicant)
    assert lead.post(url("measure_undo", "pressure", decision.pk)).status_code == 302
    page = lead.get(url("measure", "pressure")).content.decode()
    assert "New phase from Mar 2026" not in page
    assert "taken back by" in page


# --- the library, and which groups a program offers ----------------------------------------------


def test_twelve_examples_to_start_from(lead, team):
    empty = lead.get(url("measures")).content.decode()
    assert empty.count("?example=") == 12
    step_one = lead.get(url("measure_add") + "?example=readmission").content.decode()
    assert '<option value="readmission" selected>' in step_one
    form = lead.get(url("measure_add") + "?axis=ethnicity_1997&example=readmission")
    text = form.content.decode()
    assert 'value="Return to hospital within 30 days"' in text and 'value="12"' in text
    sent = {
        "name": "Return to hospital", "kind": "outcome", "type": "proportion", "level": "project",
        "direction": "down", "numerator_words": "Returns", "denominator_words": "Stays",
        "groups": ["hispanic"], "reference": "",
    }  # fmt: skip
    lead.post(url("measure_add") + "?axis=ethnicity_1997&example=readmission", sent)
    assert Measure.objects.get().example == "readmission"


def test_sexual_orientation_and_gender_need_the_programs_switch(lead, team):
    """ANALYTICS 4: SOGI is a switch of the program, off where nobody set it."""
    step_one = lead.get(url("measure_add")).content.decode()
    assert "Disability" in step_one
    assert "Sexual orientation" not in step_one and "Gender identity" not in step_one
    asked = lead.get(url("measure_add") + "?axis=gender_identity").content.decode()
    assert "How will you split it into groups?" in asked
    program = team.cohort.program
    program.sogi_allowed = True
    program.save(update_fields=["sogi_allowed"])
    assert "Sexual orientation" in lead.get(url("measure_add")).content.decode()
    form = lead.get(url("measure_add") + "?axis=gender_identity").content.decode()
    assert "What will you count?" in form and "Nonbinary" in form
