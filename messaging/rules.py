"""What staff may do with a mail, by its state."""

from messaging.models import OutboundMessage
from messaging.states import State, machine


def can_cancel(message: OutboundMessage) -> bool:
    return machine.allows("cancel", message.state)


def can_send_again(message: OutboundMessage) -> bool:
    """A sent mail whose private link is gone can't be sent again: its page makes a new link."""
    if message.is_blanked:
        return False
    return message.state == State.SENT or machine.allows("send_again", message.state)
