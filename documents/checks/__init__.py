"""What may come in. Each kind of file is judged by its own structure, not by its name."""


class Refused(Exception):
    """A file we do not take. `message` is for the person; `code` is for forms and tests."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code
