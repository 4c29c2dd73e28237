"""What differs between two editions of a policy, in words; reads of versions (R-002)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.roles import Role
from sla import spans
from sla.facts import in_words
from sla.ladder import Rung, rungs_of
from sla.models import Policy, PolicyVersion, Target
from sla.states import Promise, StepAction


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was and is; an empty side means it was not, or is no more."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a version says, whether it is saved or only meant."""

    name: str
    position: int
    conditions: dict[str, list[str]]
    calendar: str
    is_active: bool
    # promise → (minutes, reminder, calendar, ladder)
    targets: dict[str, tuple[int, int, str, list[dict[str, Any]]]] = field(default_factory=dict)


def edition_of(version: PolicyVersion) -> Edition:
    return Edition(
        name=version.policy.name,
        position=version.position,
        conditions=version.conditions,
        calendar=version.calendar.name,
        is_active=version.is_active,
        targets={target.promise: said_of(target) for target in version.targets.all()},
    )


def said_of(target: Target) -> tuple[int, int, str, list[dict[str, Any]]]:
    calendar = target.calendar.name if target.calendar else ""
    return (target.minutes, target.warn_percent, calendar, target.ladder)


def differences(old: Edition, new: Edition) -> list[Difference]:
    """What changed, in the order of the form; none: nothing did."""
    rows = [
        (_("Order"), str(old.position), str(new.position)),
        (_("Catches"), _catches(old), _catches(new)),
        (_("Calendar"), old.calendar, new.calendar),
        (_("In force"), _yes(old.is_active), _yes(new.is_active)),
    ]
    for promise in Promise:
        was, now = old.targets.get(promise.value), new.targets.get(promise.value)
        rows.append((str(promise.label), _promised(was), _promised(now)))
    return [Difference(what, before, after) for what, before, after in rows if before != after]


def rung_in_words(rung: Rung) -> str:
    """“30 min after the due time: Escalate (Supervisor)”."""
    if rung.percent is not None:
        when = _("at %(percent)s %% of the time") % {"percent": rung.percent}
    elif rung.after < 0:
        when = _("%(time)s before the due time") % {"time": spans.said(-rung.after)}
    elif rung.after:
        when = _("%(time)s after the due time") % {"time": spans.said(rung.after)}
    else:
        when = _("at the due time")
    deed = str(StepAction(rung.action).label)
    whom = Role(rung.role).label if rung.role in Role.values else rung.webhook
    return f"{when}: {deed} ({whom})" if whom else f"{when}: {deed}"


def versions(policy: Policy) -> QuerySet[PolicyVersion]:
    """Every version of a policy, the newest first."""
    every = policy.versions.select_related("policy", "calendar").order_by("-number")
    return every.prefetch_related("targets__calendar")


def in_force(at: datetime) -> QuerySet[PolicyVersion]:
    """The versions that clocks starting at that instant ask, in their order."""
    rows = PolicyVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at
    ).select_related("policy", "calendar")
    return rows.prefetch_related("targets__calendar").order_by("position", "policy_id")


def with_changes(rows: Sequence[PolicyVersion]) -> Iterable[tuple[PolicyVersion, list[Difference]]]:
    """Each version beside what it changed; the rows come newest first and whole."""
    for version, before in zip(rows, [*rows[1:], None], strict=True):
        changed = differences(edition_of(before), edition_of(version)) if before else []
        yield version, changed


def _catches(edition: Edition) -> str:
    return "; ".join(in_words(edition.conditions)) or _("Everything")


def _yes(is_so: bool) -> str:
    return _("Yes") if is_so else _("No")


def _promised(target: tuple[int, int, str, list[dict[str, Any]]] | None) -> str:
    if target is None:
        return ""
    minutes, percent, calendar, ladder = target
    said = [spans.said(minutes), _("reminder at %(percent)s %%") % {"percent": percent}]
    said += [calendar] if calendar else []
    return "; ".join(said + [rung_in_words(rung) for rung in rungs_of(ladder)])
