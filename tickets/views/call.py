"""The call page: number, who, which machine, what, who gets it; one screen, one save."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page, signed_in
from accounts.middleware import ActorRequest
from core import once, search
from core.errors import DomainError
from dealers import access as dealer_access
from dealers import regions
from machines.models import ProductModel
from tickets import access, intake
from tickets.forms import CallForm, MatterForm
from tickets.models import Ticket
from tickets.views.answer import UNPROCESSABLE, built, put_error

# What a lower floor calls the field that here has another name.
FIELDS = {"phone": "caller_phone", "phones": "caller_phone", "serial_number": "serial"}
FIELDS |= {"name": "caller_name", "region": "region_code", "plate": "serial"}


@page("ticket.create")
@require_http_methods(["GET", "POST"])
def call(request: ActorRequest) -> HttpResponse:
    """GET shows what is known so far (any field may stand in the address); POST saves."""
    if request.actor.is_dealer:
        return redirect(built("portal:new") or "home")
    if request.method == "POST":
        return _save(request)
    typed = request.GET.copy()
    if "phone" in typed:  # what the telephone system calls it
        typed["caller_phone"] = str(typed["phone"])
    form = CallForm(initial=_initial(typed), actor=request.actor, models=model_choices())
    context = _context(request, form, typed)
    if request.htmx:
        return render(request, "tickets/_call_form.html", context)
    if request.GET.get("saved"):
        context["saved"] = saved = access.get_ticket(request.actor, request.GET["saved"])
        context["saved_links"] = paper_links(saved)
    return render(request, "tickets/call.html", context)


def _save(request: ActorRequest) -> HttpResponse:
    data = request.POST
    form = CallForm(data, actor=request.actor, models=model_choices())
    number = save_intake(request, form)
    if number is None:
        context = _context(request, form, data)
        return render(request, "tickets/call.html", context, status=UNPROCESSABLE)
    return redirect(f"{reverse('tickets:call')}?saved={number}")


def save_intake(request: ActorRequest, form: MatterForm) -> str | None:
    """The number of the new ticket (or of the one this form made before); None: not saved."""
    if not form.is_valid():
        return None
    seen = intake.look(request.actor, request.POST)
    for field, sentence in _missing(form, seen):
        form.add_error(field, sentence)
    if form.errors:
        return None

    def create() -> str:
        ticket = intake.take_call(actor=request.actor, seen=seen, typed=form.cleaned_data)
        return str(ticket.number)

    try:
        with transaction.atomic():
            return once.create_once(
                actor=request.actor, path=request.path, data=request.POST, create=create
            )
    except once.SentBefore as error:
        form.add_error(None, str(error))
        data = request.POST.copy()
        data[once.FIELD] = once.new_token()
        form.data = data
    except DomainError as error:
        put_error(form, error, FIELDS)
    return None


def _missing(form: MatterForm, seen: intake.Look) -> list[tuple[str, str]]:
    """What is still needed, now that it is known who calls and about which machine."""
    typed = form.cleaned_data
    wanted = []
    if seen.chosen is None and not typed["caller_name"]:
        wanted.append(("caller_name", _("Who is calling? Write at least a name.")))
    if seen.customer == intake.NEW and not (typed["region_code"] or seen.region_code):
        wanted.append(("region_code", _("Where does the new customer live? Write the county.")))
    if seen.machine == intake.NEW and seen.model is None:
        sentence = _("No machine has this number. Choose its model to add it, or one of the list.")
        wanted.append(("model", sentence))
    return wanted


def _initial(typed: QueryDict) -> dict[str, str]:
    return {name: str(typed[name]) for name in CallForm.base_fields if name in typed}


def _context(request: ActorRequest, form: CallForm, typed: QueryDict) -> dict[str, Any]:
    token = form.data.get(once.FIELD) or typed.get(once.FIELD) or once.new_token()
    return {
        "form": form,
        "seen": intake.look(request.actor, typed),
        "once": token,
    }


def model_choices() -> list[tuple[str, str]]:
    return [(m.code, str(m)) for m in ProductModel.objects.order_by("code")]


def paper_links(ticket: Ticket) -> dict[str, str | None]:
    """Addresses of the papers of a ticket, as far as they are built."""
    return {
        "job_sheet": built("tickets:job_sheet", ticket.number),
    }


@signed_in
@require_safe
def region_list(request: HttpRequest) -> HttpResponse:
    """Suggestions of regions for what is typed."""
    found = regions.suggestions(_question(request, "region_code"))
    options = [{"value": region.full_name} for region in found]
    return render(request, "tickets/_options.html", {"options": options, "list_id": "regions"})


@page("ticket.dispatch")
@require_safe
def dealer_list(request: ActorRequest) -> HttpResponse:
    """Suggestions of dealers by number or name."""
    options = [
        {"value": f"{dealer.number} {dealer}", "text": dealer.name}
        for dealer in _dealers_like(request, _question(request, "dealer"))
    ]
    return render(request, "tickets/_options.html", {"options": options, "list_id": "dealers"})


def _dealers_like(request: ActorRequest, text: str) -> list[Any]:
    if len(text) < search.SHORTEST:
        return []
    ids = search.find(text, kinds=["dealer"]).get("dealer", [])
    return list(dealer_access.visible(request.actor).filter(pk__in=ids, is_active=True)[:12])


def _question(request: HttpRequest, name: str) -> str:
    return request.GET.get("q", request.GET.get(name, ""))[:80].strip()
