"""The first page of the guarantee: what waits for this person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gate import signed_in
from accounts.middleware import ActorRequest
from warranty.worklists import work_of


@require_safe
@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """Work lists first; the tabs lead to everything else."""
    return render(request, "warranty/home.html", {"work": work_of(request.actor)})
