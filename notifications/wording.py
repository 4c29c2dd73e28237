"""What each event says, as data; worded in the reader's language when it is shown or sent.

A pattern is filled with the event's params, `%(number)s`. The name of a param carries its kind,
so that it is worded for the reader too:

    visit_at        an instant: "Mon 23 Nov, 14:05" in the reader's zone
    due_on          a day
    late_minutes    a span: "1 h 20 min"
    holder          a department in the reader's language, a name as it is
    a lazy text     kept in every language: {"en": "Repair", "zh-hans": "维修"}

Anyone adds the events of his part in `notifications/wordings/`. A param that is missing reads
"—": a message with a gap is better than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language

from core import words
from notifications.wordings import WORDINGS, Wording


@dataclass(frozen=True, slots=True)
class Worded:
    title: str
    body: str


class UnknownEvent(KeyError):
    """An event was sent that nobody has worded."""


def wording_of(event: str) -> Wording:
    try:
        return WORDINGS[event]
    except KeyError as error:
        raise UnknownEvent(event) from error


def word(event: str, params: Mapping[str, Any]) -> Worded:
    """Title and body in the active language and zone."""
    wording = wording_of(event)
    filled = _Filled({name: _for_reader(name, value) for name, value in params.items()})
    return Worded(str(wording.title) % filled, str(wording.body) % filled)


def worded(event: str, params: Mapping[str, Any]) -> Worded:
    """As `word`, for lists: a line of an older release, whose event is gone, shows its name."""
    try:
        return word(event, params)
    except UnknownEvent:
        return Worded(event, "")


def label_of(event: str) -> Any:
    """What kind of event it is, in words; nothing for one that is gone."""
    return WORDINGS[event].label if event in WORDINGS else ""


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return words.NOTHING


def _for_reader(name: str, value: Any) -> str:
    if value is None or value == "":
        return words.NOTHING
    if isinstance(value, Mapping):
        return str(value.get(get_language() or "") or next(iter(value.values()), words.NOTHING))
    if name == "holder":
        return words.named(str(value))
    if name.endswith("_at"):
        return words.full_moment(_instant(value))
    if name.endswith("_on"):
        return words.day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name.endswith("_minutes"):
        return words.duration(timedelta(minutes=float(value)))
    return str(value)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def storable(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params as they are kept: a lazily translated text in every language we speak."""
    return {
        name: _in_all_languages(value) if isinstance(value, Promise) else value
        for name, value in params.items()
    }


def _in_all_languages(text: Promise) -> dict[str, str]:
    kept = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            kept[code] = str(text)
    return kept
