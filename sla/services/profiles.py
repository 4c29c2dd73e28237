"""Ready profiles put into force: what is new is added, what stands changes only if said (R-018)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from core.tenancy import current_tenant_id, verb
from sla.calendars import default_calendar
from sla.editions import Difference, Edition, differences, edition_of
from sla.models import Calendar, Policy, PolicyVersion
from sla.profiles import PROFILES, Profile
from sla.profiles.base import Conditions, PolicyPlan
from sla.services.policies import NewTarget, save_policy


@dataclass(frozen=True, slots=True)
class Planned:
    """One policy of a profile against what stands: new, the same, or with differences."""

    plan: PolicyPlan
    name: str
    conditions: Conditions
    targets: tuple[NewTarget, ...]
    calendar: Calendar
    newest: PolicyVersion | None
    changes: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        return self.newest is None


def planned(profile: Profile, *, lines: Collection[str] = ()) -> list[Planned]:
    """What putting a profile into force would add or change; nothing is written."""
    language = Tenant.objects.get(pk=current_tenant_id()).language
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    codes = [plan.code for plan in profile.policies]
    standing = PolicyVersion.objects.filter(valid_to=None, policy__code__in=codes)
    newest = {
        version.policy.code: version
        for version in standing.select_related("policy", "calendar").prefetch_related(
            "targets__calendar"
        )
    }
    return [
        _planned(plan, plan.name(language), calendars, newest.get(plan.code), sorted(lines))
        for plan in profile.policies
    ]


@verb
def install_profile(
    *,
    actor: Actor,
    code: str,
    lines: Collection[str] = (),
    overwrite: Collection[str] = (),
) -> list[str]:
    """Put a ready profile into force; gives the codes of what was added or changed.

    `lines` narrows its policies to product lines. A policy that stands under the same code
    keeps its times unless `overwrite` names it: then the profile's come as its next version.
    """
    profile = PROFILES.get(code)
    if profile is None:
        raise DomainError(_("There is no such profile."), field="code")
    done = []
    for each in planned(profile, lines=lines):
        if each.newest is not None and (each.plan.code not in overwrite or not each.changes):
            continue
        version = each.newest.number if each.newest else 0
        policy = each.newest.policy if each.newest else Policy(code=each.plan.code)
        save_policy(
            actor=actor,
            policy=policy,
            version=version,
            name=policy.name or each.name,
            position=each.plan.position,
            conditions=each.conditions,
            calendar=each.calendar,
            is_active=True,
            targets=each.targets,
            reason=_("Ready profile: %(name)s") % {"name": profile.name},
        )
        done.append(each.plan.code)
    tenant = Tenant.objects.get(pk=current_tenant_id())
    audit.record(actor, "profile.installed", tenant, profile=code, policies=done, at=timezone.now())
    return done


def _planned(
    plan: PolicyPlan,
    name: str,
    calendars: dict[str, Calendar],
    newest: PolicyVersion | None,
    lines: list[str],
) -> Planned:
    calendar = calendars.get(plan.calendar) or default_calendar()
    conditions = plan.conditions | ({"product_line": lines} if lines else {})
    targets = tuple(
        NewTarget(
            promise=each.promise.value,
            minutes=each.minutes,
            warn_percent=each.warn_percent,
            ladder=plan.ladder_of(each),
            # A company without such a calendar counts on the policy's.
            calendar=calendars.get(each.calendar),
        )
        for each in plan.plans
    )
    changes: list[Difference] = []
    if newest is not None:
        meant = Edition(
            name=name,
            position=plan.position,
            conditions=conditions,
            calendar=calendar.name,
            is_active=True,
            targets={
                one.promise: (
                    one.minutes,
                    one.warn_percent,
                    one.calendar.name if one.calendar else "",
                    [dict(rung) for rung in one.ladder],
                )
                for one in targets
            },
        )
        changes = differences(edition_of(newest), meant)
    return Planned(plan, name, conditions, targets, calendar, newest, tuple(changes))
