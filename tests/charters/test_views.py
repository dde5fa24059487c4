"""The charter as a team writes it."""

import pytest
from django.urls import reverse

from charters import actions
from charters.models import Charter
from tests.factories.collaboratives import TeamMemberFactory

pytestmark = pytest.mark.django_db


def test_each_part_that_the_program_names_is_written_and_read(in_host, host, sign_in):  # S0-06
    lead = TeamMemberFactory(host=host)
    actions.begin(team=lead.team, by=lead.user)
    client, here = sign_in(lead.user), ["prairie", lead.team.slug]
    parts = lead.team.cohort.program.blueprint.charter.sections
    edit = reverse("charters:edit", args=here)
    page = client.get(edit).content.decode()
    for part in parts:
        assert f'name="part-{part.code}"' in page and str(part.text) in page, part.code
    words = {f"part-{part.code}": f"Our words on {part.code}." for part in parts}
    assert client.post(edit, words).status_code == 302
    page = client.get(reverse("charters:team_charter", args=here)).content.decode()
    for text in words.values():
        assert text in page


def test_a_team_has_one_charter(in_host, host):  # S0-05
    lead = TeamMemberFactory(host=host)
    first = actions.begin(team=lead.team, by=lead.user)
    assert actions.begin(team=lead.team, by=lead.user) == first
    assert Charter.objects.count() == 1
