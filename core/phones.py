"""Telephone numbers as people write them, and as they are kept: +8613800138000."""

from __future__ import annotations

import unicodedata

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat

from core.errors import DomainError

REGION = "CN"
CHINA = 86


class NotAPhone(DomainError):
    code = "phone.not_a_number"
    message = _(
        "This is not a telephone number. Write a mobile number (13800138000), a landline with"
        " its area code (0311-88886666) or a 400 number, without an extension."
    )
    field = "phone"


def half_width(text: str) -> str:
    """Full-width letters and digits as half-width ones, without blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def normalise(text: str) -> str:
    """Any spelling (full-width, blanks, 0086, area code, 400) as +86…; else NotAPhone."""
    try:
        number = phonenumbers.parse(half_width(text), REGION)
    except NumberParseException as error:
        raise NotAPhone from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotAPhone
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def display(number: str) -> str:
    """`138 0013 8000`, `0311-88886666`, `400-810-0123`; foreign ones with their country."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except NumberParseException:
        return number
    if parsed.country_code != CHINA:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    if national.startswith("0"):
        area, _blank, rest = national.partition(" ")
        return f"{area}-{rest.replace(' ', '')}"
    if national.startswith(("400", "800")):
        return national.replace(" ", "-")
    return national


def digits_of(text: str) -> str:
    """The digits to look for when somebody types a number or a part of it; "" if it is none.

    The country code and the trunk 0 of an area code go: kept numbers do not have the latter.
    """
    text = half_width(text)
    if not text or any(not (mark.isdigit() or mark in "+-() .") for mark in text):
        return ""
    digits = "".join(mark for mark in text if mark.isdigit())
    for prefix in ("0086", "86") if text.startswith("+") or text.startswith("00") else ():
        if digits.startswith(prefix):
            return digits.removeprefix(prefix).lstrip("0")
    return digits.lstrip("0")
