"""What every kind of list has: columns, and a plan for each row.

A row is known again by its key (dealer number; customer number, or name and telephone; serial
number), so that importing a list twice changes nothing. Empty cells leave stored values alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from dealers.regions import resolve
from machines.imports.cells import WrongCell, short

NEW, CHANGED, UNCHANGED, WRONG = "new", "changed", "unchanged", "wrong"
Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its key, its titles (the first is shown), and how its cells are read."""

    key: str
    label: Any
    titles: tuple[str, ...]
    read: Callable[[str], Any]
    example: str
    required: bool = False


@dataclass
class Plan:
    """What one row of the file would do."""

    row: int
    action: str = UNCHANGED
    values: Values = field(default_factory=dict)
    target: Any = None
    changes: Values = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)


class Kind(ABC):
    """A kind of list; one object reads one file."""

    name: ClassVar[str]
    label: ClassVar[Any]
    columns: ClassVar[tuple[Column, ...]]
    needed_when_new: ClassVar[tuple[str, ...]] = ()
    # What else somebody must be allowed, beside importing.
    permissions: ClassVar[tuple[str, ...]] = ()

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._regions: dict[str, str | DomainError] = {}

    @abstractmethod
    def load(self) -> None:
        """Fetch what rows are compared with, once for the whole file."""

    @abstractmethod
    def find(self, values: Values) -> Any:
        """The stored thing that a row is about, or None."""

    @abstractmethod
    def key_of(self, values: Values) -> Any:
        """What may stand only once in a file."""

    @abstractmethod
    def differences(self, target: Any, values: Values) -> Values:
        """What a row would change of the stored thing."""

    def check(self, plan: Plan) -> None:  # noqa: B027  (most kinds have no such rule)
        """Rules across columns; errors go to the plan."""

    @abstractmethod
    def apply(self, plan: Plan) -> None:
        """Carry out a plan that is new or changed."""

    def region(self, text: str) -> str:
        """The code of a region; each name is looked up once per file."""
        if text not in self._regions:
            try:
                self._regions[text] = resolve(text)
            except DomainError as error:
                self._regions[text] = error
        found = self._regions[text]
        if isinstance(found, DomainError):
            raise found
        return found

    def label_of(self, key: str) -> str:
        return next((str(column.label) for column in self.columns if column.key == key), key)


def text_column(key: str, label: Any, titles: str, most: int, example: str, **more: Any) -> Column:
    return Column(key, label, tuple(titles.split("|")), short(most), example, **more)


REGION = Column("region_code", _("Region"), ("地区", "区域", "region"), str, "河北省石家庄市长安区")
ADDRESS = text_column("address", _("Address"), "地址|address", 200, "长安路 1 号")


def differing(target: Any, values: Values, fields: frozenset[str]) -> Values:
    return {
        key: value
        for key, value in values.items()
        if key in fields and getattr(target, key) != value
    }


def several_regions(plan: Plan, kind: Kind, key: str, names: list[str]) -> None:
    """Replace the names of several regions by their codes."""
    codes = []
    for name in names:
        try:
            codes.append(kind.region(name))
        except DomainError as error:
            plan.errors.append((kind.label_of(key), f"{name}: {error}"))
    if key in plan.values:
        plan.values[key] = codes


def wrong(plan: Plan, kind: Kind, key: str, sentence: Any, **params: Any) -> None:
    plan.errors.append((kind.label_of(key), str(WrongCell(sentence, **params))))
