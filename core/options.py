"""Tenant settings as dated values with a default, a unit and a sentence (R-002)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.models import Option
from core.tenancy import verb


@dataclass(frozen=True, slots=True)
class OptionSpec:
    default: Any
    label: Any
    kind: type[bool] | type[int] = int
    unit: Any = ""
    most: int | None = None

    def fits(self, value: Any) -> bool:
        """Whether the setting can have this value: never negative, never above `most`."""
        if self.kind is bool:
            return isinstance(value, bool)
        return type(value) is int and value >= 0 and (self.most is None or value <= self.most)


LAST_HOUR = 23
OPTIONS: dict[str, OptionSpec] = {
    "dispatch.auto_offer": OptionSpec(
        True, _("Offer a new repair to the dealer of the territory at once"), bool
    ),
    "callback.after_days": OptionSpec(
        3, _("Call the customer back this long after the work"), int, _("days")
    ),
    "callback.window_days": OptionSpec(
        4,
        _("Where no policy promises it, a callback is late after this many days more"),
        int,
        _("days"),
    ),
    "callback.attempts": OptionSpec(3, _("Attempts before a callback is given up"), int),
    "callback.reopen_at_score": OptionSpec(2, _("A score up to this one reopens the ticket"), int),
    "registration.days": OptionSpec(
        20, _("A receipt card is in time up to this long after the sale"), int, _("days")
    ),
    "repair.guarantee_months": OptionSpec(
        3, _("Finished work is guaranteed for"), int, _("months")
    ),
    "claim.file_days": OptionSpec(
        30, _("Without a contract, a claim is filed within this long of the repair"), int, _("days")
    ),
    "claim.rounds": OptionSpec(3, _("A claim may be corrected this often"), int, _("times")),
    "ticket.idle_hours": OptionSpec(
        24, _("A ticket without movement is coloured after"), int, _("hours")
    ),
    "quiet.from": OptionSpec(
        22,
        _("Quiet hours begin: mails and text messages that are not urgent rest"),
        int,
        _("o'clock"),
        LAST_HOUR,
    ),
    "quiet.to": OptionSpec(
        7,
        _("Quiet hours end (the same hour: there are none)"),
        int,
        _("o'clock"),
        LAST_HOUR,
    ),
    # What counts as the first answer to the customer; an internal note never does.
    "answer.call": OptionSpec(
        True, _("A logged telephone call counts as the first answer to the customer"), bool
    ),
    "answer.note": OptionSpec(
        True, _("A note that the customer may read counts as the first answer"), bool
    ),
    "answer.acceptance": OptionSpec(
        False, _("A dealer's acceptance of the offer counts as the first answer"), bool
    ),
    "answer.arrangement": OptionSpec(
        True, _("The arrangement of the visit counts as the first answer"), bool
    ),
    "answer.arrival": OptionSpec(
        True, _("The technician's arrival counts as the first answer"), bool
    ),
    "pause.parts_stop_solution": OptionSpec(
        True, _("The promised solution stands still while a part is waited for"), bool
    ),
    "supplier.confirm_after_days": OptionSpec(
        92, _("A supplier's entry is confirmed as exact at least every"), int, _("days")
    ),
    "adjustment.object_days": OptionSpec(
        7, _("A dealer may object to a deduction for"), int, _("days")
    ),
    "adjustment.second_person_cents": OptionSpec(
        0, _("An adjustment up to this amount needs no second person"), int, _("cents")
    ),
    "settlement.confirm_days": OptionSpec(
        7, _("A dealer answers a settlement notice within"), int, _("days")
    ),
    "spot_check.percent": OptionSpec(
        5, _("Of the settled claims a spot check draws"), int, _("percent"), 100
    ),
    "spot_check.least": OptionSpec(3, _("A spot check draws at least so many claims"), int),
    "spot_check.papers_days": OptionSpec(
        20, _("Papers for a spot check are in within"), int, _("days")
    ),
    "spot_check.look_back_days": OptionSpec(
        365, _("The first spot check of a dealer looks back"), int, _("days")
    ),
    "old_part.days": OptionSpec(
        90, _("Without a return window ahead, an old part is due this long after"), int, _("days")
    ),
    "old_part.lead_days": OptionSpec(
        14,
        _("A return window counts for an old part when it closes no sooner than"),
        int,
        _("days"),
    ),
    "old_part.warn_days": OptionSpec(
        14, _("The dealer is warned of an old part this long before it is due"), int, _("days")
    ),
    "old_part.appraise_days": OptionSpec(
        10, _("An old part is appraised this long after receipt"), int, _("working days")
    ),
    "old_part.keep_days": OptionSpec(
        30, _("A refused old part is kept for its owner this long"), int, _("days")
    ),
    "claim.correct_days": OptionSpec(
        30, _("A dealer corrects a returned claim within"), int, _("days")
    ),
    "claim.decide_days": OptionSpec(
        10, _("A claim is decided within"), int, _("working days"), 365
    ),
    "claim.appeal_days": OptionSpec(
        15, _("A dealer may appeal a decision on a claim for"), int, _("days")
    ),
    "upload.max_mb": OptionSpec(25, _("Largest attachment"), int, "MB"),
}


def option(key: str, *, at: datetime | None = None) -> Any:
    """The value that counts at an instant (default: now) in the current tenant."""
    stored = (
        Option.objects.filter(key=key, valid_from__lte=at or timezone.now())
        .order_by("-valid_from", "-id")
        .values_list("value", flat=True)
        .first()
    )
    return OPTIONS[key].default if stored is None else stored


@verb
def set_option(*, actor: Actor, key: str, value: Any, reason: str = "") -> Option:
    """Give a setting a new value from now on; running clocks keep theirs."""
    if not OPTIONS[key].fits(value):
        raise DomainError(_("This value does not fit the setting."), field=key)
    row = Option.objects.create(
        key=key,
        value=value,
        valid_from=timezone.now(),
        author_label=actor.label,
        reason=reason,
    )
    audit.record(actor, "option.set", row, key=key, value=value, reason=reason)
    publish("option.set", key=key, value=value)
    return row
