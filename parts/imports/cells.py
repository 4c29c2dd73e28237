"""What stands in the cells of lists of parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import parse_amount
from machines.imports.base import Column
from machines.imports.cells import WrongCell, one_of, parts_of
from parts.errors import PriceBelowZero
from parts.rules import fold, is_plain

# A model and how many of the part it has: 4LZ-6.0×2, 4LZ-6.0*2.
_MODEL = re.compile(r"^(?P<code>.+?)\s*(?:[×*]\s*(?P<count>\d{1,6}(?:\.\d{1,2})?))?$")
_WHOLE = re.compile(r"\d{1,6}")


def read_code(most: int) -> Callable[[str], str]:
    """A reader of a number or code as it is kept."""

    def read(text: str) -> str:
        code = fold(text)
        if not is_plain(code) or len(code) > most:
            raise WrongCell(
                _("“%(text)s” is no number of at most %(most)s marks."), text=text[:60], most=most
            )
        return code

    return read


def read_price(text: str) -> int:
    cents = parse_amount(text)
    if cents < 0:
        raise PriceBelowZero
    return cents


def read_minutes(text: str) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < 1:
        raise WrongCell(_("“%(text)s” is no whole number of minutes."), text=text)
    return int(text)


def read_flag(text: str) -> bool:
    return bool(one_of([("1", _("yes")), ("", _("no")), ("0", _("no"))])(text) == "1")


def read_models(text: str) -> dict[str, Decimal]:
    """Several models, parted by 、 or commas, each with its number per machine or once."""
    found: dict[str, Decimal] = {}
    for part in parts_of(text):
        match = _MODEL.match(part)
        count = Decimal(match["count"] or 1) if match else Decimal(0)
        if match is None or count <= 0:
            raise WrongCell(_("“%(text)s” is no model with a number."), text=part)
        found[match["code"]] = count
    return found


def flag(key: str, label: Any, titles: str) -> Column:
    return Column(key, label, tuple(titles.split("|")), read_flag, str(_("no")))
