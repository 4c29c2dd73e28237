"""Reads of the check table, for those who set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from core.actor import Actor
from core.money import yuan
from core.words import money
from warranty.access.claims import visible_rules
from warranty.models import CheckRule, CutReason, ReviewLevel
from warranty.rules.checks.figures import CENTS, figures_of


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A row of the table as a page shows it."""

    row: CheckRule
    question: str
    figures: list[tuple[str, str]]
    standing: str  # running, coming, ended


def rules_today(actor: Actor, on: date | None = None) -> list[ShownRule]:
    """Of each check and grade the row in force, and those to come."""
    today = on or timezone.localdate()
    shown: list[ShownRule] = []
    running: set[tuple[str, int | None]] = set()
    for row in _rows(actor).order_by("position", "code", "dealer_level", "-from_on"):
        found = shown_rule(row, today)
        if found.standing == "running":
            key = (row.code, row.dealer_level_id)
            if key in running:
                continue
            running.add(key)
        if found.standing != "ended":
            shown.append(found)
    return shown


def rule_history(actor: Actor, code: str) -> list[ShownRule]:
    """Every row of one check, the newest first."""
    today = timezone.localdate()
    rows = _rows(actor).filter(code=code).order_by("-from_on", "-pk")
    return [shown_rule(row, today) for row in rows]


def shown_rule(row: CheckRule, today: date) -> ShownRule:
    ended = row.until_on is not None and row.until_on < today
    standing = "ended" if ended else "coming" if row.from_on > today else "running"
    return ShownRule(row, question_of(row), _figures(row), standing)


def question_of(row: CheckRule) -> str:
    """The sentence of a check in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return row.question if is_chinese or not row.question_en else row.question_en


def _rows(actor: Actor) -> QuerySet[CheckRule]:
    return visible_rules(actor).select_related("reason", "dealer_level")


def _figures(row: CheckRule) -> list[tuple[str, str]]:
    found = []
    for figure in figures_of(row.code):
        value = row.parameters.get(figure.name)
        if isinstance(value, int):
            text = money(yuan(value)) if figure.unit == CENTS else str(value)
            found.append((str(figure.label), f"{text} %" if figure.unit == "percent" else text))
    return found


def reason_list() -> QuerySet[CutReason]:
    return CutReason.objects.order_by("-is_active", "code")


def level_list() -> list[ReviewLevel]:
    return list(ReviewLevel.objects.all())
