"""What each program's own rules find in an application, by the codes of its blueprint."""

import pytest

from applications import actions
from applications.queries.answers import team_hints
from applications.queries.letters import letters_with_terms
from applications.queries.screening import screening
from questionnaires.queries import form_of
from tests.factories.applications import OpenCohortFactory, VersionFactory, complete_answers
from tests.factories.collaboratives import ProgramFactory, blueprint_content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_host")]


@pytest.fixture
def begin(host, applicant, now):
    """A draft of the program, all of it answered, and what is given in its place."""

    def begun(program, **given):
        content = blueprint_content(program)
        cohort = OpenCohortFactory(
            host=host,
            program=ProgramFactory(host=host, content=content, blueprint_key=program),
            slug=program,
            code=program[:4].upper(),
            application_form=VersionFactory(host=host, schema=content["form"]),
        )
        draft = actions.start(cohort=cohort, organization_name="Oak", by=applicant, now=now)
        form = form_of(draft.response.version)
        draft.response.answers = complete_answers(form) | given
        draft.response.save()
        return draft

    return begun


def found(draft, code):
    letters = letters_with_terms(draft)
    criteria = screening(draft, draft.cohort.program.blueprint, letters)
    return next((one.found, one.fact) for one in criteria if one.code == code)


def test_a_letter_has_to_cover_all_its_points(begin, pdf, applicant, coordinator, now):
    # S1-15
    draft = begin("learning-and-action-network")
    for letter in draft.letters.filter(required=True):
        actions.upload_letter(letter=letter, upload=pdf(), by=applicant, now=now)
    actions.submit(application=draft, signed_name="Dana", by=applicant, now=now)
    letter = draft.letters.get(field="ceo_letter")
    two = ["priority", "structures"]
    actions.accept_letter(letter=letter, points=two, by=coordinator, now=now)
    met, fact = found(draft, "letter")
    assert not met
    assert fact.endswith(
        "Not covered: Act on the social needs that health care can reach; "
        "Reduce racism inside the institution; Work with community partners."
    )
    points = [*two, "social_needs", "institutional_racism", "partnerships"]
    draft.letters.update(points=points)
    assert found(draft, "letter") == (True, "Letter from your CEO: Accepted")


def test_data_that_nobody_collects_are_named(begin):
    # S1-05, S4-20
    real = begin("learning-and-action-network", data_collected=["race", "language"])
    assert found(real, "real_data") == (False, "Not collected: Ethnicity.")
    sogi = begin("action-community", data_collected=["race", "ethnicity", "language"])
    assert found(sogi, "data") == (
        False,
        "Not collected: Sexual orientation, Gender identity.",
    )


def test_a_team_comes_from_two_departments_of_a_kind_that_is_invited(begin):
    # S1-41, S2-10
    rows = [
        {"_id": str(n), "name": f"P{n}", "email": f"p{n}@o.example", "department": one}
        for n, one in enumerate(["quality", "quality"])
    ]
    draft = begin("learning-and-action-network", team=rows)
    assert found(draft, "departments") == (False, "Quality")
    rows[1]["department"] = "equity"
    draft.response.answers["team"] = rows
    assert found(draft, "departments") == (True, "Equity, Quality")
    pledge = begin("take-action-learning-network", organization_type="hospital")
    assert found(pledge, "type") == (True, "Hospital")
    pledge.response.answers["organization_type"] = "other"
    assert found(pledge, "type")[0] is False


def test_a_team_of_one_department_is_told_so_and_does_not_meet_the_criterion(begin):
    # S4-21
    rows = [
        {"_id": str(n), "name": f"P{n}", "email": f"p{n}@o.example", "department": "quality"}
        for n in range(3)
    ]
    draft = begin("action-community", team=rows)
    met, fact = found(draft, "team")
    narrow = "Everybody is from one department. Add people from another."
    assert not met and narrow in fact
    rules = draft.cohort.program.blueprint.team
    assert team_hints(rules, draft.response.answers) == ["3 people. You need 3 to 7.", narrow]
    rows[0]["department"] = "equity"
    draft.response.answers["team"] = rows
    assert found(draft, "team")[0]


def test_recommended_roles_are_named_while_the_team_is_named(begin):
    # S1-06 to S1-11
    rules = begin("learning-and-action-network").cohort.program.blueprint.team
    roles = ["project_manager", "qi_lead", "data_analyst", "community_representative"]
    answers = {"senior_leader": {"name": "L"}, "team": [{"roles": [*roles, "equity"]}]}
    assert team_hints(rules, answers)[-1] == (
        "Recommended, not named yet: Frontline provider, Community or population health staff."
    )
