"""The administrator changes policies; running promises keep their times (R-018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import Conflict, DomainError
from core.states import locked
from core.tenancy import verb
from sla.models import Calendar, Policy, Target


@dataclass(frozen=True, slots=True)
class NewTarget:
    """One promise as the form gives it; rungs are (working minutes after due, role)."""

    promise: str
    minutes: int
    warn_percent: int = 75
    rungs: tuple[tuple[int, str], ...] = field(default=())


@verb
def save_policy(
    *,
    actor: Actor,
    policy: Policy,
    version: int,
    name: str,
    position: int,
    conditions: dict[str, list[str]],
    calendar: Calendar,
    is_active: bool,
    targets: Sequence[NewTarget],
) -> Policy:
    """Set a policy, new or known, as its next version; running clocks keep theirs."""
    is_new = policy.pk is None
    if not is_new:
        policy = locked(policy)
        if policy.version != version:
            raise Conflict
        policy.version += 1
    if not targets:
        raise DomainError(_("A policy promises something: give minutes to at least one promise."))
    policy.name, policy.position, policy.conditions = name, position, conditions
    policy.calendar, policy.is_active = calendar, is_active
    policy.save()
    before = list(policy.targets.order_by("promise").values("promise", "minutes", "ladder"))
    policy.targets.all().delete()
    Target.objects.bulk_create(
        Target(
            policy=policy,
            promise=target.promise,
            minutes=target.minutes,
            warn_percent=target.warn_percent,
            ladder=[{"after": after, "role": role} for after, role in sorted(target.rungs)],
        )
        for target in targets
    )
    audit.record(
        actor,
        "policy.created" if is_new else "policy.changed",
        policy,
        version=policy.version,
        before=before,
        targets={target.promise: target.minutes for target in targets},
    )
    return policy
