"""Who is away and who stands in: entered, given a deputy, ended (R-014)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import absences as services
from accounts import access, queries
from accounts.absence_forms import AbsenceForm, DeputyForm
from accounts.gate import signed_in
from accounts.middleware import ActorRequest
from accounts.models import Absence, Membership
from core.errors import DomainError
from core.forms import attempt
from core.keyset import page as keyset_page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def absences(request: ActorRequest) -> HttpResponse:
    """Who is away, now or soon, and the form above it: for oneself, or whom one may."""
    actor = request.actor
    may_manage = actor.may("absence.manage")
    people = queries.colleagues(actor)
    form = AbsenceForm(request.POST or None, colleagues=people, mine=_me(request))
    if not may_manage:
        form.only_mine()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        member = given.pop("member", None) or _me(request)
        entered = attempt(form, lambda: services.enter_absence(actor=actor, member=member, **given))
        if entered is not None:
            messages.success(request, _said(entered))
            return redirect("accounts:absences")
    is_over = request.GET.get("show") == "over"
    now = timezone.now()
    found = keyset_page(
        queries.absences(actor, is_over=is_over, at=now),
        after=request.GET.get("after", ""),
        instant="starts_at",
    )
    stand_ins = queries.stand_ins([row.user for row in found.rows], now)
    choices = list(people) if may_manage else []
    context = {
        "form": form,
        "rows": [_row(request, row, stand_ins, choices) for row in found.rows],
        "next_after": found.next_after,
        "is_over": is_over,
        "may_manage": may_manage,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/absences.html", context, status=status)


def _row(
    request: ActorRequest, row: Absence, stand_ins: dict[int, Any], people: list[Membership]
) -> dict[str, Any]:
    """An absence with what this reader may do, and who stands in now if not the one named."""
    is_mine = row.member.user_id == request.user.pk
    is_open = row.state in ("now", "coming")
    others = [post for post in people if post.pk not in (row.member_id, row.deputy_id)]
    present = stand_ins.get(row.member.user_id) if row.state == "now" else None
    is_other = row.deputy is not None and (present is None or present.pk != row.deputy.user_id)
    return {
        "absence": row,
        "may_end": is_open and (is_mine or bool(people)),
        "others": others if is_open else [],
        "deputy_is_away": row.state == "now" and is_other,
        "present": present,
    }


def _me(request: ActorRequest) -> Membership:
    return Membership.objects.select_related("user").get(pk=request.actor.membership_id or 0)


def _said(absence: Absence) -> str:
    if absence.deputy is None:
        return _("Entered. Without a deputy the work falls to the supervisors.")
    sentence = _("Entered. %(name)s stands in and is told so.")
    return sentence % {"name": absence.deputy.user.name}


@require_POST
@signed_in
def name_deputy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Another deputy from now on, or none."""
    absence = access.get_absence(request.actor, public_id)
    form = DeputyForm(request.POST, colleagues=queries.colleagues(request.actor))
    if not form.is_valid():
        messages.error(request, _("Choose somebody of the list."))
        return redirect("accounts:absences")
    try:
        services.name_deputy(
            actor=request.actor, absence=absence, deputy=form.cleaned_data["deputy"]
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The deputy is changed; it counts from now on."))
    return redirect("accounts:absences")


@require_POST
@signed_in
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Back earlier, or not away after all."""
    absence = access.get_absence(request.actor, public_id)
    try:
        ended = services.end_absence(actor=request.actor, absence=absence)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = (
            _("The absence is withdrawn.")
            if ended.is_withdrawn
            else _("The absence ends now; from here on nobody stands in.")
        )
        messages.success(request, said)
    return redirect("accounts:absences")
