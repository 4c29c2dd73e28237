"""The one error of the calendar: what it cannot answer, and why."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; whoever shows it translates it."""
    return message


class CalendarError(ValueError):
    """A calendar or a question that has no answer: a code for machines, a sentence for people."""

    def __init__(self, code: str, message: str, params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.message = message
        self.params = dict(params or {})
        super().__init__(code, message, self.params)

    def __str__(self) -> str:
        return self.message % self.params
