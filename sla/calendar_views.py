"""The administrator's pages of calendars and their holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import words
from core.errors import DomainError
from sla import access, queries, services
from sla.calendar_forms import CalendarForm, DaysForm
from sla.calendars import work_calendar
from sla.formpages import form_page, say
from sla.models import Calendar, Policy


@require_safe
@page("calendar.manage")
def calendars(request: ActorRequest) -> HttpResponse:
    """All calendars, and which of them end soon."""
    listed = Calendar.objects.annotate(
        day_count=Count("days", distinct=True),
        policy_count=Count("policies__policy", distinct=True),
    )
    context = {
        "calendars": listed.order_by("name"),
        "ending": queries.ending_calendars(timezone.localdate()),
    }
    return render(request, "sla/calendars.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("calendar.manage")
def calendar_new(request: ActorRequest) -> HttpResponse:
    return _edit_calendar(request, Calendar(zone=request.tenant.time_zone))


@require_http_methods(["GET", "HEAD", "POST"])
@page("calendar.manage")
def calendar_edit(request: ActorRequest, code: str) -> HttpResponse:
    return _edit_calendar(request, access.get_calendar(request.actor, code))


def _edit_calendar(request: ActorRequest, calendar: Calendar) -> HttpResponse:
    form = CalendarForm(request.POST or None, calendar=calendar)
    if request.method == "POST" and form.is_valid():
        calendar.code = form.cleaned_data.get("code") or calendar.code
        try:
            services.save_calendar(actor=request.actor, calendar=calendar, **form.values())
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The calendar is saved."))
            return redirect("sla:calendar", calendar.code)
    context = {"form": form, "calendar": calendar, "is_new": calendar.pk is None}
    return form_page(request, "sla/calendar_form.html", context, form)


@require_safe
@page("calendar.manage")
def calendar_year(request: ActorRequest, code: str) -> HttpResponse:
    """A calendar's year: every day with its hours, holidays and make-up days marked."""
    calendar = access.get_calendar(request.actor, code)
    year = _year(request)
    context = {
        "calendar": calendar,
        "year": year,
        "weekday_names": words.WEEKDAYS,
        "months": list(_months(calendar, year)),
        "days": calendar.days.filter(on__year=year).order_by("on"),
        "hours": CalendarForm(calendar=calendar).weekdays,
        "policies": Policy.objects.filter(versions__in=calendar.policies.filter(valid_to=None)),
    }
    return render(request, "sla/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("calendar.manage")
def calendar_days(request: ActorRequest, code: str) -> HttpResponse:
    """Paste the holidays of a year."""
    calendar = access.get_calendar(request.actor, code)
    form = DaysForm(request.POST or None, initial={"known_through": calendar.known_through})
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.load_days(
                actor=request.actor,
                calendar=calendar,
                days=form.cleaned_data["lines"],
                known_through=form.cleaned_data["known_through"],
                source=form.cleaned_data["source"],
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _days_loaded(moved))
            return redirect("sla:calendar", calendar.code)
    context = {"form": form, "calendar": calendar}
    return form_page(request, "sla/calendar_days.html", context, form)


def _days_loaded(moved: int) -> str:
    if not moved:
        return _("The days are loaded; no running clock changed.")
    return ngettext(
        "The days are loaded; %(moved)d running clock was dated anew.",
        "The days are loaded; %(moved)d running clocks were dated anew.",
        moved,
    ) % {"moved": moved}


def _year(request: ActorRequest) -> int:
    """The year asked for, within reason; else this one."""
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    return int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= 2100 else this_year


def _months(calendar: Calendar, year: int) -> Iterator[dict[str, Any]]:
    """Months of weeks of days, each day with the kind of its hours."""
    hours = work_calendar(calendar)

    def cell(day: date, month: int) -> dict[str, Any]:
        rule = hours.days.get(day)
        kind = rule.kind.value if rule else ("open" if hours.windows_on(day) else "closed")
        name = _(rule.name) if rule and rule.name else ""
        spans = ", ".join(map(str, hours.windows_on(day)))
        title = " · ".join(part for part in (name, spans) if part)
        is_known = day <= hours.known_through
        return {
            "day": day if day.month == month else None,
            "kind": kind,
            "title": title,
            "is_known": is_known,
        }

    for month in range(1, 13):
        yield {
            "name": MONTHS[month],
            "weeks": [[cell(day, month) for day in week] for week in _weeks(year, month)],
        }


def _weeks(year: int, month: int) -> Iterator[list[date]]:
    """The weeks that touch a month, each from Monday to Sunday."""
    first = date(year, month, 1)
    monday = first - timedelta(days=first.weekday())
    while (monday.year, monday.month) <= (year, month):
        yield [monday + timedelta(days=day) for day in range(7)]
        monday += timedelta(days=7)
