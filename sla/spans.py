"""Spans of time as people enter them: 45, 2 h, 1h30m, 2小时, ３０分, 1 d; and back in words."""

from __future__ import annotations

import re
import unicodedata

from core import words

UNITS = {
    "m": 1,
    "min": 1,
    "mins": 1,
    "minute": 1,
    "minutes": 1,
    "分": 1,
    "分钟": 1,
    "h": 60,
    "hour": 60,
    "hours": 60,
    "时": 60,
    "小时": 60,
    "d": 1440,
    "day": 1440,
    "days": 1440,
    "天": 1440,
    "日": 1440,
}
_PIECE = re.compile(r"(\d{1,7}(?:\.\d{1,2})?)([^\d\s.]*)")


def minutes_of(text: str) -> int | None:
    """Whole minutes of what was entered; none when it is no span. A day is 24 hours."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace(" ", "")
    if not re.fullmatch(rf"(?:{_PIECE.pattern})+", plain):
        return None
    total = 0.0
    pieces = _PIECE.findall(plain)
    for number, unit in pieces:
        if unit not in UNITS and not (unit == "" and len(pieces) == 1):
            return None
        total += float(number) * UNITS.get(unit, 1)
    return round(total) if total == round(total) else None


def said(minutes: int) -> str:
    """The span in words that can be read again; days only where it is whole ones of 24 hours."""
    if minutes and minutes % 1440 == 0:
        return str(words.DAYS).format(d=minutes // 1440)
    hours, left = divmod(minutes, 60)
    if not hours:
        return str(words.MINUTES).format(m=left)
    return str(words.HOURS_MINUTES if left else words.HOURS).format(h=hours, m=left)
