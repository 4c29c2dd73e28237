"""One family of errors: a code for machines, a sentence for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the business said no; nothing was changed. Shown as a sentence, HTTP 409.

    `field` names the input it belongs to, where one does: then it is HTTP 422.
    """

    code = "refused"
    message: Any = _("This is not possible now.")
    field: str | None = None

    def __init__(self, message: Any = None, *, field: str | None = None, **params: Any) -> None:
        self.params = params
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text


class WrongState(DomainError):
    code = "state.not_allowed"
    message = _("This step is not possible in the present state. Reload to see what changed.")


class Conflict(DomainError):
    code = "conflict"
    message = _("Somebody else changed this in the meantime. Your entries are kept; look again.")
