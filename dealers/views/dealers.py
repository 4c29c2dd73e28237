"""Pages of dealers: gate, form, service, answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page, signed_in
from accounts.middleware import ActorRequest
from accounts.models import Membership
from core import menu, sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.phones import display
from dealers import access, queries, regions, services
from dealers.filters import DealerFilter
from dealers.forms import DealerForm, OutletForm
from dealers.models import Dealer, Outlet, Territory

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@signed_in
def region_options(request: ActorRequest) -> HttpResponse:
    """The names of regions that fit what is typed, for a `<datalist>`."""
    keys = ("q", "region_code", "region")
    typed = next((request.GET[key] for key in keys if key in request.GET), "")
    return render(request, "dealers/_region_options.html", {"found": regions.suggestions(typed)})


@require_safe
@page("dealer.view")
def dealer_options(request: ActorRequest) -> HttpResponse:
    """Dealers that fit what is typed, for a `<datalist>`."""
    keys = ("q", "dealer", "parent")
    typed = next((request.GET[key] for key in keys if key in request.GET), "")
    rows = DealerFilter({"q": typed}, queries.dealer_list(request.actor), request=request).qs
    return render(request, "dealers/_dealer_options.html", {"found": rows.order_by("number")[:12]})


@require_safe
@page("dealer.view")
def dealer_list(request: ActorRequest) -> HttpResponse:
    """Dealers by region, grade and whether they take work."""
    found = DealerFilter(request.GET, queries.dealer_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""))
    queries.name_regions(listed.rows)
    context = {
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("dealers:export") if request.actor.may("dealer.export") else "",
    }
    return render(request, "dealers/list.html", context)


@require_safe
@page("dealer.export")
def dealer_export(request: ActorRequest) -> HttpResponse:
    """The filtered dealers as a file; the audit keeps who took it (R-006)."""
    found = DealerFilter(request.GET, queries.dealer_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    queries.name_regions(rows)
    services.note_export(actor=request.actor, company=request.tenant, noun="dealer", rows=len(rows))
    head = [_("Dealer number"), _("Name"), _("Grade"), _("Contact person"), _("Telephone")]
    head += [_("Region"), _("Address"), _("Agreement ends on"), _("Active")]
    cells = (
        [d.number, d.name, d.level.name, d.contact_name, display(d.phone)]
        + [vars(d)["region"], d.address, d.agreement_ends_on, _("yes") if d.is_active else _("no")]
        for d in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("dealers"), head, cells)


@require_safe
@page("dealer.view")
def dealer_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One dealer: its file, the regions it answers for, its outlets and people."""
    dealer = queries.dealer_detail(request.actor, access.get_dealer(request.actor, number))
    territories, outlets = list(dealer.territories.all()), list(dealer.outlets.all())
    queries.name_regions([dealer, *territories, *outlets])
    for place, outlet in enumerate(sorted(outlets, key=lambda row: row.pk), start=1):
        vars(outlet)["place"] = place
    actor, today = request.actor, timezone.localdate()
    people = Membership.objects.filter(dealer_id=dealer.pk, is_active=True).select_related("user")
    context = {
        "dealer": dealer,
        "territories": territories,
        "outlets": outlets,
        "people": people.order_by("role", "pk"),
        "works": Dealer.objects.filter(queries.working(), pk=dealer.pk).exists(),
        "may_edit": actor.may("dealer.edit"),
        "today": today,
        "contracts": queries.contracts_of(actor, dealer) if actor.may("contract.view") else None,
        "rates": queries.rates_for(dealer, today) if actor.may("rate.view") else None,
        "may_contract": actor.may("contract.edit"),
        "tickets_url": menu.address("tickets:list"),
        "machines_url": menu.address("machines:machines"),
    }
    return render(request, "dealers/detail.html", context)


@require_http_methods(FORM_METHODS)
@page("dealer.edit")
def dealer_new(request: ActorRequest) -> HttpResponse:
    """Open a dealer's file."""
    form = DealerForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        dealer = attempt(form, lambda: services.create_dealer(actor=request.actor, **data))
        if dealer is not None:
            messages.success(request, _("Dealer %(number)s is saved.") % {"number": dealer.number})
            return redirect("dealers:detail", number=dealer.number)
    return _form(request, form, _("New dealer"), _("Save dealer"))


@require_http_methods(FORM_METHODS)
@page("dealer.edit")
def dealer_edit(request: ActorRequest, number: str) -> HttpResponse:
    """Change a dealer's file."""
    dealer = access.get_dealer(request.actor, number, to="dealer.edit")
    form = DealerForm(
        request.POST or None, actor=request.actor, is_new=False, initial=_initial(dealer)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.edit_dealer(actor=request.actor, dealer=dealer, **data)):
            messages.success(request, _("The changes are saved."))
            return redirect("dealers:detail", number=dealer.number)
    return _form(request, form, _("Edit dealer %(name)s") % {"name": dealer}, _("Save"), dealer)


def _initial(dealer: Dealer) -> dict[str, Any]:
    return {name: getattr(dealer, name) for name in services.DEALER_FIELDS}


@require_POST
@page("dealer.edit")
def territory_remove(request: ActorRequest, number: str) -> HttpResponse:
    """Take a region from a dealer."""
    dealer = access.get_dealer(request.actor, number, to="dealer.edit")
    territory = get_object_or_404(
        Territory,
        dealer=dealer,
        region_code=request.POST.get("region_code", ""),
        product_line_code=request.POST.get("product_line_code", ""),
    )
    services.remove_territory(actor=request.actor, dealer=dealer, territory=territory)
    messages.success(request, _("The region is taken from this dealer."))
    return redirect("dealers:detail", number=dealer.number)


@require_http_methods(FORM_METHODS)
@page("dealer.edit")
def outlet_new(request: ActorRequest, number: str) -> HttpResponse:
    """Open a place of repair."""
    dealer = access.get_dealer(request.actor, number, to="dealer.edit")
    form = OutletForm(request.POST or None, initial={"region_code": dealer.region_code})
    if request.method == "POST" and form.is_valid():
        data = {key: value for key, value in form.cleaned_data.items() if key != "is_active"}
        if attempt(form, lambda: services.add_outlet(actor=request.actor, dealer=dealer, **data)):
            messages.success(request, _("The outlet is saved."))
            return redirect("dealers:detail", number=dealer.number)
    return _form(request, form, _("New outlet of %(name)s") % {"name": dealer}, _("Save"), dealer)


@require_http_methods(FORM_METHODS)
@page("dealer.edit")
def outlet_edit(request: ActorRequest, number: str, place: int) -> HttpResponse:
    """Change or close an outlet; `place` counts the dealer's outlets from 1 as they were opened."""
    dealer = access.get_dealer(request.actor, number, to="dealer.edit")
    outlet = get_object_or_404(Outlet, pk=_nth(dealer, place))
    initial = {name: getattr(outlet, name) for name in services.OUTLET_FIELDS}
    form = OutletForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.edit_outlet(actor=request.actor, outlet=outlet, **data)):
            messages.success(request, _("The changes are saved."))
            return redirect("dealers:detail", number=dealer.number)
    return _form(
        request, form, _("Edit outlet %(name)s") % {"name": outlet.name}, _("Save"), dealer
    )


def _nth(dealer: Dealer, place: int) -> int | None:
    keys = list(dealer.outlets.order_by("pk").values_list("pk", flat=True))
    return keys[place - 1] if 1 <= place <= len(keys) else None


def _form(
    request: ActorRequest, form: Any, heading: str, verb: str, dealer: Dealer | None = None
) -> HttpResponse:
    context = {"form": form, "heading": heading, "verb": verb, "dealer": dealer}
    return render(request, "dealers/form.html", context, status=status_of(form))
