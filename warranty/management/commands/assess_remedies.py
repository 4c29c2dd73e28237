"""manage.py assess_remedies FILE: try the engine on worked examples, case by case."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from warranty.remedies import assess
from warranty.remedies.compare import Difference, differences
from warranty.remedies.days import official
from warranty.remedies.fields import Flaw
from warranty.remedies.reading import Told, Unreadable, read_file
from warranty.remedies_words import flaw_said

MISMATCH, UNREADABLE = 1, 2
# The examples count with these notices and no later ones ("counting" in the file).
YEARS = (2025, 2026)
MOST_FLAWS_SAID = 50


class Command(BaseCommand):
    help = (
        "Assess the worked examples of FILE (JSON, schema_version 1) and print for each whether "
        "the engine agrees. Exits 1 on a mismatch, 2 if the file cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        told = _read(options["file"])
        agreed = sum(self._compare(each) for each in told)
        summary = f"{agreed} of {len(told)} cases agree."
        if agreed < len(told):
            raise CommandError(summary, returncode=MISMATCH)
        self.stdout.write(self.style.SUCCESS(summary))

    def _compare(self, told: Told) -> bool:
        """Print one case; True when it agrees."""
        case = told.case
        found = differences(told.expected, assess(case, calendar=official(*YEARS)))
        verdict = self.style.ERROR("differs") if found else "agrees"
        self.stdout.write(f"{case.id}  {case.regulation}  {case.product_class}  {verdict}")
        for each in found:
            self.stdout.write(f"    {_said(each)}")
        if told.unread:
            self.stdout.write(f"    not read, unknown to the schema: {', '.join(told.unread)}")
        return not found


def _read(path: Path) -> list[Told]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return read_file(json.loads(text, parse_float=Decimal, parse_constant=_no_constant))
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror or 'no such file'}."
    except UnicodeDecodeError:
        sentence = f"{path} is no text in UTF-8; save it as UTF-8 and try again."
    except json.JSONDecodeError as error:
        sentence = (
            f"{path} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
            "Compare with the worked examples."
        )
    except RecursionError:
        sentence = f"{path} is nested too deeply."
    except Unreadable as error:
        sentence = f"{path} cannot be assessed:\n{_listed(error.flaws)}"
    except ValueError as error:
        sentence = f"{path} is no JSON that can be read: {error}"
    raise CommandError(sentence, returncode=UNREADABLE)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number.")


def _listed(flaws: list[Flaw]) -> str:
    # Commands of this house speak English, whatever the language of its pages.
    with translation.override("en"):
        lines = [f"  {_place(each.path)}: {flaw_said(each)}" for each in flaws[:MOST_FLAWS_SAID]]
    if len(flaws) > MOST_FLAWS_SAID:
        lines.append(f"  … and {len(flaws) - MOST_FLAWS_SAID} more.")
    return "\n".join(lines)


def _place(path: Iterable[Any]) -> str:
    """cases[4].events[0].date"""
    said = ""
    for part in path:
        said += f"[{part}]" if isinstance(part, int) else f".{part}"
    return said.lstrip(".") or "the file"


def _said(difference: Difference) -> str:
    expected, found = _plain(difference.expected), _plain(difference.found)
    return f"{difference.key}: expected {expected}, found {found}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)
