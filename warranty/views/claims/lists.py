"""The lists of claims: work first, the oldest due on top; the file of exactly what is shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.lists import chips, newest_first
from core.money import yuan
from dealers.services import note_export
from warranty.filters.claims import ClaimFilter
from warranty.models import Claim
from warranty.queries import claim_lists
from warranty.queries.claim_pages import clock_of

DEALER_FIELDS = ("q", "state", "type", "since", "until")
DESK_FIELDS = ("q", "state", "dealer", "level", "risk", "machine", "type")


@require_safe
@page("claim.view")
def claims(request: ActorRequest) -> HttpResponse:
    """Claims by queue, state, dealer, level, risk and machine; all of it stands in the address."""
    actor = request.actor
    queues = claim_lists.queues_of(actor)
    queue = next((each for each in queues if each.code == request.GET.get("queue")), None)
    found = ClaimFilter(request.GET, claim_lists.claim_list(actor), request=request)
    after = request.GET.get("after", "")
    if queue is None:
        listed = newest_first(found.qs, after)
    else:
        listed = claim_lists.oldest_due_first(queue.rows(actor, found.qs), after)
    for claim in listed.rows:
        vars(claim)["clock"] = clock_of(claim)
    names = DEALER_FIELDS if actor.is_dealer else DESK_FIELDS
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": listed,
        "queues": queues,
        "queue": queue,
        "export_url": "export/",
    }
    return render(request, "warranty/claims/list.html", context)


@require_safe
@page("claim.view")
def claim_export(request: ActorRequest) -> HttpResponse:
    """The filtered claims as a file; the audit keeps who took them (R-006)."""
    actor = request.actor
    found = ClaimFilter(request.GET, claim_lists.claim_list(actor), request=request)
    rows_asked = found.qs
    for queue in claim_lists.queues_of(actor):
        if queue.code == request.GET.get("queue"):
            rows_asked = queue.rows(actor, rows_asked)
    rows = list(sheets.at_most(rows_asked.order_by("-pk")))
    note_export(actor=actor, company=request.tenant, noun="claim", rows=len(rows))
    head = [_("Claim number"), _("State"), _("Type"), _("Dealer"), _("Machine"), _("Model")]
    head += [_("Repaired on"), _("Filed"), _("Decided"), _("Claimed"), _("Approved")]
    if not actor.is_dealer:
        head += [_("Review level"), _("Decided by")]
    cells = (_cells(claim, is_dealer=actor.is_dealer) for claim in rows)
    return sheets.answer(request.GET.get("format", ""), _("claims"), head, cells)


def _cells(claim: Claim, *, is_dealer: bool) -> list[object]:
    cells: list[object] = [
        *[claim.number, claim.get_state_display(), claim.get_type_display()],
        *[claim.dealer.name if claim.dealer else "", claim.machine.serial_number],
        *[claim.machine.model.code, claim.repaired_on, claim.submitted_at, claim.decided_at],
        yuan(claim.claimed_cents),
        "" if claim.approved_cents is None else yuan(claim.approved_cents),
    ]
    return cells if is_dealer else [*cells, claim.level or "", claim.decided_label]
