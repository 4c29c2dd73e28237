"""Why a decision is refused, in sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class BadDecisions(DomainError):
    """Some lines cannot be decided like this; `lines` says of each why."""

    code = "claim.decisions_incomplete"
    message = _("Line %(position)s: %(problem)s")
    field = "decisions"

    def __init__(self, lines: dict[int, Any], positions: dict[int, int]) -> None:
        self.lines = lines
        first = min(lines, key=lambda line_id: positions.get(line_id, 0))
        super().__init__(position=positions.get(first, "?"), problem=lines[first])


class AboveLimit(DomainError):
    code = "claim.above_limit"
    message = _("This claim is above what you may decide. Raise it to the next level.")


class NotYourDealer(DomainError):
    code = "claim.own_dealer"
    message = _("A claim is never decided by the dealer who filed it.")


class NoLevelAbove(DomainError):
    code = "claim.no_level_above"
    message = _("There is no review level above this one.")


class NothingToAppeal(DomainError):
    code = "claim.nothing_to_appeal"
    message = _("Only lines that were cut can be appealed, each once, until the day named.")
    field = "lines"


class NeedsWords(DomainError):
    code = "claim.words_missing"
    message = _("Say why in words.")
    field = "words"


def words_of(text: str, *, most: int = 4000) -> str:
    """The words without blanks around; refused when empty or too long."""
    words = text.strip()
    if not words:
        raise NeedsWords
    if len(words) > most:
        raise NeedsWords(_("At most %(most)s characters."), most=most)
    return words
