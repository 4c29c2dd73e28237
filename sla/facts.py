"""What a policy may ask of a subject, and what subjects say: both ends stand in `config.wiring`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from sla.subjects import wired

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One question that a condition may ask: its name, its label, what may be answered."""

    name: str
    label: Any
    source: Any

    @property
    def choices(self) -> Choices:
        """The answers, as they are now: lines and regions are rows of the company."""
        given = getattr(self.source, "choices", None)
        return list(given) if given is not None else list(self.source())


@cache
def facts() -> dict[str, Fact]:
    """The facts that a policy may ask for; choices are an enumeration or a function's answer."""
    table: dict[str, tuple[Any, Any]] = import_string(settings.SLA_FACTS)
    return {
        name: Fact(name, label, import_string(source) if isinstance(source, str) else source)
        for name, (label, source) in table.items()
    }


def in_words(conditions: Mapping[str, list[str]]) -> list[str]:
    """What a policy catches, a sentence per fact; nothing: everything."""
    said = []
    for name, wanted in conditions.items():
        if not wanted:
            continue
        fact = facts().get(name)
        labels = {str(value): str(label) for value, label in fact.choices} if fact else {}
        values = ", ".join(labels.get(value, value) for value in wanted)
        said.append(f"{fact.label if fact else name}: {values}")
    return said


def check_conditions(conditions: Mapping[str, list[str]]) -> list[str]:
    """What is wrong with conditions, a sentence each: facts or answers that nobody knows."""
    wrong = []
    for name, wanted in conditions.items():
        fact = facts().get(name)
        if fact is None:
            wrong.append(_("Nobody can say “%(fact)s” of a case.") % {"fact": name})
            continue
        known = {str(value) for value, _label in fact.choices}
        wrong += [
            _("“%(value)s” is no answer to “%(fact)s”.") % {"value": value, "fact": fact.label}
            for value in wanted
            if value not in known
        ]
    return wrong


@dataclass(frozen=True, slots=True)
class Case:
    """A subject of the last days, and what it says when a policy asks."""

    subject: str
    number: str
    facts: Mapping[str, str]


def recent_cases(since: datetime) -> list[Case]:
    """The subjects since an instant, the newest first, of every kind that can be asked."""
    return [
        Case(subject, number, said)
        for subject, ends in wired().items()
        if "recent" in ends
        for number, said in import_string(ends["recent"])(since)
    ]


def facts_of(subject: str, ids: Iterable[int]) -> dict[int, Mapping[str, str]]:
    """What subjects say now, by id; none of a kind that cannot be asked."""
    path = wired().get(subject, {}).get("facts")
    if not path:
        return {}
    said: dict[int, Mapping[str, str]] = import_string(path)(list(ids))
    return said
