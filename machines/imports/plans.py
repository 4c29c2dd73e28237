"""From the rows of a file to what each of them would do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from machines.imports.base import CHANGED, NEW, UNCHANGED, WRONG, Column, Kind, Plan
from machines.imports.files import read_rows

Progress = Callable[[int, int], None]


class WrongHead(DomainError):
    code = "import.wrong_head"
    message = gettext_lazy(
        "The first row must hold the titles of the columns; missing: %(missing)s."
        " Take the template as a start."
    )
    field = "file"


class Empty(DomainError):
    code = "import.empty"
    message = gettext_lazy("There is no row below the titles.")
    field = "file"


def plans_of(kind: Kind, file: IO[bytes], progress: Progress) -> tuple[list[Plan], list[str]]:
    """What each row would do, and the titles of columns that nothing is read from."""
    rows = list(read_rows(file))
    if not rows:
        raise Empty
    columns, ignored = _head(kind, rows[0][1])
    body = rows[1:]
    if not body:
        raise Empty
    kind.load()
    seen: dict[Any, int] = {}
    plans = []
    for done, (number, texts) in enumerate(body, start=1):
        plan = Plan(number)
        _read(kind, plan, columns, texts)
        if not plan.errors:
            _compare(kind, plan, seen)
        if plan.errors:
            plan.action = WRONG
        plans.append(plan)
        if done % 100 == 0:
            progress(done, len(body))
    return plans, ignored


def normal_title(text: str) -> str:
    """A title without stars, blanks and case: `* 姓名 ` is 姓名."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if not mark.isspace() and mark not in "*:")


def _head(kind: Kind, titles: list[str]) -> tuple[dict[int, Column], list[str]]:
    known = {
        normal_title(title): column
        for column in kind.columns
        for title in (*column.titles, str(column.label))
    }
    columns: dict[int, Column] = {}
    ignored = []
    for place, title in enumerate(titles):
        column = known.get(normal_title(title))
        if column is not None and column not in columns.values():
            columns[place] = column
        elif title:
            ignored.append(title)
    missing = [c for c in kind.columns if c.required and c not in columns.values()]
    if missing:
        raise WrongHead(missing=", ".join(str(column.label) for column in missing))
    return columns, ignored


def _read(kind: Kind, plan: Plan, columns: dict[int, Column], texts: list[str]) -> None:
    for place, column in columns.items():
        text = texts[place] if place < len(texts) else ""
        label = str(column.label)
        if not text:
            if column.required:
                plan.errors.append((label, _("This cell is empty.")))
            continue
        try:
            read: Any = kind.region if column.key == "region_code" else column.read
            plan.values[column.key] = read(text)
        except DomainError as error:
            plan.errors.append((label, str(error)))


def _compare(kind: Kind, plan: Plan, seen: dict[Any, int]) -> None:
    key = kind.key_of(plan.values)
    if key in seen:
        first = str(kind.columns[0].label)
        sentence = _("Row %(row)s is about the same one.") % {"row": seen[key]}
        plan.errors.append((first, sentence))
        return
    seen[key] = plan.row
    kind.check(plan)
    if plan.errors:
        return
    plan.target = kind.find(plan.values)
    if plan.target is None:
        plan.action = NEW
        plan.errors += [
            (kind.label_of(name), _("This cell is empty."))
            for name in kind.needed_when_new
            if name not in plan.values
        ]
        return
    plan.changes = kind.differences(plan.target, plan.values)
    plan.action = CHANGED if plan.changes else UNCHANGED


def counted(plans: list[Plan]) -> dict[str, int]:
    """How many rows do what."""
    return {
        action: sum(plan.action == action for plan in plans)
        for action in (NEW, CHANGED, UNCHANGED, WRONG)
    }


def errors_of(plans: list[Plan], at_most: int) -> Iterator[dict[str, Any]]:
    """The first errors as rows of the preview: row number, column, sentence."""
    told = 0
    for plan in plans:
        for column, sentence in plan.errors:
            if told == at_most:
                return
            told += 1
            yield {"row": plan.row, "column": column, "sentence": sentence}
