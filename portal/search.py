"""The one search box: numbers, telephones, serials and names, in groups by noun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gate import signed_in
from accounts.middleware import ActorRequest
from core import menu, search
from core.actor import Actor
from core.phones import display
from dealers.queries import dealer_list
from machines import queries as machines
from parts.queries import matching_parts, part_list
from tickets import access as tickets

SHORTEST = 2
IN_BOX, ON_PAGE = 5, 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: where it is, what it is called, and what tells it apart."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one noun, and the list that shows all of it."""

    label: str
    icon: str
    hits: list[Hit]
    more_url: str


@require_safe
@signed_in
def search_page(request: ActorRequest) -> HttpResponse:
    """Everything that holds the question and that the actor may see."""
    question = " ".join(request.GET.get("q", "").split())[:80]
    most = IN_BOX if request.htmx else ON_PAGE
    groups = _groups(request.actor, question, most) if len(question) >= SHORTEST else []
    context = {"question": question, "groups": groups, "is_short": len(question) < SHORTEST}
    return render(request, "portal/search.html", context)


def _groups(actor: Actor, question: str, most: int) -> list[Group]:
    groups = []
    for permission, find in (
        ("ticket.view", _tickets),
        ("customer.view", _customers),
        ("machine.view", _machines),
        ("part.view", _parts),
        ("dealer.view", _dealers),
    ):
        if actor.may(permission):
            group = find(actor, question, most)
            if group.hits:
                groups.append(group)
    return groups


def _list_url(name: str, question: str, count: int, most: int) -> str:
    """The list of all of them, when there are more than are shown."""
    url = menu.address(name)
    return f"{url}?{urlencode({'q': question})}" if url and count > most else ""


def _tickets(actor: Actor, question: str, most: int) -> Group:
    if menu.address("tickets:list") is None:
        return Group(_("Tickets"), "clipboard-list", [], "")
    ids = {
        pk
        for words in machines.wordings(question)
        for pk in search.find(words, kinds=["ticket"]).get("ticket", [])
    }
    rows = list(tickets.visible(actor).filter(pk__in=ids).order_by("-pk")[: most + 1])
    hits = [
        Hit(
            reverse("tickets:detail", args=[ticket.number]),
            f"{ticket.number} {ticket.summary}",
            f"{ticket.get_state_display()} · {ticket.caller_name}",
        )
        for ticket in rows[:most]
    ]
    more = _list_url("tickets:list", question, len(rows), most)
    return Group(_("Tickets"), "clipboard-list", hits, more)


def _customers(actor: Actor, question: str, most: int) -> Group:
    rows: list[Any] = list(
        machines.matching_customers(actor, machines.customer_list(actor), question)[: most + 1]
    )
    hits = [
        Hit(
            reverse("machines:customer", args=[customer.number]),
            customer.name,
            " · ".join([*(display(p.number) for p in customer.phones.all()), customer.address]),
        )
        for customer in rows[:most]
    ]
    more = _list_url("machines:customers", question, len(rows), most)
    return Group(_("Customers"), "users", hits, more)


def _machines(actor: Actor, question: str, most: int) -> Group:
    rows: list[Any] = list(
        machines.matching_machines(actor, machines.machine_list(actor), question)[: most + 1]
    )
    hits = [
        Hit(
            reverse("machines:machine", args=[machine.serial_number]),
            f"{machine.serial_number} {machine.plate}".strip(),
            " · ".join(filter(None, [str(machine.model), str(machine.customer or "")])),
        )
        for machine in rows[:most]
    ]
    more = _list_url("machines:machines", question, len(rows), most)
    return Group(_("Machines"), "tractor", hits, more)


def _parts(actor: Actor, question: str, most: int) -> Group:
    rows = list(matching_parts(part_list(actor), question).order_by("number")[: most + 1])
    hits = [
        Hit(
            reverse("parts:detail", args=[part.number]),
            f"{part.number} {part.name}",
            part.get_kind_display(),
        )
        for part in rows[:most]
    ]
    more = _list_url("parts:list", question, len(rows), most)
    return Group(_("Parts"), "settings-cog", hits, more)


def _dealers(actor: Actor, question: str, most: int) -> Group:
    ids = search.find(question, kinds=["dealer"]).get("dealer", [])
    rows = list(dealer_list(actor).filter(pk__in=ids).order_by("-pk")[: most + 1])
    hits = [
        Hit(
            reverse("dealers:detail", args=[dealer.number]),
            f"{dealer.number} {dealer.name}",
            " · ".join(filter(None, [dealer.contact_name, display(dealer.phone)])),
        )
        for dealer in rows[:most]
    ]
    more = _list_url("dealers:list", question, len(rows), most)
    return Group(_("Dealers"), "building-store", hits, more)
