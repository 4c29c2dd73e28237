"""The worked examples as data: those of the domain paper, and ours for what they leave out."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from warranty.remedies.days import official
from warranty.remedies.reading import Told, read_case, read_file

DATA = Path(__file__).parents[1] / "data"
# A copy of the domain paper's file, unchanged; and more cases in its schema.
GIVEN = DATA / "remedy-examples.json"
OURS = DATA / "remedy-examples-more.json"
CALENDAR = official(2025, 2026)


def loaded(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return data


def told(path: Path) -> list[Told]:
    return read_file(loaded(path))


def case_data(name: str, path: Path = GIVEN) -> dict[str, Any]:
    return next(dict(each) for each in loaded(path)["cases"] if each["id"] == name)


def a_case(name: str, path: Path = GIVEN, **changed: Any) -> Told:
    """An example, with some of its facts changed."""
    return read_case(case_data(name, path) | changed, is_example=True)


EVERY = [each for path in (GIVEN, OURS) for each in told(path)]
