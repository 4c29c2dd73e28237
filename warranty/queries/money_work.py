"""What waits for whom in the money of the guarantee: lists and counts."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from warranty.access import adjustments as adjustment_gate
from warranty.access import settlements as settlement_gate
from warranty.models import Adjustment, Settlement
from warranty.queries import settlements as queries
from warranty.states.settlements import AdjustmentState, SettlementState
from warranty.worklists import Work

S, A = SettlementState, AdjustmentState


def settlement_list(actor: Actor) -> QuerySet[Settlement]:
    """What the actor sees, with what lists show."""
    return settlement_gate.visible(actor)


def adjustment_list(actor: Actor) -> QuerySet[Adjustment]:
    return adjustment_gate.visible(actor)


def settlement_work(actor: Actor) -> list[Work]:
    """Drafts, checks, answers, posts and offsets; the dealer's own notices to answer."""
    lines: list[Work] = []
    if actor.may("settlement.draft"):
        waiting = queries.open_decisions().values("line__version__claim__payee")
        lines.append(
            Work(
                _("Dealers whose money waits for a settlement"),
                reverse("warranty:settlements-waiting"),
                waiting.order_by().distinct().count(),
            )
        )
    if not actor.may("settlement.view"):
        return lines
    today = timezone.localdate()
    states = _states(actor)
    if not states:
        return lines
    late = Q(state=S.ISSUED, confirm_by__lt=today)
    counted = settlement_gate.visible(actor).aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in states},
        late=Count("pk", filter=late),
    )
    for state, label in states.items():
        is_late = state == S.ISSUED and counted["late"] > 0
        lines.append(Work(label, _list(state), counted[state], is_late=is_late))
    return lines


def _states(actor: Actor) -> dict[str, Promise]:
    """The states that wait for this role, each with its words."""
    found: dict[str, Promise] = {}
    if actor.may("settlement.check"):
        found[S.DRAFT] = _("Draft settlements to check")
        found[S.CHECKED] = _("Settlements to issue")
        found[S.DISPUTED] = _("Disputed settlements to issue anew")
    if actor.may("settlement.confirm"):
        found[S.ISSUED] = _("Settlement notices to answer")
    if actor.may("settlement.record_paper"):
        found[S.ISSUED] = _("Settlement notices without an answer")
    if actor.may("settlement.post"):
        found[S.CONFIRMED] = _("Confirmed settlements to post")
    if actor.may("settlement.offset"):
        found[S.POSTED] = _("Posted settlements to offset or pay")
    return found


def adjustment_work(actor: Actor) -> list[Work]:
    """Adjustments to approve or answer; the dealer's own to object to in time."""
    rows = adjustment_gate.visible(actor)
    if actor.may("adjustment.approve"):
        counted = rows.aggregate(
            draft=Count("pk", filter=Q(state=A.DRAFT)),
            objected=Count("pk", filter=Q(state=A.OBJECTED)),
        )
        return [
            Work(_("Adjustments to approve"), _adjustments(A.DRAFT), counted["draft"]),
            Work(_("Objections to answer"), _adjustments(A.OBJECTED), counted["objected"]),
        ]
    if actor.may("adjustment.object"):
        told = rows.filter(state=A.NOTIFIED).count()
        return [Work(_("Deductions you may object to"), _adjustments(A.NOTIFIED), told)]
    return []


def usual_period(today: date) -> tuple[date, date]:
    """The usual period of a draft: from the first of the month to today."""
    return today.replace(day=1), today


def _list(state: str) -> str:
    return f"{reverse('warranty:settlements')}?{urlencode({'state': state})}"


def _adjustments(state: str) -> str:
    return f"{reverse('warranty:adjustments')}?{urlencode({'state': state})}"
