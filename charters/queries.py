"""What the pages and the PDF of a charter show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charters.models import Charter, Commitment, Signature, Version
from collaboratives.models import Cohort, Team, TeamMember
from collaboratives.queries import measure_charts, measures
from collaboratives.states import Leadership


def of_team(team: Team) -> Charter | None:
    return Charter.objects.for_list().filter(team=team).first()


def signatories(team: Team) -> list[TeamMember]:
    """Who signs, in order: today the senior leader."""
    leaders = team.members.filter(left_at=None, leadership=Leadership.SENIOR_LEADER)
    return list(leaders.select_related("user").order_by("pk"))


@dataclass(frozen=True)
class Part:
    """One part of the program's template with what the team wrote in it."""

    code: str
    label: str
    hint: str
    text: str


def parts(charter: Charter, language: str) -> list[Part]:
    return [
        Part(
            code=section.code,
            label=section.text.to(language),
            hint=section.hint.to(language) if section.hint else "",
            text=charter.sections.get(section.code, ""),
        )
        for section in charter.team.cohort.program.blueprint.charter.sections
    ]


def domain_labels(charter: Charter, language: str) -> dict[str, str]:
    """Domain code to its words, in the program's order."""
    domains = charter.team.cohort.program.blueprint.charter.domains
    return {domain.code: domain.text.to(language) for domain in domains}


def document(charter: Charter, commitments: Sequence[Commitment], language: str) -> dict[str, Any]:
    """Everything a version freezes. Words only: no ids that could change their meaning."""
    labels = domain_labels(charter, language)
    team = charter.team
    return {
        "title": team.cohort.program.blueprint.charter.label.to(language),
        "language": language,
        "organization": team.organization.name,
        "team": team.name,
        "cohort": team.cohort.name,
        "parts": [
            {"label": part.label, "text": part.text}
            for part in parts(charter, language)
            if part.text.strip()
        ],
        "commitments": [
            {
                "domain": labels.get(commitment.domain, commitment.domain),
                "text": commitment.text,
                "opportunity": commitment.opportunity,
                "owner": commitment.owner_name,
                "due_on": commitment.due_on.isoformat(),
                "measure": commitment.measure.name
                if commitment.measure
                else commitment.measure_words,
                "measure_slug": commitment.measure.slug if commitment.measure else "",
            }
            for commitment in commitments
        ],
    }


def waiting_version(charter: Charter) -> Version | None:
    return charter.versions.filter(signed_at=None, closed_at=None).first()


def signatures(version: Version) -> list[Signature]:
    return list(version.signatures.for_list())


def parsed(version: Version) -> dict[str, Any]:
    return json.loads(version.document)


@dataclass(frozen=True)
class BoardRow:
    team: Team
    charter: Charter | None


def board(cohort: Cohort) -> list[BoardRow]:
    """Every team of the cohort with its charter, if it has begun one. Two queries."""
    teams = list(Team.objects.filter(cohort=cohort).for_list())
    charters = {c.team_id: c for c in Charter.objects.filter(team__in=teams)}
    return [BoardRow(team, charters.get(team.pk)) for team in teams]


@dataclass(frozen=True)
class Picture:
    """One chart of the PDF: safe SVG, and the same in words."""

    label: str
    svg: str
    sentence: str


def charts(version: Version, document: dict[str, Any]) -> list[Picture]:
    """The run chart of everybody for each measure that a commitment names.

    A charter is shown around, so its numbers are masked whoever asks for it.
    """
    slugs = {c["measure_slug"] for c in document["commitments"] if c["measure_slug"]}
    if not slugs:
        return []
    tables = measures.measure_tables(version.charter.team, reader=measures.Reader(), slugs=slugs)
    found = []
    for number, table in enumerate(tables, start=1):
        panels = measure_charts.measure_charts(table, prefix=f"c{number}").panels
        if panels:
            found.append(Picture(table.name, panels[0].svg, str(panels[0].sentence)))
    return found
