"""Coverage plans: versions with a first day; a version that cards rest on stays (R-067)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.tenancy import verb
from machines import floors
from machines.card_rules import wrong_tiers
from machines.models import (
    CoveragePlan,
    CoverageTerm,
    Layer,
    ProductLine,
    ProductModel,
    StartRule,
)
from machines.rules import clean_name

HUNDRED = Decimal(100)
MOST_MONTHS = 600
EVER = date(2000, 1, 1)


class NoPlan(DomainError):
    code = "plan.none_in_force"
    message = _("No coverage plan of %(model)s is in force on %(day)s; an administrator adds one.")
    field = "invoice_on"


class PlanInUse(DomainError):
    code = "plan.in_use"
    message = _("Receipt cards rest on this version; add a new one instead.")


class BelowFloor(DomainError):
    code = "plan.below_floor"
    message = _("The law asks for at least %(months)s months here.")


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row of a plan as somebody writes it."""

    layer: str
    months: int
    component: str = ""
    labour_months: int | None = None
    travel_months: int | None = None
    use_limit: int | None = None
    use_unit: str = ""
    parts_percent: Decimal = HUNDRED
    labour_percent: Decimal = HUNDRED
    travel_percent: Decimal = HUNDRED
    tiers: list[dict[str, Any]] = field(default_factory=list)


@verb
def create_plan(
    *,
    actor: Actor,
    from_on: date,
    terms: Sequence[TermRow],
    model: ProductModel | None = None,
    line: ProductLine | None = None,
    start_rule: str = StartRule.INVOICE,
    source: str = "",
    note: str = "",
) -> CoveragePlan:
    """A new version for a model, a line or everything; the one before ends the day before.

    The legal floor of each row comes from the law's table, and a promise below it is refused.
    """
    _lock_scope(model, line)
    same = CoveragePlan.objects.filter(model=model, line=line)
    if same.filter(from_on=from_on).exists():
        raise DomainError(_("A version starts on this day already."), field="from_on")
    if not any(row.layer == Layer.WHOLE and not row.component for row in terms):
        raise DomainError(_("A plan needs a row for the whole machine."), field="terms")
    later = same.filter(from_on__gt=from_on).order_by("from_on").first()
    plan = CoveragePlan.objects.create(
        model=model,
        line=line,
        version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
        from_on=from_on,
        until_on=later.from_on - timedelta(days=1) if later else None,
        start_rule=start_rule,
        source=source.strip(),
        note=note.strip(),
        author_label=actor.label,
    )
    before = same.filter(from_on__lt=from_on).order_by("-from_on").first()
    if before is not None:
        before.until_on = from_on - timedelta(days=1)
        before.save(update_fields=["until_on"])
    _keep_terms(plan, terms, model, line)
    audit.record(actor, "plan.created", plan, from_on=from_on, rows=len(terms))
    return plan


@verb
def withdraw_plan(*, actor: Actor, plan: CoveragePlan) -> None:
    """Take back a version that no card rests on; the one before it runs on."""
    _lock_scope(plan.model, plan.line)
    if plan.registrations.exists():
        raise PlanInUse
    same = CoveragePlan.objects.filter(model=plan.model, line=plan.line)
    before = same.filter(from_on__lt=plan.from_on).order_by("-from_on").first()
    if before is not None:
        before.until_on = plan.until_on
        before.save(update_fields=["until_on"])
    audit.record(actor, "plan.withdrawn", plan, from_on=plan.from_on)
    plan.terms.all().delete()
    plan.delete()


def plan_for(actor: Actor, model: ProductModel, on: date) -> CoveragePlan:
    """The plan in force for a model on a day: its own, else its line's, else the company's.

    A company that never wrote one starts from the months of its product record (R-067).
    """
    mine = Q(model=model) | Q(line=model.line_id) | Q(model=None, line=None)
    plans = CoveragePlan.objects.filter(mine).prefetch_related("terms")
    found = (
        plans.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)
        .order_by(F("model").asc(nulls_last=True), F("line").asc(nulls_last=True), "-from_on")
        .first()
    )
    if found is not None:
        return found
    if plans.exists():
        raise NoPlan(model=model.code, day=on.isoformat())
    return _first_plan(actor, model)


def _first_plan(actor: Actor, model: ProductModel) -> CoveragePlan:
    floor = floors.of_model(model)
    whole = max(model.coverage_months, floor.whole or 0, 1)
    rows = [TermRow(Layer.WHOLE, whole)]
    if floor.main and floor.main > whole:
        rows.append(TermRow(Layer.MAIN, floor.main))
    return create_plan(
        actor=actor,
        model=model,
        from_on=EVER,
        terms=rows,
        source=str(_("The product record: %(months)s months") % {"months": whole}),
    )


def _lock_scope(model: ProductModel | None, line: ProductLine | None) -> None:
    """Two versions of one scope wait for each other: on its row, or on the first line's."""
    if model is not None:
        ProductModel.objects.select_for_update(of=("self",)).get(pk=model.pk)
        return
    lines = ProductLine.objects.select_for_update().order_by("pk")
    (lines.filter(pk=line.pk) if line else lines[:1]).first()


def _keep_terms(
    plan: CoveragePlan,
    rows: Sequence[TermRow],
    model: ProductModel | None,
    line: ProductLine | None,
) -> None:
    floor = floors.of_model(model) if model else floors.of_line(line)
    seen = set()
    for row in rows:
        component = clean_name(row.component)
        key = (row.layer, component.casefold())
        if key in seen:
            raise DomainError(_("The same layer and component stand there twice."), field="terms")
        seen.add(key)
        if not 0 < row.months <= MOST_MONTHS:
            raise DomainError(_("Months are from 1 to %(most)s."), field="terms", most=MOST_MONTHS)
        if (row.use_limit is None) != (not row.use_unit):
            raise DomainError(_("A use limit needs its unit, and a unit its limit."), field="terms")
        if wrong := wrong_tiers(row.tiers):
            raise DomainError(wrong, field="terms")
        legal = floor.months_of(row.layer)
        if legal is not None and row.months < legal:
            raise BelowFloor(field="terms", months=legal)
        facts = asdict(row) | {"component": component, "legal_months": legal}
        facts["legal_use_limit"] = floor.use_limit if row.use_unit == floor.use_unit else None
        CoverageTerm.objects.create(plan=plan, **facts)
