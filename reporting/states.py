"""Where reports, tested changes and leaders' replies can stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class ReportKind(TextChoices):
    FULL = "full", _("Report")
    REFLECTION = "reflection", _("Reflection")
    PROGRESS = "progress", _("Progress and data")


class Every(TextChoices):
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")


class ReportStatus(TextChoices):
    """Whose turn: open and reopened wait for the team; submitted waits for nobody."""

    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")


report_machine = Machine(
    moves={
        "submit": (frozenset({ReportStatus.OPEN, ReportStatus.REOPENED}), ReportStatus.SUBMITTED),
        "reopen": (frozenset({ReportStatus.SUBMITTED}), ReportStatus.REOPENED),
    }
)


class Act(TextChoices):
    """What a team does with a change after studying it."""

    TESTING = "", _("Still testing")
    ADOPT = "adopt", _("Adopted")
    ADAPT = "adapt", _("Adapted")
    ABANDON = "abandon", _("Abandoned")


class Level(TextChoices):
    """How far a project reaches."""

    PROJECT = "project", _("One project")
    POPULATION = "population", _("The whole population")


class Stage(TextChoices):
    """Where a project stands, up to scale and sustain."""

    PLANNED = "planned", _("Planned")
    TESTING = "testing", _("Testing")
    ADOPTED = "adopted", _("In daily work")
    SCALED = "scaled", _("Going to scale")
    SUSTAINED = "sustained", _("Sustained")
    STOPPED = "stopped", _("Stopped")


class Heard(TextChoices):
    """How people's experience came to the team."""

    STORY = "story", _("A story")
    INTERVIEW = "interview", _("An interview")
    LISTENING = "listening", _("A listening session")
    SURVEY = "survey", _("Words from a survey")
    COMMUNITY = "community", _("A community meeting")


class ReplyState(TextChoices):
    """draft waits for the leader; one handed over waits for the other leader; one that reached
    the wrong person waits for the team, which mends the address."""

    DRAFT = "draft", _("Waiting")
    SENT = "sent", _("Replied")
    HANDED_OVER = "handed_over", _("Handed over")
    DISOWNED = "disowned", _("Reached somebody else")
    CLOSED = "closed", _("Closed")


reply_machine = Machine(
    moves={
        "send": (frozenset({ReplyState.DRAFT}), ReplyState.SENT),
        "change": (frozenset({ReplyState.SENT}), ReplyState.SENT),
        "hand_over": (frozenset({ReplyState.DRAFT}), ReplyState.HANDED_OVER),
        "disown": (frozenset({ReplyState.DRAFT, ReplyState.HANDED_OVER}), ReplyState.DISOWNED),
        "ask_again": (
            frozenset({ReplyState.HANDED_OVER, ReplyState.DISOWNED, ReplyState.CLOSED}),
            ReplyState.DRAFT,
        ),
        "close": (frozenset({ReplyState.DRAFT, ReplyState.HANDED_OVER}), ReplyState.CLOSED),
    }
)


class Answer(TextChoices):
    """A leader's quick answer to what the team asks."""

    YES = "yes", _("Yes, I will do this")
    CONDITIONS = "conditions", _("Yes, with conditions")
    NOT_NOW = "not_now", _("Not now")
    TALK = "talk", _("Let’s talk first")


PROMISES = frozenset({Answer.YES, Answer.CONDITIONS})


class FeedbackState(TextChoices):
    """draft waits for the coach; shared waits for nobody: the next period opens all the same."""

    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shared with the team")


class Verdict(TextChoices):
    """What a coach says of a report as a whole."""

    ACCEPTED = "accepted", _("Accepted")
    CHANGES = "changes", _("Changes asked for")


feedback_machine = Machine(
    moves={
        "share": (frozenset({FeedbackState.DRAFT}), FeedbackState.SHARED),
        "share_again": (frozenset({FeedbackState.SHARED}), FeedbackState.SHARED),
        "answer": (frozenset({FeedbackState.SHARED}), FeedbackState.SHARED),
    }
)


class Side(TextChoices):
    """Whose score of a team's progress it is."""

    TEAM = "team", _("Team")
    COACH = "coach", _("Coach")


class Reach(TextChoices):
    """Where a team says it is with a milestone."""

    NOT_YET = "not_yet", _("Not yet")
    BEGUN = "begun", _("On the way")
    REACHED = "reached", _("Reached")


class PageState(TextChoices):
    """asked has the lead's yes and waits for the host's; open has both."""

    ASKED = "asked", _("Waiting for the host")
    OPEN = "open", _("Public")
    REFUSED = "refused", _("Not public")
    CLOSED = "closed", _("Taken back")


page_machine = Machine(
    moves={
        "allow": (frozenset({PageState.ASKED}), PageState.OPEN),
        "refuse": (frozenset({PageState.ASKED}), PageState.REFUSED),
        "close": (frozenset({PageState.ASKED, PageState.OPEN}), PageState.CLOSED),
    }
)


class ToldAs(TextChoices):
    """How a team told others of its work."""

    BLOG = "blog", _("Blog post")
    PRESENTATION = "presentation", _("Presentation")
    CASE_STUDY = "case_study", _("Case study")
    SUMMARY = "summary_report", _("Summary report")
    MEDIA = "media", _("In the media")


class Permitted(TextChoices):
    """Whether those whom it is about agreed."""

    GIVEN = "given", _("Given")
    ASKED = "asked", _("Asked, no answer yet")
    NOT_NEEDED = "not_needed", _("Not needed: it is about nobody else")
