"""The administrator's pages of holidays: a year's list with its preview, and single days."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, services
from sla.calendar_preview import compared, known_days, touched_by_list
from sla.calendars import in_words
from sla.daylist import written
from sla.forms.lists import DayForm, ListForm
from sla.models import Calendar
from sla.services.lists import Settled, check_year
from sla.views.formpages import form_page, say

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_days(request: ActorRequest, code: str) -> HttpResponse:
    """Load the list of a year: what would change is shown, then what was shown is saved."""
    calendar = access.get_calendar(request.actor, code)
    is_sent = request.method == "POST"
    form = ListForm(request.POST, request.FILES) if is_sent else ListForm()
    if not is_sent:
        form.initial = _initial(calendar, request.GET.get("year", ""))
    context = {"form": form, "calendar": calendar, "years": calendar.years.order_by("-year")}
    if is_sent and form.is_valid():
        data = form.cleaned_data
        try:
            check_year(calendar, data["year"])
            if request.POST.get("confirmed") == form.fingerprint:
                _change, settled = services.load_year(
                    actor=request.actor,
                    calendar=calendar,
                    year=data["year"],
                    days=data["days"],
                    source=data["source"],
                )
                messages.success(request, _loaded(data["year"], settled))
                return redirect("sla:calendar", calendar.code)
            with in_words("lines"):
                context["touched"] = touched_by_list(calendar, data["year"], data["days"])
            context["change"] = compared(calendar, data["year"], data["days"])
        except DomainError as error:
            say(form, error)
    return form_page(request, "sla/calendar_days.html", context, form)


@require_http_methods(FORM_METHODS)
@page("calendar.manage")
def calendar_day(request: ActorRequest, code: str) -> HttpResponse:
    """One day that differs from its week, or a few in a row."""
    calendar = access.get_calendar(request.actor, code)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            settled = services.set_days(
                actor=request.actor, calendar=calendar, days=data["days"], source=data["source"]
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, " ".join([_("The day is saved."), _moved(settled)]))
            return redirect("sla:calendar", calendar.code)
    context = {"form": form, "calendar": calendar}
    return form_page(request, "sla/calendar_day.html", context, form)


def _initial(calendar: Calendar, asked: str) -> dict[str, object]:
    """The next year that is needed; a loaded one comes with its list, to be mended."""
    next_year = (calendar.known_through or timezone.localdate()).year + bool(calendar.known_through)
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else next_year
    loaded = calendar.years.filter(year=year).first()
    if loaded is None:
        return {"year": year}
    return {"year": year, "source": loaded.source, "lines": _lines(calendar, year)}


def _lines(calendar: Calendar, year: int) -> str:
    """What is known of a year, with the names of the festivals in the reader's language."""
    days = known_days(calendar, year)
    return written(replace(day, name=_(day.name)) for day in days)


def _loaded(year: int, settled: Settled) -> str:
    said = _("The list of {year} is loaded.").format(year=year)
    return " ".join([said, _moved(settled)])


def _moved(settled: Settled) -> str:
    if not settled.moved:
        return _("No running clock changed.")
    said = ngettext(
        "%(moved)d clock was dated anew.", "%(moved)d clocks were dated anew.", settled.moved
    ) % {"moved": settled.moved}
    if settled.told:
        told = ngettext(
            "%(told)d of those looked at had steps that had fired; these stay.",
            "%(told)d of those looked at had steps that had fired; these stay.",
            settled.told,
        )
        said = f"{said} {told % {'told': settled.told}}"
    return said
