"""Pages of contracts with dealers: new terms from a day on, and their end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from dealers import access, queries, services
from dealers.forms import ContractForm, EndForm
from dealers.models import Dealer

FORM_METHODS = ["GET", "HEAD", "POST"]
# What a new contract usually keeps of the one before.
KEPT = ("pay_mode", "claim_days", "is_deemed_confirmed", "needs_invoice")


@require_http_methods(FORM_METHODS)
@page("contract.edit")
def contract_new(request: ActorRequest, number: str) -> HttpResponse:
    """Agree new terms with a dealer."""
    dealer = access.get_dealer(request.actor, number, to="contract.edit")
    form = ContractForm(request.POST or None, initial=_as_now(dealer))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        contract = attempt(
            form, lambda: services.add_contract(actor=request.actor, dealer=dealer, **data)
        )
        if contract is not None:
            messages.success(
                request, _("Contract %(number)s is saved.") % {"number": contract.number}
            )
            return redirect("dealers:detail", number=dealer.number)
    heading = _("New contract with %(name)s") % {"name": dealer}
    context = {"form": form, "heading": heading, "verb": _("Save contract"), "dealer": dealer}
    return render(request, "dealers/form.html", context, status=status_of(form))


def _as_now(dealer: Dealer) -> dict[str, Any]:
    today = timezone.localdate()
    running = queries.contract_on(dealer, today)
    kept = {name: getattr(running, name) for name in KEPT} if running else {}
    return {"from_on": today, **kept}


@require_http_methods(FORM_METHODS)
@page("contract.edit")
def contract_end(request: ActorRequest, number: str, contract: str) -> HttpResponse:
    """Say the last day of a contract, or withdraw one to come."""
    found = access.get_contract(request.actor, number, contract, to="contract.edit")
    form = EndForm(request.POST or None, initial={"until_on": found.until_on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form, lambda: services.end_contract(actor=request.actor, contract=found, **data)
        ):
            messages.success(request, _("The end of the contract is saved."))
            return redirect("dealers:detail", number=number)
    context = {
        "form": form,
        "heading": _("End contract %(number)s") % {"number": found.number},
        "verb": _("Save the end"),
        "dealer": found.dealer,
    }
    return render(request, "dealers/form.html", context, status=status_of(form))
