"""The audit trail: who did what to which thing, when (R-003)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import queries
from accounts.filters import AuditFilter
from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.views.keyset import keyset


@require_safe
@page("audit.view")
def audit(request: ActorRequest) -> HttpResponse:
    """Business events, newest first, by thing, event, person and day."""
    chosen = AuditFilter(request.GET, queries.audit_events(request.actor))
    rows, next_after = keyset(request, chosen.qs)
    context = {"rows": rows, "form": chosen.form, "next_after": next_after}
    return render(request, "accounts/audit.html", context)
