"""Clocks for those who must act: the board, and how each due time came about."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, queries, services, subjects
from sla.explain import explanations as explained
from sla.filters import BoardFilter
from sla.forms.ladder import DifferenceForm
from sla.views.formpages import form_page, say
from sla.yearalarm import missing_lists


@require_safe
@page("ticket.view")
def board(request: ActorRequest) -> HttpResponse:
    """Late and due within the hour, by holder; asks again by itself and answers 204 when same."""
    chosen = BoardFilter(request.GET, access.visible(request.actor))
    shown = queries.board(chosen.qs)
    version = _version(shown)
    if request.headers.get("X-Live-Version") == version:
        return HttpResponse(status=204)
    clocks = [clock for holding in shown.holdings for clock in holding.clocks]
    # Who is told next is the company's own affair.
    steps = {} if request.actor.is_dealer else queries.next_steps(clocks)
    for clock in clocks:
        clock.url = subjects.address(clock.subject, clock.subject_number)  # type: ignore[attr-defined]
        clock.next_step = steps.get(clock.pk)  # type: ignore[attr-defined]
    context = {"board": shown, "filter": chosen, "version": version}
    name = "sla/_board.html" if "X-Live-Version" in request.headers else "sla/board.html"
    return _answer(request, name, context)


@require_safe
@page("ticket.view")
def explanation(
    request: ActorRequest, subject: str, number: str, promise: str = ""
) -> HttpResponse:
    """How the due times of a subject came about: a page, or its part for htmx."""
    clocks = access.get_clocks(request.actor, subject, number, promise)
    context = {
        "number": number,
        "address": subjects.address(subject, number),
        "explanations": explained(clocks),
    }
    name = "sla/_explanation.html" if request.htmx else "sla/explanation.html"
    return _answer(request, name, context)


@require_safe
@page("health.view")
def health(request: ActorRequest) -> HttpResponse:
    """Whether the sweep keeps up, what fails, and which calendars end soon."""
    context = {
        "health": queries.health(),
        "missing": missing_lists(timezone.localdate()),
    }
    return render(request, "sla/health.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("clock.settle")
def difference(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One finding of the nightly proof: use the computed time, or keep the promised one."""
    found = access.get_difference(request.actor, public_id)
    form = DifferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_difference(
                actor=request.actor,
                difference=found,
                adopt="adopt" in request.POST,
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The difference is settled."))
            return redirect("sla:health")
    context = {"form": form, "difference": found, "explanations": explained([found.clock])}
    return form_page(request, "sla/difference.html", context, form)


def _version(shown: queries.Board) -> str:
    """Changes when the board would show something else (times tick by themselves)."""
    rows = [
        (held.label, held.late, clock.pk, clock.due_at)
        for held in shown.holdings
        for clock in held.clocks
    ]
    return md5(repr((rows, shown.paused)).encode(), usedforsecurity=False).hexdigest()


def _answer(request: ActorRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    response = render(request, template, dict(context))
    patch_vary_headers(response, ["HX-Request", "X-Live-Version"])
    return response
