"""Writes of labour operations: standard times, by model too, and what includes what."""

from __future__ import annotations

from typing import Any

from core import audit
from core.actor import Actor
from core.states import locked
from core.tenancy import verb
from machines.models import ProductModel
from parts.errors import IncludesInCircle
from parts.models import LabourOperation, OperationFit, OperationIncludes
from parts.services.saving import created, edited, folded

OPERATION_FIELDS = frozenset(
    {"name", "name_en", "standard_minutes", "part_group", "is_restricted", "is_active"}
)


@verb
def create_operation(
    *, actor: Actor, code: str, name: str, standard_minutes: int, **facts: Any
) -> LabourOperation:
    """Add an operation with its standard time in minutes."""
    if unknown := set(facts) - OPERATION_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    operation = LabourOperation(
        code=folded(code), name=name, standard_minutes=standard_minutes, **facts
    )
    made: LabourOperation = created(actor, "operation", operation)
    return made


@verb
def edit_operation(*, actor: Actor, operation: LabourOperation, **changes: Any) -> LabourOperation:
    """Change an operation; claims keep the time that they were judged by. Its code stays."""
    done: LabourOperation = edited(actor, operation, changes, OPERATION_FIELDS)
    return done


@verb
def time_operation(
    *, actor: Actor, operation: LabourOperation, model: ProductModel | None, minutes: int
) -> OperationFit:
    """Set the time on one model, or on every other one; said again, it changes."""
    fit, _is_new = OperationFit.objects.update_or_create(
        operation=operation, model=model, defaults={"minutes": minutes}
    )
    audit.record(
        actor, "operation.timed", operation, model=model.code if model else "", minutes=minutes
    )
    return fit


@verb
def untime_operation(
    *, actor: Actor, operation: LabourOperation, model: ProductModel | None
) -> None:
    """Take a model's time away; with the last one gone the operation fits every model."""
    gone, _each = OperationFit.objects.filter(operation=operation, model=model).delete()
    if gone:
        audit.record(actor, "operation.untimed", operation, model=model.code if model else "")


@verb
def include_operation(
    *, actor: Actor, operation: LabourOperation, included: LabourOperation
) -> OperationIncludes:
    """Say that one operation holds another, so that both together are paid once."""
    # Two who include each other at the same moment: the later one sees the earlier one's row.
    for each in sorted((operation, included), key=lambda row: row.pk):
        locked(each)
    if operation.pk == included.pk or operation.pk in _held_by(included):
        raise IncludesInCircle
    row, is_new = OperationIncludes.objects.get_or_create(operation=operation, included=included)
    if is_new:
        audit.record(actor, "operation.included", operation, included=included.code)
    return row


@verb
def exclude_operation(
    *, actor: Actor, operation: LabourOperation, included: LabourOperation
) -> None:
    """Take that back: from now on both are paid."""
    gone, _each = OperationIncludes.objects.filter(operation=operation, included=included).delete()
    if gone:
        audit.record(actor, "operation.excluded", operation, included=included.code)


def _held_by(operation: LabourOperation) -> set[int]:
    """The operations that one holds, directly or through others."""
    held: set[int] = set()
    ahead = {operation.pk}
    while ahead:
        rows = OperationIncludes.objects.filter(operation_id__in=ahead)
        ahead = set(rows.values_list("included_id", flat=True)) - held
        held |= ahead
    return held
