"""The administrator's pages of calendars: their hours, their year, and where others count."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import words
from core.errors import DomainError
from sla import access, services
from sla.calendar_preview import differing_by_hours
from sla.calendars import in_words
from sla.forms.calendars import CalendarForm, HoursForm, LocalForm, region
from sla.models import Calendar
from sla.views.formpages import form_page, say
from sla.yearalarm import missing_lists
from sla.yearview import year_view

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("calendar.manage")
def calendars(request: ActorRequest) -> HttpResponse:
    """All calendars, and which of them lack the list that is due."""
    listed = Calendar.objects.annotate(
        day_count=Count("days", distinct=True),
        policy_count=Count("policies__policy", distinct=True),
    )
    context = {
        "calendars": listed.order_by("name"),
        "missing": missing_lists(timezone.localdate()),
    }
    return render(request, "sla/calendars.html", context)


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_new(request: ActorRequest) -> HttpResponse:
    return _edit_calendar(request, Calendar(zone=request.tenant.time_zone))


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_edit(request: ActorRequest, code: str) -> HttpResponse:
    return _edit_calendar(request, access.get_calendar(request.actor, code))


def _edit_calendar(request: ActorRequest, calendar: Calendar) -> HttpResponse:
    form = CalendarForm(request.POST or None, calendar=calendar)
    name = calendar.name
    if request.method == "POST" and form.is_valid():
        calendar.code = form.cleaned_data.get("code") or calendar.code
        try:
            services.save_calendar(actor=request.actor, calendar=calendar, **form.values())
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The calendar is saved."))
            return redirect("sla:calendar", calendar.code)
    context = {"form": form, "calendar": calendar, "name": name, "is_new": calendar.pk is None}
    return form_page(request, "sla/calendar_form.html", context, form)


@require_safe
@page("calendar.manage")
def calendar_year(request: ActorRequest, code: str) -> HttpResponse:
    """A calendar's year: every day with its hours, holidays and make-up days marked."""
    calendar = access.get_calendar(request.actor, code)
    context = {
        "calendar": calendar,
        "shown": year_view(calendar, _year(request)),
        "weekday_names": words.WEEKDAYS,
        "years": calendar.years.order_by("-year"),
        "places": _places(calendar),
        "policies": [
            version.policy
            for version in calendar.policies.filter(valid_to=None).select_related("policy")
        ],
        "missing": [
            each for each in missing_lists(timezone.localdate()) if each.calendar == calendar
        ],
    }
    return render(request, "sla/calendar.html", context)


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_hours(request: ActorRequest, code: str) -> HttpResponse:
    """Other hours from a day on; first it is said how many running clocks would differ."""
    calendar = access.get_calendar(request.actor, code)
    newest = calendar.hours.order_by("-valid_from", "-decided_at").first()
    form = HoursForm(request.POST or None, windows=(newest or calendar).windows)
    context = {"form": form, "calendar": calendar, "changes": calendar.hours.order_by("-pk")}
    if request.method == "POST" and form.is_valid():
        given = form.values()
        try:
            if "confirmed" in request.POST:
                services.change_hours(actor=request.actor, calendar=calendar, **given)
                messages.success(request, _("The hours change. Running clocks keep their times."))
                return redirect("sla:calendar", calendar.code)
            with in_words():
                context["differing"] = differing_by_hours(
                    calendar, given["valid_from"], given["hours"]
                )
        except DomainError as error:
            say(form, error)
    return form_page(request, "sla/calendar_hours.html", context, form)


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_local(request: ActorRequest, code: str) -> HttpResponse:
    """In which regions and at which dealers another calendar counts."""
    calendar = access.get_calendar(request.actor, code)
    form = LocalForm(request.POST or None, actor=request.actor, instead_of=calendar)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_local(actor=request.actor, instead_of=calendar, **form.values())
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("Saved. Running clocks keep their times."))
            return redirect("sla:calendar-local", calendar.code)
    context = {"form": form, "calendar": calendar, "places": _places(calendar)}
    return form_page(request, "sla/calendar_local.html", context, form)


@require_POST
@page("calendar.manage")
def local_remove(request: ActorRequest, code: str, public_id: UUID) -> HttpResponse:
    """Let the calendar itself count there again."""
    local = access.get_local(request.actor, code, public_id)
    services.remove_local(actor=request.actor, local=local)
    messages.success(request, _("The calendar itself counts there again, for new clocks."))
    return redirect("sla:calendar-local", code)


def _places(calendar: Calendar) -> list[dict[str, Any]]:
    """Where another calendar counts instead, in words."""
    rows = calendar.local_ones.select_related("calendar").order_by("region_code", "dealer_label")
    return [{"local": row, "where": row.dealer_label or region(row.region_code)} for row in rows]


def _year(request: ActorRequest) -> int:
    """The year asked for, within reason; else this one."""
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    is_year = asked.isascii() and asked.isdecimal() and len(asked) == 4
    return int(asked) if is_year and 2000 <= int(asked) <= 2100 else this_year
