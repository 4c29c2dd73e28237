"""A dealer's own contract and rates, to read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from dealers import access, queries


@require_safe
@page("contract.view")
def terms(request: ActorRequest) -> HttpResponse:
    """The contracts with a dealer and its sub-dealers, and what their work is paid today."""
    actor, today = request.actor, timezone.localdate()
    if not actor.is_dealer:
        return redirect("dealers:list")
    dealers = list(access.visible(actor).select_related("level", "parent").order_by("pk"))
    dealers.sort(key=lambda dealer: dealer.pk != actor.dealer_id)  # its own first
    rates = queries.rates_for_many((dealer, today) for dealer in dealers)
    contracts = queries.contracts_of_many(actor, dealers)
    rows = [(dealer, contracts[dealer.pk], rates[dealer.pk, today]) for dealer in dealers]
    return render(request, "portal/terms.html", {"rows": rows, "today": today})
