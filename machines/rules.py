"""Pure rules of customers and machines: how serial numbers and plates are written."""

from __future__ import annotations

import re
import unicodedata

_DASHES = re.compile(r"[‐-―−－—–]")
_BLANKS = re.compile(r"\s+")


def clean_serial(text: str) -> str:
    """A serial number as it is kept: half-width, upper case, no blanks, plain hyphens."""
    return _BLANKS.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", text))).upper()


def clean_plate(text: str) -> str:
    """A number plate as it is kept: 冀A12345, without blanks and the middle dot."""
    return clean_serial(text).replace("·", "").replace("•", "").replace(".", "")


def clean_name(text: str) -> str:
    """A name without blanks at its ends, blanks inside it as one, letters half-width."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()
