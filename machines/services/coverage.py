"""Coverage: the snapshot at the sale, what a fitted component opens, and what moves last days."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.states import locked
from core.tenancy import verb
from machines.card_rules import last_days, same_component
from machines.models import (
    Coverage,
    CoverageEvent,
    CoverageEventKind,
    CoverageTerm,
    Layer,
    Machine,
    Registration,
    RegistrationState,
)
from machines.rules import clean_name, clean_serial
from machines.services.plans import plan_for

BY_CARD = "registration"
# What the law itself makes longer: the floor moves along (farm rule, Articles 31 and 35).
MOVE_THE_FLOOR = {
    CoverageEventKind.STOPPED_DAYS,
    CoverageEventKind.REPLACED,
    CoverageEventKind.CORRECTION,
}
FROZEN = (
    "use_limit",
    "use_unit",
    "parts_percent",
    "labour_percent",
    "travel_percent",
    "legal_use_limit",
    "tiers",
)


def snapshot(registration: Registration, starts_on: date) -> list[Coverage]:
    """Copy the plan of a card onto its machine, once and for good (R-067)."""
    rows = [
        row_of(term, registration.machine, starts_on, registration=registration)
        for term in registration.plan.terms.order_by("pk")
    ]
    for row in rows:
        row.source_kind, row.source_id = BY_CARD, registration.pk
        if row.layer == Layer.MAIN and row.component.casefold() in ("engine", "发动机"):
            row.serial_number = registration.machine.engine_number
    return Coverage.objects.bulk_create(rows)


@verb
def open_component_coverage(
    *,
    actor: Actor,
    machine: Machine,
    layer: str,
    component: str,
    serial_number: str = "",
    batch: str = "",
    starts_on: date,
    source_kind: str,
    source_id: int,
) -> Coverage:
    """The cover of a fitted component: its term starts anew on the day it was fitted (R-068).

    It never ends before the cover of what it replaces. The same source opens it once.
    """
    machine = locked(machine)
    component = clean_name(component)
    existing = Coverage.objects.filter(
        source_kind=source_kind, source_id=source_id, layer=layer, component=component
    ).first()
    if existing is not None:
        return existing
    card = Registration.objects.filter(machine=machine, state=RegistrationState.REGISTERED).first()
    plan = card.plan if card else plan_for(actor, machine.model, starts_on)
    term = _term_for(list(plan.terms.all()), layer, component)
    row = row_of(term, machine, starts_on, registration=card)
    row.layer, row.component = layer, component
    row.serial_number, row.batch = clean_serial(serial_number), batch.strip()
    row.source_kind, row.source_id = source_kind, source_id
    replaced = [
        old
        for old in Coverage.objects.filter(machine=machine, layer=layer)
        if same_component(old.component, component) or not old.component
    ]
    row.ends_on = max([row.ends_on, *(old.ends_on for old in replaced)])
    row.save(force_insert=True)
    audit.record(
        actor,
        "coverage.opened",
        machine,
        component=component,
        serial_number=row.serial_number,
        ends_on=row.ends_on,
    )
    return row


@verb
def extend_coverage(
    *,
    actor: Actor,
    coverage: Coverage,
    kind: str,
    reason: str,
    days: int | None = None,
    ends_on: date | None = None,
    document: str = "",
) -> CoverageEvent:
    """Move the last day of one coverage, by days or to a day: why, by which paper, by whom.

    Only a correction may shorten. Parts, labour and travel move by the same days; the legal
    floor only where the law moves it.
    """
    coverage = locked(coverage)
    if (days is None) == (ends_on is None):
        raise DomainError(_("Give either the days or the new last day."), field="days")
    if not reason.strip():
        raise DomainError(_("Write why: the reason stays on record."), field="reason")
    if days is None and ends_on is not None:
        days = (ends_on - coverage.ends_on).days
    shift = timedelta(days=days or 0)
    if not shift:
        raise DomainError(_("The last day would stay the same."), field="days")
    if shift < timedelta() and kind != CoverageEventKind.CORRECTION:
        raise DomainError(_("Only a correction may make coverage shorter."), field="days")
    if coverage.ends_on + shift < coverage.starts_on:
        raise DomainError(_("Coverage cannot end before it starts."), field="days")
    event = CoverageEvent.objects.create(
        coverage=coverage,
        kind=kind,
        days=shift.days,
        ends_before=coverage.ends_on,
        ends_after=coverage.ends_on + shift,
        reason=reason.strip(),
        document=document.strip(),
        by_id=actor.user_id,
        by_label=actor.label,
    )
    moved = ["ends_on", "labour_ends_on", "travel_ends_on"]
    if kind in MOVE_THE_FLOOR:
        moved.append("legal_ends_on")
    for field in moved:
        if (before := getattr(coverage, field)) is not None:
            setattr(coverage, field, before + shift)
    coverage.save(update_fields=moved)
    audit.record(
        actor,
        "coverage.moved",
        coverage.machine,
        kind=kind,
        ends_on=[event.ends_before, event.ends_after],
        reason=event.reason,
        document=event.document,
    )
    publish("coverage.moved", actor=actor, coverage=coverage, moved=event)
    return event


def row_of(
    term: CoverageTerm, machine: Machine, starts_on: date, *, registration: Registration | None
) -> Coverage:
    """A term as coverage of one machine from a day on; whose it is, the caller says."""
    days = last_days(term, starts_on)
    return Coverage(
        machine=machine,
        registration=registration,
        layer=term.layer,
        component=term.component,
        starts_on=starts_on,
        ends_on=days.ends_on,
        labour_ends_on=days.labour_ends_on,
        travel_ends_on=days.travel_ends_on,
        legal_ends_on=days.legal_ends_on,
        **{name: getattr(term, name) for name in FROZEN},
    )


def _term_for(terms: list[CoverageTerm], layer: str, component: str) -> CoverageTerm:
    """A component's own row, else its layer's, else the whole machine's, which every plan has."""
    for kind, name in ((layer, component), (layer, ""), (Layer.WHOLE, "")):
        for term in terms:
            if term.layer == kind and same_component(term.component, name):
                return term
    raise DomainError(_("The coverage plan says nothing of this component."), field="component")
