"""Money: whole cents, read from what people type, cut and shared half up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

CENT = Decimal("0.01")
# A hundred billion yuan: what lies above is a slip of the keyboard, and sums stay far from 2^63.
MOST_CENTS = 10**13
AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?")
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "，": ",", "。": "."})


class BadAmount(DomainError):
    code = "amount.unreadable"
    message = _("This is no amount of money. Write it like 1,234.50.")
    field = "amount"


class TooFine(BadAmount):
    code = "amount.too_fine"
    message = _("An amount has at most two decimals: round it to the cent.")


class TooLarge(BadAmount):
    code = "amount.too_large"
    message = _("This amount is too large. Look at the thousands and the decimal point.")


class NoShares(DomainError):
    code = "amount.no_shares"
    message = _("Shares must not be negative, and at least one must be above zero.")


def cents(amount: Decimal | int) -> int:
    """The whole cents of an amount in yuan, half up: 0.005 is one cent, -0.005 minus one."""
    whole = int((Decimal(amount).quantize(CENT, ROUND_HALF_UP)).scaleb(2))
    if abs(whole) > MOST_CENTS:
        raise TooLarge
    return whole


def yuan(amount: int) -> Decimal:
    """Whole cents as an amount with two places; zero is never negative."""
    return Decimal(amount).scaleb(-2).quantize(CENT)


def parse_amount(text: str) -> int:
    """The cents of what somebody typed: "1,234.50", "￥１２３４．５", " -3 ", "12 元"."""
    plain = unicodedata.normalize("NFKC", text).translate(MINUS_SIGNS)
    plain = re.sub(r"\s", "", plain).replace("¥", "").removesuffix("元")
    found = AMOUNT.fullmatch(plain)
    if found is None or not (found[2] or found[3]):
        raise BadAmount
    sign, whole, rest = found[1], (found[2] or "0").replace(",", ""), found[3] or ""
    if len(rest) > 2:
        raise TooFine
    if len(whole) > len(str(MOST_CENTS)):
        raise TooLarge
    value = int(whole) * 100 + int(rest.ljust(2, "0"))
    if value > MOST_CENTS:
        raise TooLarge
    return -value if sign == "-" else value


def split(amount: int, shares: Sequence[int]) -> list[int]:
    """Cut an amount by weights into whole cents that add up to it.

    Each part is its exact share rounded down or up; the odd cents go to the largest remainders,
    among equal ones to the earlier.
    """
    total = sum(shares)
    if total <= 0 or min(shares) < 0:
        raise NoShares
    sign = -1 if amount < 0 else 1
    parts = [divmod(abs(amount) * share, total) for share in shares]
    odd = abs(amount) - sum(part for part, _left in parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    lucky = set(by_remainder[:odd])
    return [sign * (part + (place in lucky)) for place, (part, _left) in enumerate(parts)]


def share(amount: int, percent: Decimal) -> int:
    """That percentage of an amount in cents, half up to the cent; 110 is a tenth more."""
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def times(amount: int, quantity: Decimal) -> int:
    """A price in cents times a quantity, half up to the cent."""
    return int((Decimal(amount) * quantity).quantize(Decimal(1), ROUND_HALF_UP))
