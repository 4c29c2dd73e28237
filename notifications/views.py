"""Pages of one's own notifications, and of the messages that never arrived."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.views.keyset import keyset
from notifications import access, queries, services
from notifications.letters import digest_title
from notifications.models import Channel
from notifications.wording import worded


@require_safe
@page("notification.view")
def bell_list(request: ActorRequest) -> HttpResponse:
    """What I was told, by day; `?show=unread` leaves out what I have read."""
    found = queries.mine(request.actor)
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        found = found.filter(read_at=None)
    rows, next_after = keyset(request, found)
    days = [
        (day, [(row, worded(row.event, row.params)) for row in group])
        for day, group in groupby(rows, key=lambda row: timezone.localdate(row.created_at))
    ]
    context = {
        "days": days,
        "only_unread": only_unread,
        "next_after": next_after,
        "waiting": queries.unread_count(request.actor),
    }
    return render(request, "notifications/list.html", context)


@require_safe
@page("notification.view")
def bell(request: ActorRequest) -> HttpResponse:
    """The bell of the top bar, asked for again and again: 204 while nothing is new."""
    waiting = queries.unread_count(request.actor)
    if request.headers.get("X-Live-Version") == str(waiting):
        return HttpResponse(status=204)
    return render(request, "notifications/_bell.html", {"unread": waiting})


@require_safe
@page("notification.view")
def open_one(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Lead to the thing; having followed the line is having read it."""
    row = access.get_notification(request.actor, public_id)
    if row.read_at is None:
        services.mark_read(actor=request.actor, public_ids=[row.public_id])
    return redirect(row.url or "notifications:list")


@require_POST
@page("notification.view")
def read(request: ActorRequest) -> HttpResponse:
    """Mark one (`id`) or all as read."""
    chosen = request.POST.get("id", "")
    if chosen:
        row = access.get_notification(request.actor, _uuid(chosen))
        services.mark_read(actor=request.actor, public_ids=[row.public_id])
    else:
        services.mark_read(actor=request.actor)
        messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications:list")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "HEAD", "POST"])
@page("notification.view")
def preferences(request: ActorRequest) -> HttpResponse:
    """Which events reach me by mail as well."""
    if request.method == "POST":
        services.choose_mail(actor=request.actor, by_mail=request.POST.getlist("mail"))
        messages.success(request, _("Your choice is kept."))
        return redirect("notifications:preferences")
    context = {"choices": queries.choices_of(request.actor)}
    return render(request, "notifications/preferences.html", context)


@require_safe
@page("message.manage")
def outbox(request: ActorRequest) -> HttpResponse:
    """What was given up after all attempts; `?show=retrying` what is still tried by itself."""
    is_retrying = request.GET.get("show") == "retrying"
    found = queries.retrying(request.actor) if is_retrying else queries.given_up(request.actor)
    rows, next_after = keyset(request, found)
    context = {
        "rows": [(row, _title(row)) for row in rows],
        "next_after": next_after,
        "counts": queries.outbox_counts(request.actor),
        "is_retrying": is_retrying,
    }
    return render(request, "notifications/outbox.html", context)


def _title(row: Any) -> str:
    if row.channel == Channel.WEBHOOK:
        return str(row.event)  # its name is what the receiving program knows
    if row.rows > 1:
        return digest_title(row.bundle, row.rows)
    return worded(row.event, row.params).title


@require_POST
@page("message.manage")
def send_again(request: ActorRequest, public_id: UUID) -> HttpResponse:
    message = access.get_message(request.actor, public_id)
    services.send_again(actor=request.actor, message=message)
    messages.success(request, _("The message is queued again."))
    return redirect("notifications:outbox")
