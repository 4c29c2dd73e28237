"""What happens to old parts by themselves: warned, overdue, charged, scrapped, deducted.

Every step asks the rows as they are, so a doubled or lost run changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import structlog
from django.db.models import F, Q
from django.utils import timezone

from accounts.queries import people_in_role
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.models import Heartbeat, Tenant
from core.options import option
from core.tenancy import tenant_scope, verb
from parts.models import Gate
from warranty.models import OldPartReturn
from warranty.services.moving import take
from warranty.services.oldparts import charging, telling
from warranty.services.oldparts.judging import scrap_unfetched
from warranty.states.oldparts import JUDGED, OLD_PART_ACTIONS, OldPartState
from warranty.states.settlements import AdjustmentKind, AdjustmentState

HEARTBEAT = "warranty.sweep_old_parts"
STILL_TO_COME = (OldPartState.EXPECTED, OldPartState.TAGGED, OldPartState.BOXED)
# The dealer's time to object is over: the money is taken.
TAKEN = (AdjustmentState.FINAL, AdjustmentState.IN_SETTLEMENT, AdjustmentState.SETTLED)

log = structlog.get_logger(__name__)


def sweep_all() -> int:
    """Every company in turn; one that fails does not leave the others behind."""
    handled = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                handled += sweep(actor=Actor.system(tenant.pk))
        except Exception:
            log.exception("warranty.old_parts_not_swept", sick_tenant=tenant.pk)
    Heartbeat.objects.update_or_create(
        name=HEARTBEAT, defaults={"at": timezone.now(), "handled": handled}
    )
    return handled


@verb
def sweep(*, actor: Actor, today: date | None = None) -> int:
    """All of it for the company whose scope we are in; returns how many pieces moved."""
    day = today or timezone.localdate()
    warn(day)
    moved = make_overdue(actor, day)
    charge_all()
    moved += end_deducted(actor)
    return moved + scrap_kept(actor, day)


def warn(today: date) -> None:
    """Tell each dealer once per due day what has to travel soon (R-149)."""
    until = today + timedelta(days=option("old_part.warn_days"))
    soon = OldPartReturn.objects.filter(
        state__in=STILL_TO_COME, due_on__gte=today, due_on__lte=until
    )
    counts: dict[tuple[int | None, date], int] = defaultdict(int)
    for dealer_id, due_on in soon.values_list("dealer_id", "due_on"):
        counts[dealer_id, due_on] += 1
    for (owner, day), count in counts.items():
        telling.tell(
            telling.owners(owner),
            "old_part.due_soon",
            {"count": count, "due_on": day},
            f"old_part.due_soon:{owner or 0}:{day}",
        )


def make_overdue(actor: Actor, today: date) -> int:
    """What was not sent by its day is overdue, and leaves its box.

    A piece that was tagged after its day is on its way to a box: it is not pulled back.
    """
    late = (
        OldPartReturn.objects.filter(state__in=STILL_TO_COME, due_on__lt=today)
        .filter(Q(tagged_at=None) | Q(tagged_at__date__lte=F("due_on")))
        .order_by("pk")
    )
    owing: dict[int | None, list[OldPartReturn]] = defaultdict(list)
    for piece in late:
        row = take(actor, piece, OLD_PART_ACTIONS, "overdue")
        row.box = None
        row.save(update_fields=["state", "box", "changed_at"])
        audit.record(actor, "old_part.overdue", row, due=row.due_on)
        owing[row.dealer_id].append(row)
    reps = people_in_role(Role.SALES_REP) if owing else []
    for owner, pieces in owing.items():
        numbers = ", ".join(piece.number for piece in pieces[:5])
        telling.tell(
            [*telling.owners(owner), *reps],
            "old_part.overdue",
            {
                "count": len(pieces),
                "numbers": numbers,
                "dealer": str(pieces[0].dealer or ""),
            },
            f"old_part.overdue:{owner or 0}:{today}",
        )
    return sum(map(len, owing.values()))


def charge_all() -> None:
    """Deductions that have become due since: the claim was decided after the piece was judged."""
    not_yet = OldPartReturn.objects.exclude(gate=Gate.NONE).exclude(
        adjustments__kind=AdjustmentKind.DEDUCTION
    )
    refused = Q(state__in=JUDGED, appraisals__is_covered=False)
    missing = Q(state__in=charging.NOT_BACK, gate=Gate.DEDUCT)
    waiting = not_yet.filter(
        refused | missing, claim__state__in=charging.DECIDED, dealer__isnull=False
    )
    for piece in waiting.select_related("claim", "dealer", "part", "report_part").distinct():
        charging.charge(piece)


def end_deducted(actor: Actor) -> int:
    """A piece whose deduction is final is over: missing ones at once, judged ones when moved."""
    ended = (
        OldPartReturn.objects.filter(
            state__in=[*charging.NOT_BACK, OldPartState.DONE],
            adjustments__kind=AdjustmentKind.DEDUCTION,
            adjustments__state__in=TAKEN,
        )
        .exclude(adjustments__kind=AdjustmentKind.ADDITION)
        .distinct()
        .order_by("pk")
    )
    for piece in ended:
        row = take(actor, piece, OLD_PART_ACTIONS, "deduct")
        row.save(update_fields=["state", "changed_at"])
        audit.record(actor, "old_part.deducted", row)
    return len(ended)


def scrap_kept(actor: Actor, today: date) -> int:
    """Refused pieces that nobody fetched in their time."""
    over = OldPartReturn.objects.filter(
        state=OldPartState.BACK_TO_DEALER, keep_until__lt=today
    ).order_by("pk")
    for piece in over:
        scrap_unfetched(actor, piece)
    return len(over)
