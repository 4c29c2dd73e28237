"""Taking the steps of a settlement: gate, form, service, answer; one view for each step."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt
from warranty.access import settlements as access
from warranty.views.settlement_table import STEPS, form_of
from warranty.views.settlements import shown


def _view(name: str) -> Callable[..., HttpResponse]:
    step = STEPS[name]

    @require_POST
    @page(step.permission)
    def take_step(request: ActorRequest, number: str) -> HttpResponse:
        found = access.get_settlement(request.actor, number, to=step.permission)
        form = form_of(name, found, request.POST)
        if form.is_valid():
            data = form.cleaned_data
            done = attempt(
                form, lambda: step.service(actor=request.actor, settlement=found, **data)
            )
            if done is not None:
                messages.success(request, str(step.done))
                return redirect("warranty:settlement", number=number)
        # As it is now: another person may have been quicker.
        return shown(request, access.get_settlement(request.actor, number), (name, form))

    return take_step


VIEWS = {name: _view(name) for name in STEPS}
