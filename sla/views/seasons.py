"""The administrator's page of seasons (R-017)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, services
from sla.forms.calendars import SeasonForm, region, wired
from sla.models import Season
from sla.views.formpages import form_page, say


@require_http_methods(["GET", "HEAD", "POST"])
@page("calendar.manage")
def seasons(request: ActorRequest) -> HttpResponse:
    """When each product line works, the coming ones first; and a form for one more."""
    form = SeasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_season(actor=request.actor, **form.values())
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The season is saved."))
            return redirect("sla:seasons")
    lines = dict(wired()["product_lines"]())
    today = timezone.localdate()
    rows = [
        {
            "season": season,
            "line": lines.get(season.product_line_code, season.product_line_code),
            "where": region(season.region_code),
            "is_on": season.starts_on <= today <= season.ends_on,
        }
        for season in Season.objects.order_by("-ends_on", "product_line_code", "region_code")
    ]
    return form_page(request, "sla/seasons.html", {"form": form, "rows": rows}, form)


@require_POST
@page("calendar.manage")
def season_remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a season out."""
    services.remove_season(actor=request.actor, season=access.get_season(request.actor, public_id))
    messages.success(request, _("The season is removed."))
    return redirect("sla:seasons")
