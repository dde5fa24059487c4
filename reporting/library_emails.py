"""The mails of the library. They quote no comment and no number."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from collaboratives.models import TeamMember
from collaboratives.states import TeamRole
from messaging import outbox
from messaging.urls import absolute
from reporting.models import LibraryComment, PublicPage
from tenancy.models import Host


def _about_comment(
    comment: LibraryComment, *, to: str, language: str, key: str, named: bool
) -> None:
    """It quotes nothing: whoever may still read the page finds the words there."""
    change = comment.change
    slug = Host.objects.get(pk=change.host_id).slug
    page = absolute(reverse("reporting:item", args=[slug, change.pk]))
    outbox.post(
        host_id=change.host_id,
        to=to,
        template="reporting/comment",
        context={
            "by": comment.author,
            "named": named,
            "link": f"{page}#comment-{comment.pk}",
        },
        dedupe_key=f"library-comment:{comment.pk}:{key}",
        about=change,
        language=language,
    )


def mentioned(comment: LibraryComment, person: User) -> None:
    """To somebody whom a comment names."""
    _about_comment(
        comment, to=person.email, language=person.language, key=f"named:{person.pk}", named=True
    )


def commented(comment: LibraryComment, *, already: list[User]) -> None:
    """To the team whose change it is, but for who wrote it and who was named in it."""
    writers = TeamMember.objects.present().filter(
        team=comment.change.team, role__in=[TeamRole.LEAD, TeamRole.MEMBER]
    )
    told = {comment.author_id, *(person.pk for person in already)}
    for member in writers.for_list():
        if member.user_id not in told:
            language = member.user.language if member.user else "en"
            key = f"team:{member.pk}"
            _about_comment(comment, to=member.email, language=language, key=key, named=False)


def page_asked(page: PublicPage) -> None:
    """To the program's contact: a team wants everybody to read a change."""
    host, change = Host.objects.get(pk=page.host_id), page.change
    to = change.team.cohort.program.contact_email or host.contact_email
    outbox.post(
        host_id=page.host_id,
        to=to,
        template="reporting/page_asked",
        context={"team": change.team, "link": _public(page, host.slug)},
        dedupe_key=f"public-page:{page.pk}:asked",
        about=change,
        language=host.languages[0] if host.languages else "en",
    )


def page_decided(page: PublicPage) -> None:
    """To the leads: the host said yes or no, or took a page back."""
    slug = Host.objects.get(pk=page.host_id).slug
    for member in TeamMember.objects.leads().filter(team=page.change.team).for_list():
        outbox.post(
            host_id=page.host_id,
            to=member.email,
            template="reporting/page_decided",
            context={
                "member": member,
                "page": page,
                "change": page.change,
                "link": _public(page, slug),
            },
            dedupe_key=f"public-page:{page.pk}:{page.state}:{member.pk}",
            about=page.change,
            language=member.user.language if member.user else "en",
        )


def _public(page: PublicPage, slug: str) -> str:
    return absolute(reverse("reporting:public_page", args=[slug, page.change_id]))
