"""Taking a promise on, and what went up the ladder: pages of R-030."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, services, subjects
from sla.ladder_forms import NoteForm


@require_POST
@page("ticket.view")
def acknowledge(request: ActorRequest, subject: str, number: str, promise: str) -> HttpResponse:
    """Nobody further up is told; who may is said by the clock's gate."""
    clock = access.get_clock_to_acknowledge(request.actor, subject, number, promise)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        taken = services.acknowledge(actor=request.actor, clock=clock, note=note)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        sentence = _("%(number)s, %(promise)s: acknowledged by %(name)s. Nobody further is told.")
        who = {"number": number, "promise": taken.name, "name": taken.acknowledged_label}
        messages.success(request, sentence % who)
    return redirect(_back(request, subject, number))


def _back(request: ActorRequest, subject: str, number: str) -> str:
    """Where the button stood; else the page of the subject."""
    wished = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wished, None) and wished.startswith("/"):
        return wished
    return subjects.address(subject, number) or "/"
