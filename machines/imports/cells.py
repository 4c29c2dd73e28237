"""What stands in one cell, as people write it, into what is kept; pure apart from look-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.phones import half_width, normalise

_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$")
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_BETWEEN = re.compile(r"[、,，;；/\n]+")
_EARLIEST = 1950


class WrongCell(DomainError):
    """What is wrong with one cell, in a sentence."""

    code = "import.wrong_cell"


def as_text(value: Any) -> str:
    """A cell of a sheet as people see it: 13800138000, not 13800138000.0."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return half_width(str(value))


def read_day(text: str) -> date:
    """2024年3月5日, 2024/3/5, 2024-03-05, 2024.3.5 or 20240305, full-width digits too."""
    written = half_width(text)
    found = _DAY.match(written) or _COMPACT_DAY.match(written)
    if found is None:
        raise WrongCell(_("“%(text)s” is no day; write it like 2024-03-05."), text=text)
    year, month, day = map(int, found.groups())
    try:
        value = date(year, month, day)
    except ValueError as error:
        raise WrongCell(_("The day “%(text)s” does not exist."), text=text) from error
    if year < _EARLIEST:
        raise WrongCell(_("The day “%(text)s” lies too far back."), text=text)
    return value


def read_phone(text: str) -> str:
    return normalise(text)


def read_phones(text: str) -> list[str]:
    """Several telephones, parted by 、 or commas; each once, the first one primary."""
    return list(dict.fromkeys(normalise(part) for part in parts_of(text)))


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def short(most: int) -> Any:
    """A reader of texts of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise WrongCell(
                _("The text has %(length)s characters; at most %(most)s fit."),
                length=len(text),
                most=most,
            )
        return text

    return read


def one_of(choices: Iterable[tuple[str, Any]]) -> Any:
    """A reader of a choice, by its code or by its word in either language."""
    known = [(str(code), label) for code, label in choices]

    def read(text: str) -> str:
        wanted = text.casefold()
        for code, label in known:
            words = {code.casefold(), str(label).casefold(), *_in_all_languages(label)}
            if wanted in words:
                return code
        allowed = ", ".join(str(label) for _code, label in known)
        raise WrongCell(_("“%(text)s” is not one of: %(allowed)s."), text=text, allowed=allowed)

    return read


def _in_all_languages(label: Any) -> set[str]:
    words = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.add(str(label).casefold())
    return words
