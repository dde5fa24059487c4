"""A real mail server on this machine that keeps what it takes and answers as it is told."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

OK = "250 OK"


class Sink:
    """rcpt, data: what the server says, one answer for each call, then OK."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.before_answer: Any = lambda: None
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.rcpt.pop(0) if self.rcpt else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.data.pop(0) if self.data else OK
        if answer == OK:
            self.taken.append(message_from_bytes(envelope.content, policy=default))
            self.before_answer()
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink()
    sink.port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
