"""Reading one JSON object field by field, noting every flaw instead of stopping at the first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

MOST_EVENTS = 500
MOST_TEXTS = 100
LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})", re.ASCII)
# What people write instead: 2024年3月5日, 2024/3/5, 2024.03.05.
_DAY_LIKE = re.compile(r"\s*(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*日?\s*", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong at one place: `path` of keys and positions, a code and its figures."""

    path: tuple[Any, ...]
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Fields:
    """One object of the data; flaws of inner objects are gathered by the outermost."""

    def __init__(
        self, data: Mapping[Any, Any], path: tuple[Any, ...], flaws: list[Flaw] | None = None
    ) -> None:
        self.data = data
        self.path = path
        self.flaws: list[Flaw] = [] if flaws is None else flaws
        self.unread: list[str] = []
        self._inner: list[Fields] = []
        self._known: set[str] = set()

    def flaw(self, key: Any, code: str, **params: Any) -> None:
        self.flaws.append(Flaw((*self.path, key), code, params))

    def _given(self, key: str, *, needed: bool = False) -> Any:
        """The value, or None where it is missing or null; noted if it is needed."""
        self._known.add(key)
        value = self.data.get(key)
        if value is None and needed:
            self.flaw(key, "missing")
        return value

    def text(self, key: str, *, needed: bool = False, longest: int = LONGEST_TEXT) -> str:
        value = self._given(key, needed=needed)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.flaw(key, "not_text")
            return ""
        if needed and not value.strip():
            self.flaw(key, "missing")
        elif any(c == "\0" or unicodedata.category(c) == "Cs" for c in value):
            self.flaw(key, "characters")
        elif len(value) > longest:
            self.flaw(key, "too_long", longest=longest)
        return value.strip()

    def choice(
        self, key: str, known: tuple[str, ...], *, needed: bool = True, code: str = "choice"
    ) -> str | None:
        value = self._given(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, str):
            self.flaw(key, "not_text")
            return None
        if value not in known:
            self.flaw(key, code, text=shown(value), known=", ".join(known))
            return None
        return value

    def enum(self, key: str, kind: type[_E], *, needed: bool = False) -> _E | None:
        found = self.choice(key, tuple(each.value for each in kind), needed=needed)
        return None if found is None else kind(found)

    def texts(
        self, key: str, *, choices: tuple[str, ...] = (), needed: bool = False
    ) -> list[str] | None:
        value = self._given(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.flaw(key, "not_list")
            return None
        if len(value) > MOST_TEXTS:
            self.flaw(key, "list_length", most=MOST_TEXTS)
            return None
        for each in value:
            if choices and each not in choices:
                self.flaw(key, "choice", text=shown(each), known=", ".join(choices))
                return None
        return list(value)

    def flag(self, key: str) -> bool:
        value = self._given(key)
        if value is not None and not isinstance(value, bool):
            self.flaw(key, "not_flag")
        return value is True

    def day(self, key: str, *, needed: bool = False) -> date | None:
        value = self._given(key, needed=needed)
        return None if value is None else self._day(key, value)

    def day_or_moment(self, key: str) -> tuple[date | None, datetime | None]:
        """A day, or a local moment YYYY-MM-DDThh:mm."""
        value = self._given(key, needed=True)
        if isinstance(value, str) and (match := _MOMENT.fullmatch(value)):
            day = self._day(key, match[1])
            hour, minute = int(match[2]), int(match[3])
            if day and (hour > 23 or minute > 59):
                self.flaw(key, "no_such_time", text=shown(value))
                return None, None
            # A wall clock in China, which knows no summer time: spans are plain differences.
            if day is None:
                return None, None
            return day, datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001
        return (None if value is None else self._day(key, value)), None

    def _day(self, key: str, value: Any) -> date | None:
        if not isinstance(value, str):
            self.flaw(key, "not_day", text=shown(value))
            return None
        match = _DAY.fullmatch(value)
        if match is None:
            like = _DAY_LIKE.fullmatch(unicodedata.normalize("NFKC", value))
            if like and (meant := _date(*like.groups())):
                self.flaw(key, "day_like", text=shown(value), meant=meant.isoformat())
            else:
                self.flaw(key, "not_day", text=shown(value))
            return None
        found = _date(*match.groups())
        if found is None:
            self.flaw(key, "no_such_day", text=value)
        elif not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.flaw(key, "year", first=FIRST_YEAR, last=LAST_YEAR)
            return None
        return found

    def whole(self, key: str, *, most: int = 1_000_000) -> int | None:
        value = self.number(key, most=Decimal(most), places=0)
        return None if value is None else int(value)

    def number(
        self,
        key: str,
        *,
        most: Decimal,
        above: Decimal | None = None,
        places: int = 6,
    ) -> Decimal | None:
        """A JSON number from 0 (or above `above`) up to `most`, with at most so many places."""
        value = self._given(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self._flaw_of_number(key, value)
            return None
        try:
            found = Decimal(str(value))
        except (InvalidOperation, ValueError):
            self.flaw(key, "not_number", text=shown(value))
            return None
        is_within = found.is_finite() and 0 <= found <= most
        if not is_within or (above is not None and found <= above):
            self.flaw(key, "range", text=shown(value), least=above or 0, most=most)
            return None
        if found != round(found, places):
            self.flaw(key, "places", text=shown(value), places=places)
            return None
        return found

    def _flaw_of_number(self, key: str, value: Any) -> None:
        plain = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
        if _NUMBER.fullmatch(plain):
            self.flaw(key, "number_as_text", text=shown(value), meant=plain)
        else:
            self.flaw(key, "not_number", text=shown(value))

    def object(self, key: str) -> Fields | None:
        value = self._given(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.flaw(key, "not_object")
            return None
        return self._open(value, (*self.path, key))

    def objects(self, key: str, *, most: int) -> Iterator[Fields]:
        value = self._given(key, needed=True)
        if value is None:
            return
        if not isinstance(value, list):
            self.flaw(key, "not_list")
            return
        if len(value) > most:
            self.flaw(key, "list_length", most=most)
            return
        for number, each in enumerate(value):
            if isinstance(each, Mapping):
                yield self._open(each, (*self.path, key, number))
            else:
                self.flaws.append(Flaw((*self.path, key, number), "not_object"))

    def _open(self, value: Mapping[Any, Any], path: tuple[Any, ...]) -> Fields:
        inner = Fields(value, path, self.flaws)
        self._inner.append(inner)
        return inner

    def close(self, *, is_strict: bool | None = None) -> None:
        """Note names that nobody read; the outermost object decides whether they are flaws."""
        self.unread += [str(key) for key in self.data if key not in self._known]
        if is_strict is None:
            return
        for fields in (self, *self._inner):
            where = fields.path[len(self.path) :]
            for key in fields.unread:
                if is_strict:
                    self.flaws.append(Flaw((*fields.path, key), "unknown_field"))
                elif fields is not self:
                    self.unread.append(".".join(map(str, (*where, key))))


def shown(value: Any) -> str:
    """A value as it may stand in a sentence: short, and of one line."""
    text = str(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
