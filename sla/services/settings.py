"""The administrator changes policies; running promises keep their times (R-018)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import Conflict, DomainError
from core.states import locked
from core.tenancy import verb
from sla.models import Calendar, Policy, PolicyVersion, Target


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
    """Set a policy, new or known, as its next version from now on; running clocks keep theirs."""
    is_new = policy.pk is None
    now = timezone.now()
    before: list[Any] = []
    if not targets:
        raise DomainError(_("A policy promises something: give minutes to at least one promise."))
    policy.name = name
    if is_new:
        policy.save()
    else:
        locked(policy)
        newest = policy.versions.get(valid_to=None)
        if newest.number != version:
            raise Conflict
        before = list(newest.targets.order_by("promise").values("promise", "minutes", "ladder"))
        policy.save(update_fields=["name"])
        newest.valid_to = now
        newest.save(update_fields=["valid_to"])
    edition = PolicyVersion.objects.create(
        policy=policy,
        number=1 if is_new else version + 1,
        valid_from=now,
        position=position,
        conditions=conditions,
        calendar=calendar,
        is_active=is_active,
        author_label=actor.label,
    )
    Target.objects.bulk_create(
        Target(
            version=edition,
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
        version=edition.number,
        before=before,
        targets={target.promise: target.minutes for target in targets},
    )
    return policy
