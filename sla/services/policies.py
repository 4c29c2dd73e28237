"""The administrator changes policies; running promises keep their times (R-002, R-018)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import Conflict, DomainError
from core.states import locked
from core.tenancy import verb
from sla.facts import check_conditions
from sla.ladder import check_ladder
from sla.models import Calendar, Policy, PolicyVersion, Target
from sla.states import Promise

# A year of minutes around the clock: nothing in after-sales work is promised longer.
LONGEST = 366 * 24 * 60
FARTHEST = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class NewTarget:
    """One promise as a form, a profile or the API gives it; rungs as `Target.ladder` keeps them."""

    promise: str
    minutes: int
    warn_percent: int = 75
    ladder: Sequence[Mapping[str, Any]] = ()
    calendar: Calendar | None = None


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
    valid_from: datetime | None = None,
    reason: str = "",
) -> Policy:
    """Set a policy, new or known, as its next version from now or a later instant on.

    `version` is the newest that was seen. Running clocks keep theirs. A change needs a reason.
    """
    is_new = policy.pk is None
    now = timezone.now()
    begins = valid_from or now
    if valid_from is not None and valid_from < now:
        raise DomainError(
            _("This moment has passed; a version begins now or later."), field="valid_from"
        )
    if begins - now > FARTHEST:
        raise DomainError(_("A version begins within the next ten years."), field="valid_from")
    _check(conditions, targets)
    before: list[Any] = []
    policy.name = name
    if is_new:
        policy.save()
    else:
        locked(policy)
        if not reason.strip():
            raise DomainError(_("Say why the policy changes."), field="reason")
        newest = policy.versions.get(valid_to=None)
        if newest.number != version:
            raise Conflict
        if newest.valid_from >= begins:
            raise DomainError(
                _("Version %(number)s is planned already: withdraw it first, or begin later.")
                % {"number": newest.number},
                field="valid_from",
            )
        before = list(newest.targets.order_by("promise").values("promise", "minutes", "ladder"))
        policy.save(update_fields=["name"])
        newest.valid_to = begins
        newest.save(update_fields=["valid_to"])
    edition = PolicyVersion.objects.create(
        policy=policy,
        number=1 if is_new else version + 1,
        valid_from=begins,
        position=position,
        conditions=conditions,
        calendar=calendar,
        is_active=is_active,
        reason=reason.strip()[:200],
        author_label=actor.label[:120],
    )
    Target.objects.bulk_create(
        Target(
            version=edition,
            promise=target.promise,
            minutes=target.minutes,
            calendar=target.calendar,
            warn_percent=target.warn_percent,
            ladder=[dict(rung) for rung in target.ladder],
        )
        for target in targets
    )
    audit.record(
        actor,
        "policy.created" if is_new else "policy.changed",
        policy,
        version=edition.number,
        valid_from=begins,
        reason=edition.reason,
        before=before,
        targets={target.promise: target.minutes for target in targets},
    )
    return policy


@verb
def withdraw_version(*, actor: Actor, policy: Policy, number: int) -> None:
    """Take back a version that is not yet in force; the one before it stays."""
    locked(policy)
    edition = policy.versions.filter(number=number, valid_to=None).first()
    if edition is None:
        raise Conflict
    if number == 1 or edition.valid_from <= timezone.now():
        raise DomainError(_("This version is in force; a new version changes it."))
    begins = edition.valid_from
    edition.delete()
    policy.versions.filter(number=number - 1).update(valid_to=None)
    audit.record(actor, "policy.withdrawn", policy, version=number, valid_from=begins)


def _check(conditions: Mapping[str, list[str]], targets: Sequence[NewTarget]) -> None:
    if not targets:
        raise DomainError(_("A policy promises something: give minutes to at least one promise."))
    wrong = check_conditions(conditions)
    promises = [target.promise for target in targets]
    if len(set(promises)) < len(promises):
        wrong.append(_("Each promise stands once in a policy."))
    for target in targets:
        if target.promise not in Promise.values:
            wrong.append(_("There is no promise “%(name)s”.") % {"name": target.promise})
            continue
        named = _("%(promise)s: %(complaint)s")
        complaints = check_ladder(target.minutes, list(target.ladder), promise=target.promise)
        if not 1 <= target.minutes <= LONGEST:
            complaints = [
                _("the time is at least a minute and at most %(most)s.") % {"most": LONGEST}
            ]
        elif not 1 <= target.warn_percent <= 99:
            complaints = [_("the reminder comes at 1 to 99 percent.")]
        wrong += [
            named % {"promise": Promise(target.promise).label, "complaint": complaint}
            for complaint in complaints
        ]
    if wrong:
        raise DomainError(" ".join(wrong), field="targets")
