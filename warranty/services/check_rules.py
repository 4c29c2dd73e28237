"""The check table is changed by new rows from a day on; reasons of cuts; review levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from dealers.models import DealerLevel
from warranty.models import CheckRule, CutReason, ReviewLevel
from warranty.rules.checks.figures import figures_of
from warranty.states.claims import Outcome, ReviewerRole

DAY = timedelta(days=1)


class RowOfTheDay(DomainError):
    code = "check_rule.same_day"
    message = _("A row of this check begins on this day already. Choose another day.")
    field = "from_on"


class InThePast(DomainError):
    code = "check_rule.in_the_past"
    message = _("A row begins today or later: what was checked stays as it was.")
    field = "from_on"


class BadLevels(DomainError):
    code = "review_levels.wrong"


@verb
def add_rule(
    *,
    actor: Actor,
    code: str,
    from_on: date,
    outcome: str,
    softened: str = "",
    level: int = 1,
    parameters: Mapping[str, int] | None = None,
    reason: CutReason | None = None,
    dealer_level: DealerLevel | None = None,
    is_active: bool = True,
    until_on: date | None = None,
) -> CheckRule:
    """Ask a check by a new row from a day on, for every grade or for one; older rows stay.

    The sentence is the one of the check; a row that is not active switches the check off.
    """
    older = CheckRule.objects.filter(code=code).order_by("-from_on").first()
    if older is None:
        raise DomainError(_("There is no such check."), field="code")
    if from_on < timezone.localdate():
        raise InThePast
    if until_on is not None and until_on < from_on:
        raise DomainError(_("The last day lies before the first."), field="until_on")
    row = CheckRule(
        code=code,
        from_on=from_on,
        until_on=until_on,
        position=older.position,
        question=older.question,
        question_en=older.question_en,
        outcome=Outcome(outcome),
        softened=Outcome(softened) if softened else "",
        level=level,
        parameters=_figures(code, parameters or {}),
        reason=reason,
        dealer_level=dealer_level,
        is_active=is_active,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "check_rule_once_per_day" in str(error):
            raise RowOfTheDay from error
        raise
    audit.record(
        actor,
        "check_rule.added",
        row,
        from_on=str(from_on),
        outcome=row.outcome,
        softened=row.softened,
        level=level,
        figures=row.parameters,
        grade=dealer_level.code if dealer_level else "",
        active=is_active,
    )
    return row


def _figures(code: str, typed: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for figure in figures_of(code):
        value = typed.get(figure.name, figure.usual)
        if type(value) is not int or value < 0 or (figure.most is not None and value > figure.most):
            raise DomainError(_("This figure does not fit."), field=figure.name)
        found[figure.name] = value
    return found


@verb
def save_reason(
    *,
    actor: Actor,
    reason: CutReason | None = None,
    code: str = "",
    name: str,
    name_en: str = "",
    is_active: bool = True,
) -> CutReason:
    """Write a reason of a cut, or change its words; its code stays, and none is ever deleted."""
    is_new = reason is None
    row = CutReason(code=code.strip()) if reason is None else locked(reason)
    row.name, row.name_en, row.is_active = name.strip(), name_en.strip(), is_active
    if not row.code or not row.name:
        raise DomainError(_("A reason has a code and words."), field="name" if row.code else "code")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "cut_reason_code_once" in str(error):
            raise DomainError(_("This code is taken."), field="code") from error
        raise
    audit.record(actor, "cut_reason.added" if is_new else "cut_reason.edited", row, name=row.name)
    return row


@verb
def set_levels(*, actor: Actor, levels: Sequence[tuple[str, int | None]]) -> list[ReviewLevel]:
    """Say who decides up to which amount, from the first level up; the last has no limit.

    Amounts rise, and a role decides one level. Claims under review keep theirs.
    """
    _check_levels(levels)
    before = {row.level: row for row in ReviewLevel.objects.select_for_update()}
    made = []
    for number, (role, cents) in enumerate(levels, 1):
        row = before.pop(number, None) or ReviewLevel(level=number)
        row.role, row.up_to_cents = ReviewerRole(role), cents
        row.save()
        made.append(row)
    for gone in before.values():
        gone.delete()
    told: dict[str, Any] = {str(row.level): [row.role, row.up_to_cents] for row in made}
    audit.record(actor, "review_levels.set", made[-1], levels=told)
    return made


def _check_levels(levels: Sequence[tuple[str, int | None]]) -> None:
    if not levels or levels[-1][1] is not None:
        raise BadLevels(_("The last level decides without a limit."), field="last")
    roles = [role for role, _cents in levels]
    if len(set(roles)) < len(roles) or not set(roles) <= set(ReviewerRole.values):
        raise BadLevels(_("Each level has a role of its own."), field="roles")
    amounts = [cents for _role, cents in levels[:-1]]
    if any(cents is None or cents <= 0 for cents in amounts):
        raise BadLevels(_("Each level but the last has an amount above zero."), field="amounts")
    known = [cents for cents in amounts if cents is not None]
    if known != sorted(set(known)):
        raise BadLevels(_("The amounts rise from level to level."), field="amounts")
