"""When pieces may travel: return windows, truck runs, and the driver's pick list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from core.lists import newest_first
from dealers.models import Dealer
from warranty.access import oldparts as access
from warranty.forms.oldparts import StopForm, TruckForm, WindowForm
from warranty.models import Truck
from warranty.oldpart_words import told
from warranty.papers import oldparts as papers
from warranty.queries import oldparts as queries
from warranty.services import oldparts as services
from warranty.views.oldparts.pieces import as_pdf

FORM_METHODS = ["GET", "HEAD", "POST"]


def _day(closes: str) -> date:
    """The day in the address of a window; anything else names none."""
    try:
        return date.fromisoformat(closes)
    except ValueError as error:
        raise Http404 from error


@require_safe
@page("old_part.view")
def window_list(request: ActorRequest) -> HttpResponse:
    """The windows, those to come first."""
    rows = list(access.visible_windows(request.actor).order_by("-closes_on")[:40])
    today = timezone.localdate()
    context = {
        "windows": rows,
        "today": today,
        "may_edit": request.actor.may("return_window.edit"),
        "is_running_out": not any(row.opens_on > today for row in rows),
    }
    return render(request, "warranty/oldparts/windows.html", context)


def _form_page(
    request: ActorRequest, form: Any, heading: str, verb: str, up: tuple[str, str]
) -> HttpResponse:
    context = {"form": form, "heading": heading, "verb": verb, "up_url": up[0], "up_label": up[1]}
    return render(request, "warranty/oldparts/form.html", context, status=status_of(form))


@require_http_methods(FORM_METHODS)
@page("return_window.edit")
def window_new(request: ActorRequest) -> HttpResponse:
    """Lay down a window."""
    form = WindowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.create_window(actor=request.actor, **data)):
            messages.success(request, _("The return window is laid down."))
            return redirect("warranty:return-windows")
    up = (reverse("warranty:return-windows"), _("Return windows"))
    return _form_page(request, form, _("New return window"), _("Lay it down"), up)


@require_http_methods(FORM_METHODS)
@page("return_window.edit")
def window_edit(request: ActorRequest, closes: str) -> HttpResponse:
    """Move a window; pieces that wait for its last day go with a later one."""
    window = access.get_window(request.actor, _day(closes))
    initial = {
        "name": window.name,
        "opens_on": window.opens_on,
        "closes_on": window.closes_on,
    }
    form = WindowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form, lambda: services.edit_window(actor=request.actor, window=window, **data)
        )
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect("warranty:return-windows")
    up = (reverse("warranty:return-windows"), _("Return windows"))
    heading = _("Return window %(name)s") % {"name": window.name}
    return _form_page(request, form, heading, _("Save"), up)


@require_POST
@page("return_window.edit")
def window_remove(request: ActorRequest, closes: str) -> HttpResponse:
    """Take a window back in which nothing has travelled."""
    window = access.get_window(request.actor, _day(closes))
    services.remove_window(actor=request.actor, window=window)
    messages.success(request, _("The return window is taken back."))
    return redirect("warranty:return-windows")


@require_safe
@page("truck.manage")
def truck_list(request: ActorRequest) -> HttpResponse:
    """Truck runs, the newest first."""
    listed = newest_first(queries.truck_list(request.actor), request.GET.get("after", ""))
    return render(request, "warranty/oldparts/trucks.html", {"listed": listed})


@require_http_methods(FORM_METHODS)
@page("truck.manage")
def truck_new(request: ActorRequest) -> HttpResponse:
    """Write down a truck that goes back empty."""
    form = TruckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: services.create_truck(actor=request.actor, **data))
        if made is not None:
            messages.success(request, _("Now name the dealers on its way."))
            return redirect("warranty:truck", number=made.number)
    up = (reverse("warranty:trucks"), _("Truck runs"))
    return _form_page(request, form, _("New truck run"), _("Save truck run"), up)


@require_http_methods(FORM_METHODS)
@page("truck.manage")
def truck_edit(request: ActorRequest, number: str) -> HttpResponse:
    """Another driver, plate or day."""
    truck = access.get_truck(request.actor, number)
    names = ("plate", "driver_name", "driver_phone", "leaves_on")
    form = TruckForm(request.POST or None, initial={n: getattr(truck, n) for n in names})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: services.edit_truck(actor=request.actor, truck=truck, **data))
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect("warranty:truck", number=truck.number)
    up = (reverse("warranty:truck", args=[truck.number]), truck.number)
    return _form_page(request, form, _("Edit truck run"), _("Save"), up)


@require_safe
@page("truck.manage")
def truck_detail(request: ActorRequest, number: str) -> HttpResponse:
    """The run with its stops, and what the driver finds at each: made for a phone."""
    truck = access.get_truck(request.actor, number)
    return _truck_page(request, truck, StopForm(actor=request.actor))


def _truck_page(request: ActorRequest, truck: Truck, form: StopForm) -> HttpResponse:
    stops = queries.pick_list(request.actor, truck)
    context = {
        "truck": truck,
        "stops": stops,
        "box_count": sum(stop.box_count for stop in stops),
        "form": form,
        "story": told(queries.events_of("truck", truck.pk)),
    }
    status = status_of(form)
    return render(request, "warranty/oldparts/truck.html", context, status=status)


@require_POST
@page("truck.manage")
def stop_add(request: ActorRequest, number: str) -> HttpResponse:
    """One dealer more on the way, or another day for one."""
    truck = access.get_truck(request.actor, number)
    form = StopForm(request.POST, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: services.add_stop(actor=request.actor, truck=truck, **data))
        if done is not None:
            return redirect("warranty:truck", number=truck.number)
    return _truck_page(request, truck, form)


@require_POST
@page("truck.manage")
def stop_remove(request: ActorRequest, number: str) -> HttpResponse:
    """The truck passes this dealer no more."""
    truck = access.get_truck(request.actor, number)
    dealers = Dealer.objects.filter(pk__in=truck.stops.values("dealer_id"))
    dealer = get_object_or_404(dealers, number=request.POST.get("dealer", ""))
    services.remove_stop(actor=request.actor, truck=truck, dealer=dealer)
    return redirect("warranty:truck", number=truck.number)


@require_POST
@page("truck.manage")
def truck_cancel(request: ActorRequest, number: str) -> HttpResponse:
    """The truck does not run."""
    truck = access.get_truck(request.actor, number)
    services.cancel_truck(actor=request.actor, truck=truck)
    messages.success(request, _("The truck run is called off."))
    return redirect("warranty:truck", number=truck.number)


@require_safe
@page("truck.manage")
def truck_paper(request: ActorRequest, number: str) -> HttpResponse:
    """The driver's pick list as PDF."""
    truck = access.get_truck(request.actor, number)
    stops = queries.pick_list(request.actor, truck)
    language = papers.language_of(request.GET.get("language") or get_language())
    content = papers.pick_list(truck, stops, tenant=request.tenant, language=language)
    return as_pdf(content, truck.number)
