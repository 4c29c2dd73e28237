"""Before a policy is saved: which cases it would catch, and what it does to others (R-002)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.editions import in_force
from sla.facts import Case, recent_cases
from sla.models import Clock, Policy, PolicyVersion
from sla.policies import covers, fits
from sla.states import LIVE, Promise
from sla.subjects import address

LOOKED_BACK = timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Meant:
    """A policy as it would be: what it catches, where it stands, what it promises."""

    policy: Policy
    position: int
    conditions: Mapping[str, list[str]]
    is_active: bool
    promises: Collection[str]


@dataclass(slots=True)
class Preview:
    """What saving would mean; `doubts` are saved only once somebody has confirmed them."""

    looked_at: int
    caught: int
    first: list[tuple[Case, str]]
    running: int
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preview(meant: Meant, *, at: datetime | None = None) -> Preview:
    """Cases of the last 30 days that fit, and sentences about policies beside this one."""
    now = at or timezone.now()
    cases = recent_cases(now - LOOKED_BACK)
    caught = [case for case in cases if fits(meant.conditions, case.facts)]
    shown = Preview(
        looked_at=len(cases),
        caught=len(caught),
        first=[(case, address(case.subject, case.number)) for case in caught[:SHOWN]],
        running=running_clocks(meant.policy) if meant.policy.pk else 0,
    )
    standing = list(in_force(now))
    others = [
        version
        for version in standing
        if version.policy_id != meant.policy.pk and version.is_active
    ]
    if meant.is_active:
        _say_what_it_catches(shown, meant)
        _say_who_is_hidden(shown, meant, others)
    else:
        shown.notes.append(
            _("It is not in force: it promises nothing new; running clocks keep their promise.")
        )
    before = next((row for row in standing if row.policy_id == meant.policy.pk), None)
    _say_what_is_lost(shown, meant, before, others)
    return shown


def running_clocks(policy: Policy) -> int:
    """How many running or paused clocks were promised by any version of a policy."""
    return Clock.objects.filter(version__policy=policy, state__in=LIVE).count()


def _say_what_it_catches(shown: Preview, meant: Meant) -> None:
    if not any(meant.conditions.values()):
        shown.doubts.append(
            _("It has no conditions and catches everything that no earlier policy promises.")
        )
    elif shown.looked_at and not shown.caught:
        shown.doubts.append(
            ngettext(
                "It would have caught nothing: the last 30 days brought %(count)s case.",
                "It would have caught nothing of the last 30 days' %(count)s cases.",
                shown.looked_at,
            )
            % {"count": shown.looked_at}
        )
    elif shown.looked_at and shown.caught == shown.looked_at:
        shown.doubts.append(
            ngettext(
                "It would have caught everything: the last 30 days brought %(count)s case.",
                "It would have caught every one of the last 30 days' %(count)s cases.",
                shown.looked_at,
            )
            % {"count": shown.looked_at}
        )


def _say_who_is_hidden(shown: Preview, meant: Meant, others: Sequence[PolicyVersion]) -> None:
    mine = (meant.position, meant.policy.pk or 1 << 62)
    earlier = [row for row in others if (row.position, row.policy_id) < mine]
    later = [row for row in others if (row.position, row.policy_id) > mine]
    taken: dict[str, str] = {}
    for row in earlier:
        if covers(row.conditions, meant.conditions):
            for target in row.targets.all():
                taken.setdefault(target.promise, row.policy.name)
    hidden = [promise for promise in meant.promises if promise in taken]
    if hidden and len(hidden) == len(set(meant.promises)):
        names = ", ".join(dict.fromkeys(taken[promise] for promise in hidden))
        shown.doubts.append(
            _("It would never count: earlier policies promise all of it (%(names)s).")
            % {"names": names}
        )
    elif hidden:
        shown.notes.append(
            _("These promises are made by earlier policies already: %(promises)s.")
            % {"promises": _named(hidden)}
        )
    silenced = [
        row.policy.name
        for row in later
        if covers(meant.conditions, row.conditions)
        and {target.promise for target in row.targets.all()} <= set(meant.promises)
    ]
    if silenced:
        shown.doubts.append(
            _("These policies after it would never count any more: %(names)s.")
            % {"names": ", ".join(silenced)}
        )


def _say_what_is_lost(
    shown: Preview,
    meant: Meant,
    before: PolicyVersion | None,
    others: Sequence[PolicyVersion],
) -> None:
    if before is None or not before.is_active:
        return
    kept = set(meant.promises) if meant.is_active else set()
    elsewhere = {target.promise for row in others for target in row.targets.all()}
    lost = [
        target.promise
        for target in before.targets.all()
        if target.promise not in kept and target.promise not in elsewhere
    ]
    if lost:
        shown.doubts.append(
            _("Nobody else promises these; new cases would go without: %(promises)s.")
            % {"promises": _named(lost)}
        )


def _named(promises: Sequence[str]) -> str:
    return ", ".join(str(each.label) for each in Promise if each.value in promises)
