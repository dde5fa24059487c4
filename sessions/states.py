"""Kinds of sessions, how one can stand, and what people answer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class Kind(TextChoices):
    LEARNING = "learning_session", _("Learning session")
    COACHING = "coaching_call", _("Coaching call")
    LEADERSHIP = "leadership_call", _("Leadership call")
    DISCUSSION = "discussion_call", _("Discussion call")
    TRAINING = "training", _("Training")
    WORKSHOP = "workshop", _("In-person workshop")
    FEEDBACK = "feedback_call", _("Feedback call")
    NETWORKING = "networking", _("Networking")


class Modality(TextChoices):
    VIRTUAL = "virtual", _("Online")
    IN_PERSON = "in_person", _("In person")


class Audience(TextChoices):
    EVERYBODY = "everybody", _("Everybody on the teams")
    LEADERS = "leaders", _("Senior leaders and alternates")
    SUBGROUP = "subgroup", _("Small groups")
    TEAM = "team", _("One team at a time")


class Status(TextChoices):
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")


class Answer(TextChoices):
    NONE = "", _("No answer yet")
    YES = "yes", _("Coming")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Not coming")


class Presence(TextChoices):
    UNKNOWN = "", _("Not noted")
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")
    WATCHED = "watched", _("Watched the recording")
    MADE_UP = "made_up", _("Made up")


machine = Machine(
    {
        "publish": (frozenset({Status.PLANNED}), Status.PUBLISHED),
        "move": (frozenset({Status.PLANNED}), Status.PLANNED),
        "move_published": (frozenset({Status.PUBLISHED}), Status.PUBLISHED),
        "cancel": (frozenset({Status.PLANNED, Status.PUBLISHED}), Status.CANCELLED),
    }
)

WHOSE_TURN = {Status.PLANNED: "staff", Status.PUBLISHED: "invited", Status.CANCELLED: "nobody"}
