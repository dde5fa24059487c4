"""Reads of mail for pages, of this room and of others."""

from django.db import models

from messaging.models import OutboundMessage


def about(thing: models.Model) -> models.QuerySet[OutboundMessage]:
    """The mails about one row, newest first, for `messaging/_mails.html`."""
    return OutboundMessage.objects.about(thing).defer("body")
