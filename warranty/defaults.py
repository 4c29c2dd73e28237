"""What a new company starts with: the check table, reasons of cuts, review levels."""

from __future__ import annotations

from datetime import date

from core.models import Tenant
from warranty.models import CheckRule, CutReason, ReviewLevel
from warranty.rules.checks.table import LEVELS, REASONS, ROWS

# Old papers are checked by the same rows.
SINCE = date(2020, 1, 1)


def install_defaults(*, tenant: Tenant) -> None:
    """Give a company what it lacks; what it has stays as it is. Runs in the company's scope."""
    is_chinese = tenant.language.startswith("zh")
    there = set(CutReason.objects.values_list("code", flat=True))
    CutReason.objects.bulk_create(
        CutReason(code=code, name=name if is_chinese else name_en, name_en=name_en)
        for code, name, name_en in REASONS
        if code not in there
    )
    if not ReviewLevel.objects.exists():
        ReviewLevel.objects.bulk_create(
            ReviewLevel(level=level, role=role, up_to_cents=cents) for level, role, cents in LEVELS
        )
    _install_rules(is_chinese)


def _install_rules(is_chinese: bool) -> None:
    reasons = {row.code: row for row in CutReason.objects.all()}
    there = set(CheckRule.objects.values_list("code", flat=True))
    for position, row in enumerate(ROWS, 1):
        if row.code in there:
            continue
        CheckRule.objects.create(
            code=row.code,
            from_on=SINCE,
            position=position,
            question=row.question if is_chinese else row.question_en,
            question_en=row.question_en,
            outcome=row.outcome,
            softened=row.softened,
            level=row.level,
            parameters=row.figures,
            reason=reasons.get(row.reason),
        )
