"""One address per action of a ticket: gate, form, service, answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.actor import Actor
from core.errors import Conflict, DomainError
from tickets import access
from tickets.actions import Action
from tickets.forms import ActorForm
from tickets.models import Ticket
from tickets.views.answer import back_to, put_error


@dataclass(frozen=True)
class Side:
    """Where an action is taken: on the desk's page of a ticket, or in the dealers' portal."""

    page: str  # the page of a ticket, by its address name
    home: str  # where one goes when the ticket is out of sight
    # Shows the ticket again with what was refused: (request, ticket, verb, form, sentence).
    show_again: Callable[[ActorRequest, Ticket, str, ActorForm | None, str], HttpResponse]

    for_dealers: bool = False

    def page_of(self, ticket: Ticket) -> str:
        return reverse(self.page, args=[ticket.number])


def action_view(action: Action, side: Side) -> Any:
    """The view of one action on one side; both sides do exactly the same."""

    @page(action.permission)
    @require_http_methods(["GET", "POST"])
    def view(request: ActorRequest, number: str) -> HttpResponse:
        ticket = access.get_ticket(request.actor, number, to=action.permission)
        if request.method == "GET":
            # After signing in again, or a link: the ticket's page with this form open.
            return redirect(f"{side.page_of(ticket)}?do={action.verb}#do-{action.verb}")
        if side.for_dealers and not request.actor.is_dealer:
            return redirect("tickets:detail", ticket.number)
        form = bound(action, request, ticket)
        if form is not None and not form.is_valid():
            return side.show_again(request, ticket, action.verb, form, "")
        try:
            with transaction.atomic():
                data = _resolved(request.actor, form.cleaned_data if form else {})
                action.work(request.actor, ticket, data)
        except DomainError as error:
            return _refused(request, ticket, action, form, error, side)
        return back_to(request, _after(request, ticket, data, side), str(action.said))

    view.__name__ = action.verb.replace("-", "_")
    return view


def bound(action: Action, request: ActorRequest, ticket: Ticket) -> ActorForm | None:
    if action.form is None:
        return None
    return action.form(request.POST, request.FILES, actor=request.actor, ticket=ticket)


def _resolved(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """The other ticket of a merge, by its number and through the gate."""
    if "into" not in data:
        return data
    number = str(data["into"]).strip().upper()
    other = access.visible(actor).filter(number=number).first()
    if other is None:
        raise DomainError(_("There is no ticket of this number."), field="into")
    return data | {"into": other}


def _refused(
    request: ActorRequest,
    ticket: Ticket,
    action: Action,
    form: ActorForm | None,
    error: DomainError,
    side: Side,
) -> HttpResponse:
    ticket = access.get_ticket(request.actor, ticket.number)
    if form is None:
        return side.show_again(request, ticket, action.verb, None, str(error))
    put_error(form, error)
    if isinstance(error, Conflict):
        # Saving once more is a decision taken with the newest facts in sight.
        data = request.POST.copy()
        data["version"] = str(ticket.version)
        form.data = data
    return side.show_again(request, ticket, action.verb, form, "")


def _after(request: ActorRequest, ticket: Ticket, data: dict[str, Any], side: Side) -> str:
    if "into" in data:
        return side.page_of(data["into"])
    # A dealer that has refused no longer sees the ticket.
    is_seen = access.visible(request.actor).filter(pk=ticket.pk).exists()
    return side.page_of(ticket) if is_seen else reverse(side.home)
