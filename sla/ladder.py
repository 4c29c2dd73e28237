"""The ladder as data: what each rung does, when, and what is wrong with one (R-030).

Pure: a rung is a row of `Target.ladder`, such as {"after": -60, "action": "remind"},
{"percent": 150, "action": "escalate", "role": "manager"}; without an action it escalates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import DEALER_ROLES, Role
from sla.states import Promise

REMIND, ESCALATE, REASSIGN, RAISE, WEBHOOK = "remind", "escalate", "reassign", "raise", "webhook"
ACTIONS = (REMIND, ESCALATE, REASSIGN, RAISE, WEBHOOK)
# What goes up the ladder; an acknowledgement stops it. Reminders and calls to programs go on.
RISING = (ESCALATE, REASSIGN, RAISE)
# Promises of a receiver, from whom the work can be taken back.
OF_A_RECEIVER = (Promise.ARRANGE,)
MOST_RUNGS = 20
LONGEST_AFTER = 366 * 24 * 60  # minutes: a year of a calendar that never closes
LARGEST_SHARE = 1000


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: at working minutes after the due time (negative: before), or at a share."""

    after: int = 0
    percent: int | None = None
    action: str = ESCALATE
    role: str = ""
    webhook: str = ""

    def fits(self, minutes: int) -> bool:
        """Whether it lies after the start of a promise of that length."""
        return self.percent is not None or minutes + self.after > 0


def rungs_of(ladder: Iterable[Mapping[str, Any]]) -> list[Rung]:
    """The rungs of a ladder as it is kept; one that `check_ladder` has passed."""
    return [
        Rung(
            after=row.get("after") or 0,
            percent=row.get("percent"),
            action=row.get("action") or ESCALATE,
            role=row.get("role") or "",
            webhook=row.get("webhook") or "",
        )
        for row in ladder
    ]


def check_ladder(minutes: int, rungs: Any, *, promise: str = "") -> list[str]:
    """What is wrong with a ladder of a promise of `minutes`, a sentence each; none: all right.

    With the promise it also says which of its steps such a promise cannot have.
    """
    if not isinstance(rungs, list) or not all(isinstance(row, dict) for row in rungs):
        return [_("A ladder is a list of steps.")]
    if len(rungs) > MOST_RUNGS:
        return [_("A ladder has at most %(most)s steps.") % {"most": MOST_RUNGS}]
    numbered = _("Step %(number)s: %(complaint)s")
    found: list[str] = []
    seen: set[tuple[Any, ...]] = set()
    for number, row in enumerate(rungs, start=1):
        complaint = _wrong_time(minutes, row) or _wrong_deed(row, promise)
        if not complaint:
            rung = rungs_of([row])[0]
            complaint = _("the same step stands above already.") if _key(rung) in seen else ""
            seen.add(_key(rung))
        if complaint:
            found.append(numbered % {"number": number, "complaint": complaint})
    return found


def _key(rung: Rung) -> tuple[Any, ...]:
    return (rung.after, rung.percent, rung.action, rung.role, rung.webhook)


def _wrong_time(minutes: int, row: dict[str, Any]) -> str:
    after: Any = row.get("after")
    percent: Any = row.get("percent")
    if (after is None) == (percent is None):
        return _("say when, either in minutes or in percent.")
    if percent is not None:
        if not _is_whole(percent) or not 0 < percent <= LARGEST_SHARE:
            return _("the percent are a whole number from 1 to %(most)s.") % {"most": LARGEST_SHARE}
        return ""
    if not _is_whole(after) or abs(after) > LONGEST_AFTER:
        return _("the minutes are a whole number, at most %(most)s.") % {"most": LONGEST_AFTER}
    if minutes + after <= 0:
        return _(
            "%(before)s minutes before the due time lie before the start of a promise"
            " of %(minutes)s minutes."
        ) % {"before": -after, "minutes": minutes}
    return ""


def _wrong_deed(row: dict[str, Any], promise: str) -> str:
    action, role = row.get("action") or ESCALATE, row.get("role") or ""
    if action not in ACTIONS:
        return _("nobody knows what “%(action)s” does.") % {"action": action}
    if action == ESCALATE and (role not in Role.values or role in DEALER_ROLES):
        # Everybody of such a role at every dealer would be told: each other's customers too.
        return _("choose a role of the company that is told.")
    if action == WEBHOOK and not row.get("webhook"):
        return _("choose the address that is called.")
    if action == REASSIGN and promise and promise not in OF_A_RECEIVER:
        return _("only work that a receiver is to arrange can be taken back.")
    return ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
