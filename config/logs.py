"""Logs without secrets."""

import logging
import re

TOKEN = re.compile(r"(/[rf]/(?:[a-z]+/)?)[A-Za-z0-9_-]{16,}")


class MaskLinks(logging.Filter):
    """Blanks the token of an emailed link wherever a log line holds its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = TOKEN.sub(r"\1…", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
