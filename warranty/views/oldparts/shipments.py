"""Shipments (旧件发运单): boxes packed and sent by the dealer, gone through by the keeper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from core.forms import attempt
from core.lists import chips, newest_first
from dealers.models import Dealer
from warranty.access import oldparts as access
from warranty.filters.oldparts import ShipmentFilter
from warranty.forms import oldparts as forms
from warranty.models import Box, OldPartReturn, ReturnShipment
from warranty.oldpart_words import chance_said, told
from warranty.papers import oldparts as papers
from warranty.queries import oldparts as queries
from warranty.rules.oldparts import read_tag, read_tags
from warranty.services import oldparts as services
from warranty.services.moving import may_take
from warranty.states.oldparts import SHIPMENT_ACTIONS, OldPartState, ShipmentState
from warranty.views.oldparts.pieces import as_pdf, chosen

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("old_part.view")
def shipment_list(request: ActorRequest) -> HttpResponse:
    """Consignments, the newest first."""
    found = ShipmentFilter(request.GET, queries.shipment_list(request.actor), request=request)
    names = ["q", "state"] + ([] if request.actor.is_dealer else ["dealer"])
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "many_dealers": not request.actor.is_dealer or len(request.actor.dealer_ids or ()) > 1,
        "windows": queries.windows_ahead()[:2],
        "may_pack": request.actor.may("old_part.ship"),
    }
    return render(request, "warranty/oldparts/shipments.html", context)


@require_POST
@page("old_part.ship")
def shipment_new(request: ActorRequest) -> HttpResponse:
    """Begin a shipment, with the chosen pieces in its first box where they are tagged."""
    pieces = chosen(request, request.POST.getlist("piece"))
    owners = {piece.dealer_id for piece in pieces}
    if len(owners) > 1:
        messages.error(request, _("These pieces belong to several dealers: pack each apart."))
        return redirect(reverse("warranty:old-parts") + "?show=to_send")
    dealer_id = owners.pop() if owners else request.actor.dealer_id
    dealer = Dealer.objects.get(pk=dealer_id) if dealer_id is not None else None
    shipment = services.start_shipment(actor=request.actor, dealer=dealer)
    box = shipment.boxes.get()
    for piece in pieces:
        _try_to_pack(request, piece, box)
    return redirect("warranty:shipment", number=shipment.number)


def _try_to_pack(request: ActorRequest, piece: OldPartReturn, box: Box) -> None:
    """Tag where that is still to be done, and box; what cannot go says why."""
    try:
        services.tag_pieces(actor=request.actor, pieces=[piece])
        services.box_piece(actor=request.actor, piece=piece, box=box)
    except DomainError as error:
        messages.warning(request, f"{piece.number}: {error}")


@require_safe
@page("old_part.view")
def shipment_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One shipment on one page: what is in which box, and what is to be done with it next."""
    shipment = access.get_shipment(request.actor, number)
    return render(request, "warranty/oldparts/shipment.html", page_of(request, shipment))


def page_of(request: ActorRequest, shipment: ReturnShipment, **bound: Any) -> dict[str, Any]:
    """What the page shows; `bound` are forms with errors, by the name of their part."""
    actor = request.actor
    may = may_take(actor, shipment, SHIPMENT_ACTIONS)
    is_packing = shipment.state == ShipmentState.PACKING and actor.may("old_part.ship")
    boxes = queries.boxes_of(actor, shipment)
    chance = queries.chances_of({shipment.dealer_id})[shipment.dealer_id]
    is_receiving = shipment.state == ShipmentState.SHIPPED and actor.may("old_part.receive")
    return {
        "shipment": shipment,
        "boxes": boxes,
        "piece_count": sum(len(each.pieces) for each in boxes),
        "is_packing": is_packing,
        "is_receiving": is_receiving,
        "open_count": sum(each.open_count for each in boxes),
        "may": may,
        "chance": chance_said(chance),
        "to_pack": queries.to_pack(actor, shipment) if is_packing else [],
        "pack_form": bound.get("pack") or forms.TagForm(prefix=None),
        "packed_box": bound.get("box"),
        "ship_form": bound.get("ship")
        or (forms.ShipForm(shipment=shipment) if "ship" in may else None),
        "receive_form": bound.get("receive") or forms.ReceiveShipmentForm(),
        "story": told(queries.events_of("returnshipment", shipment.pk)),
    }


def _again(request: ActorRequest, shipment: ReturnShipment, **bound: Any) -> HttpResponse:
    """The page once more, with what was typed and what is wrong."""
    context = page_of(request, shipment, **bound)
    return render(request, "warranty/oldparts/shipment.html", context, status=422)


@require_POST
@page("old_part.ship")
def box_add(request: ActorRequest, number: str) -> HttpResponse:
    """One box more."""
    shipment = access.get_shipment(request.actor, number, to="old_part.ship")
    services.add_box(actor=request.actor, shipment=shipment)
    return redirect("warranty:shipment", number=shipment.number)


@require_POST
@page("old_part.ship")
def box_pack(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """Put pieces into a box: ticked ones, or one that is typed or scanned."""
    row = access.get_box(request.actor, number, box, to="old_part.ship")
    ticked = read_tags(" ".join(request.POST.getlist("piece")))
    form = forms.TagForm(request.POST if not ticked else {"tag": " ".join(ticked)})
    if form.is_valid():
        typed = form.cleaned_data["tag"]
        if attempt(form, lambda: _pack(request, row, ticked or [typed])) is not None:
            return redirect(_at_box(row))
    return _again(request, row.shipment, pack=form, box=row.number)


def _pack(request: ActorRequest, box: Box, typed: list[str]) -> bool:
    for text in typed:
        piece = access.visible(request.actor).filter(number=read_tag(text)).first()
        if piece is None:
            raise services.errors.UnknownTag(tag=text.strip()[:60])
        services.tag_pieces(actor=request.actor, pieces=[piece])
        services.box_piece(actor=request.actor, piece=piece, box=box)
    return True


def _at_box(box: Box) -> str:
    return reverse("warranty:shipment", args=[box.shipment.number]) + f"#box-{box.number}"


@require_POST
@page("old_part.ship")
def piece_unbox(request: ActorRequest, number: str) -> HttpResponse:
    """Take a piece out of its box."""
    piece = access.get_piece(request.actor, number, to="old_part.ship")
    box = piece.box
    services.unbox_piece(actor=request.actor, piece=piece)
    if box is None:
        return redirect("warranty:old-part", number=piece.number)
    return redirect(_at_box(box))


@require_POST
@page("old_part.ship")
def box_close(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """The list of the box is right."""
    row = access.get_box(request.actor, number, box, to="old_part.ship")
    services.close_box(actor=request.actor, box=row)
    return redirect(_at_box(row))


@require_POST
@page("old_part.ship")
def box_open(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """Open a box again."""
    row = access.get_box(request.actor, number, box, to="old_part.ship")
    services.open_box(actor=request.actor, box=row)
    return redirect(_at_box(row))


@require_POST
@page("old_part.ship")
def box_remove(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """Take an empty box off."""
    row = access.get_box(request.actor, number, box, to="old_part.ship")
    services.remove_box(actor=request.actor, box=row)
    return redirect("warranty:shipment", number=row.shipment.number)


@require_POST
@page("old_part.send")
def shipment_ship(request: ActorRequest, number: str) -> HttpResponse:
    """Send it off, in an open window or by a truck."""
    shipment = access.get_shipment(request.actor, number, to="old_part.send")
    form = forms.ShipForm(request.POST, shipment=shipment)
    if form.is_valid():
        sent = attempt(
            form,
            lambda: services.ship(actor=request.actor, shipment=shipment, **form.cleaned_data),
        )
        if sent is not None:
            messages.success(request, _("The shipment is on its way. Put a list in each box."))
            return redirect("warranty:shipment", number=shipment.number)
    return _again(request, shipment, ship=form)


@require_POST
@page("old_part.ship")
def shipment_cancel(request: ActorRequest, number: str) -> HttpResponse:
    """Give a shipment up that is still being packed."""
    shipment = access.get_shipment(request.actor, number, to="old_part.ship")
    services.cancel_shipment(actor=request.actor, shipment=shipment)
    messages.success(request, _("The shipment is given up; its pieces can be packed again."))
    return redirect("warranty:shipment", number=shipment.number)


@require_safe
@page("old_part.view")
def shipment_paper(request: ActorRequest, number: str) -> HttpResponse:
    """The lists of all boxes as PDF, a sheet each (返厂清单)."""
    shipment = access.get_shipment(request.actor, number)
    language = papers.language_of(request.GET.get("language") or get_language())
    boxes = queries.boxes_of(request.actor, shipment)
    content = papers.box_lists(shipment, boxes, tenant=request.tenant, language=language)
    return as_pdf(content, shipment.number)


@require_http_methods(FORM_METHODS)
@page("old_part.receive")
def box_receive(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """Go through a box: tags one after another, by hand or scanner; Enter after each."""
    row = access.get_box(request.actor, number, box, to="old_part.receive")
    if row.shipment.state != ShipmentState.SHIPPED:
        messages.error(request, _("This shipment is not on its way."))
        return redirect("warranty:shipment", number=row.shipment.number)
    form = forms.ReceiveTagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        came = attempt(
            form,
            lambda: services.receive_tag(actor=request.actor, box=row, **form.cleaned_data),
        )
        if came is not None:
            messages.success(request, f"✓ {came.number}")
            return redirect("warranty:box-receive", number=number, box=box)
    return _box_page(request, row, form)


def _box_page(
    request: ActorRequest,
    row: Box,
    form: forms.ReceiveTagForm,
    finish: forms.FinishBoxForm | None = None,
    surplus: forms.SurplusForm | None = None,
) -> HttpResponse:
    packed = next(
        each for each in queries.boxes_of(request.actor, row.shipment) if each.box.pk == row.pk
    )
    used = [each for each in (form, finish, surplus) if each is not None]
    is_wrong = any(each.is_bound and each.errors for each in used)
    context = {
        "shipment": row.shipment,
        "box": packed.box,
        "pieces": packed.pieces,
        "open_count": packed.open_count,
        "came_count": sum(each.state == OldPartState.RECEIVED for each in packed.pieces),
        "form": form,
        "finish_form": finish or forms.FinishBoxForm(),
        "surplus_form": surplus or forms.SurplusForm(),
    }
    status = 422 if is_wrong else 200
    return render(request, "warranty/oldparts/box.html", context, status=status)


@require_POST
@page("old_part.receive")
def box_surplus(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """Something lay in the box that its list does not name."""
    row = access.get_box(request.actor, number, box, to="old_part.receive")
    form = forms.SurplusForm(request.POST)
    if form.is_valid():
        noted = attempt(
            form,
            lambda: services.note_surplus(actor=request.actor, box=row, **form.cleaned_data),
        )
        if noted is not None:
            messages.success(request, _("It is noted, and the dealer is told."))
            return redirect("warranty:box-receive", number=number, box=box)
    return _box_page(request, row, forms.ReceiveTagForm(), surplus=form)


@require_POST
@page("old_part.receive")
def box_finish(request: ActorRequest, number: str, box: int) -> HttpResponse:
    """The box is gone through; what did not come up is missing."""
    row = access.get_box(request.actor, number, box, to="old_part.receive")
    form = forms.FinishBoxForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.finish_box(actor=request.actor, box=row, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, _("Box %(box)s is gone through.") % {"box": row.number})
            return redirect("warranty:shipment", number=row.shipment.number)
    return _box_page(request, row, forms.ReceiveTagForm(), finish=form)


@require_POST
@page("old_part.receive")
def shipment_receive(request: ActorRequest, number: str) -> HttpResponse:
    """All boxes are gone through: tell the dealer what came."""
    shipment = access.get_shipment(request.actor, number, to="old_part.receive")
    form = forms.ReceiveShipmentForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.receive_shipment(
                actor=request.actor, shipment=shipment, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, _("The shipment is received; the dealer is told."))
            return redirect("warranty:shipment", number=shipment.number)
    return _again(request, shipment, receive=form)
