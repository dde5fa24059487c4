"""The mails of a charter."""

from datetime import timedelta

from django.urls import reverse

from charters.models import Charter, Signature, Version
from collaboratives.models import TeamMember
from messaging import outbox
from messaging.urls import absolute
from tenancy import links

LINK_DAYS = 60


def please_sign(signature: Signature) -> None:
    version, member = signature.version, signature.member
    expires_at = version.proposed_at + timedelta(days=LINK_DAYS)
    token = links.issue(kind="sign", subject=signature, expires_at=expires_at, email=member.email)
    outbox.post(
        host_id=signature.host_id,
        to=member.email,
        template="charters/please_sign",
        context={
            "member": member,
            "version": version,
            "team": version.charter.team,
            "link": absolute(reverse("charters_links:sign", args=[token])),
        },
        dedupe_key=f"charter:{version.pk}:sign:{signature.pk}",
        about=version.charter,
        language=member.user.language if member.user else "en",
        secrets=[token],
    )


def _tell_team(charter: Charter, template: str, key: str, **context: object) -> None:
    members = TeamMember.objects.present().filter(team=charter.team, role__in=["lead", "member"])
    path = reverse("charters:team_charter", args=[charter.team.cohort.host.slug, charter.team.slug])
    for member in members.select_related("user").order_by("pk"):
        outbox.post(
            host_id=charter.host_id,
            to=member.email,
            template=f"charters/{template}",
            context={
                "member": member,
                "charter": charter,
                "team": charter.team,
                "link": absolute(path),
                **context,
            },
            dedupe_key=f"charter:{charter.pk}:{key}:{member.pk}",
            about=charter,
            language=member.user.language if member.user else "en",
        )


def signed(version: Version) -> None:
    _tell_team(version.charter, "signed", f"signed:{version.number}", version=version)


def declined(signature: Signature) -> None:
    """The people who asked are told who said no, and why."""
    version = signature.version
    _tell_team(
        version.charter,
        "declined",
        f"declined:{version.number}:{signature.pk}",
        version=version,
        signature=signature,
    )
