"""Old parts on a list and one by one: chances to travel, photos, tags, the story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.downloads import attachment_header, give
from core.errors import DomainError
from core.forms import attempt
from core.lists import chips, newest_first
from dealers.services import note_export
from warranty.access import oldparts as access
from warranty.filters.oldparts import (
    LATE,
    MISSING,
    ON_WAY,
    SHOWN,
    TO_APPRAISE,
    TO_MOVE,
    TO_SEND,
    WAITING,
    OldPartFilter,
)
from warranty.forms.oldparts import PhotoForm
from warranty.models import OldPartReturn
from warranty.oldpart_words import chance_said, told
from warranty.papers import oldparts as papers
from warranty.queries import oldparts as queries
from warranty.rules.oldparts import read_tags
from warranty.services import oldparts as services
from warranty.services.moving import may_take
from warranty.states.oldparts import OLD_PART_ACTIONS, OWED
from warranty.views.oldparts.steps import buttons

MOST_TAGS = 200


def _tabs(request: ActorRequest) -> list[dict[str, Any]]:
    """The parts of the work that this role has, as tabs; everything stands last."""
    actor = request.actor
    wanted = {
        TO_SEND: True,
        LATE: True,
        ON_WAY: True,
        MISSING: True,
        TO_APPRAISE: actor.may("old_part.appraise"),
        WAITING: actor.may("old_part.appraise") or actor.may("old_part.receive"),
        TO_MOVE: actor.may("old_part.move") or actor.may("old_part.appraise"),
    }
    current = request.GET.get("show", "")
    shown = [
        {"label": label, "query": f"?show={key}", "is_current": key == current}
        for key, label in SHOWN
        if wanted[key]
    ]
    return [*shown, {"label": _("All"), "query": "?", "is_current": not current}]


@require_safe
@page("old_part.view")
def piece_list(request: ActorRequest) -> HttpResponse:
    """Pieces by work: what to send and until when, what to appraise, what to move."""
    found = OldPartFilter(request.GET, queries.piece_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""))
    names = ["q", "state", "duty", "due_to"]
    if not request.actor.is_dealer:
        names.insert(1, "dealer")
    _show_chances(listed.rows)
    context = {
        "fields": [found.form[name] for name in names],
        "chips": [chip for chip in chips(found.form) if chip.name != "show"],
        "tabs": _tabs(request),
        "show": request.GET.get("show", ""),
        "listed": listed,
        "today": timezone.localdate(),
        "many_dealers": not request.actor.is_dealer or len(request.actor.dealer_ids or ()) > 1,
        "may_pack": request.actor.may("old_part.ship"),
        "export_url": reverse("warranty:old-parts-export")
        if request.actor.may("old_part.export")
        else "",
    }
    return render(request, "warranty/oldparts/list.html", context)


def _show_chances(pieces: Sequence[OldPartReturn]) -> None:
    chances = queries.chances(pieces)
    today = timezone.localdate()
    for piece in pieces:
        chance = chances.get(piece.pk)
        vars(piece)["chance"] = chance_said(chance) if chance else ""
        vars(piece)["is_late"] = piece.state in OWED and piece.due_on < today


@require_safe
@page("old_part.export")
def pieces_export(request: ActorRequest) -> HttpResponse:
    """The filtered pieces as a file; the audit keeps who took it (R-006)."""
    found = OldPartFilter(request.GET, queries.piece_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="old_part", rows=len(rows))
    head = [_("Tag"), _("State"), _("Due on"), _("Part number"), _("Name"), _("Serial number")]
    head += [_("Batch"), _("Machine"), _("Claim"), _("Dealer number"), _("Dealer"), _("Duty")]
    head += [_("Payment"), _("Shipment"), _("Difference"), _("Received"), _("Kept until")]
    cells = (_cells(piece) for piece in rows)
    return sheets.answer(request.GET.get("format", ""), _("old parts"), head, cells)


def _cells(piece: OldPartReturn) -> list[object]:
    return [
        *[piece.number, piece.get_state_display(), piece.due_on, piece.part.number],
        *[piece.part.name, piece.serial_number, piece.batch, piece.machine.serial_number],
        *[piece.claim.number, piece.dealer.number if piece.dealer else ""],
        *[piece.dealer.name if piece.dealer else "", piece.get_duty_display()],
        *[piece.get_gate_display(), vars(piece)["shipment_number"] or ""],
        *[piece.get_discrepancy_display() if piece.discrepancy else "", piece.received_at],
        piece.keep_until,
    ]


@require_safe
@page("old_part.view")
def piece_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One piece on one page: where it is, what comes next, its photos and its story."""
    piece = access.get_piece(request.actor, number)
    return render(request, "warranty/oldparts/detail.html", page_of(request, piece))


def page_of(
    request: ActorRequest, piece: OldPartReturn, photo_form: PhotoForm | None = None
) -> dict[str, Any]:
    """What the page of a piece shows."""
    _show_chances([piece])
    appraisals = queries.appraisals_of(piece)
    return {
        "may_claim": request.actor.may("claim.view"),
        "may_report": request.actor.may("report.view"),
        "piece": piece,
        "buttons": buttons(request.actor, piece),
        "may": may_take(request.actor, piece, OLD_PART_ACTIONS),
        "photos": queries.photos_of(piece),
        "photo_form": photo_form or PhotoForm(),
        "may_photograph": request.actor.may("old_part.photograph"),
        "appraisals": appraisals,
        "disposition": queries.disposition_of(piece),
        "shows_supplier": request.actor.may("supplier.view"),
        "story": told(queries.events_of("oldpartreturn", piece.pk)),
    }


@require_POST
@page("old_part.photograph")
def photo_add(request: ActorRequest, number: str) -> HttpResponse:
    """Keep a photo of the piece."""
    piece = access.get_piece(request.actor, number, to="old_part.photograph")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        kept = attempt(
            form,
            lambda: services.attach_photo(actor=request.actor, piece=piece, upload=upload),
        )
        if kept is not None:
            messages.success(request, _("The photo is kept."))
            return redirect("warranty:old-part", number=piece.number)
    context = page_of(request, piece, form)
    return render(request, "warranty/oldparts/detail.html", context, status=422)


@require_safe
@page("old_part.view")
def photo(request: ActorRequest, number: str, public_id: UUID) -> FileResponse:
    """A photo of the piece."""
    return give(access.get_photo(request.actor, number, public_id))


def chosen(request: ActorRequest, given: list[str]) -> list[OldPartReturn]:
    """The pieces that were ticked, of those that the actor sees; unknown ones fall out."""
    numbers = read_tags(" ".join(given))[:MOST_TAGS]
    rows = queries.piece_list(request.actor).filter(number__in=numbers)
    return list(rows.order_by("due_on", "number"))


@require_POST
@page("old_part.ship")
def pieces_tag(request: ActorRequest) -> HttpResponse:
    """Mark the chosen pieces as tagged and give their tags to print."""
    pieces = chosen(request, request.POST.getlist("piece"))
    if not pieces:
        messages.error(request, _("Choose the pieces whose tags you want to print."))
        return redirect(reverse("warranty:old-parts") + "?show=to_send")
    try:
        services.tag_pieces(actor=request.actor, pieces=pieces)
    except DomainError as error:
        messages.error(request, str(error))
        if len(pieces) == 1:
            return redirect("warranty:old-part", number=pieces[0].number)
        return redirect(reverse("warranty:old-parts") + "?show=to_send")
    asked = "&".join(f"piece={piece.number}" for piece in pieces)
    return redirect(reverse("warranty:old-parts-tags") + f"?{asked}")


@require_safe
@page("old_part.view")
def pieces_tags(request: ActorRequest) -> HttpResponse:
    """The tags of the chosen pieces, twelve on a sheet."""
    pieces = chosen(request, request.GET.getlist("piece"))
    if not pieces:
        messages.error(request, _("Choose the pieces whose tags you want to print."))
        return redirect(reverse("warranty:old-parts") + "?show=to_send")
    content = papers.tags(pieces, tenant=request.tenant, language=_language(request))
    return as_pdf(content, _("tags"))


def _language(request: ActorRequest) -> str:
    return papers.language_of(request.GET.get("language") or get_language())


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A paper that opens in the browser."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = attachment_header(f"{name}.pdf", inline=True)
    return answer
