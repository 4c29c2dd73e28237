"""Calendars, their hours and what stands in for them, as people enter them."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from sla.calendars import Spans, spans_read
from sla.daylist import window_words, windows_in
from sla.models import Calendar

CODE_TAKEN = gettext_lazy("This code is taken already.")
NEW = "new"  # the address of the empty form


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@cache
def wired() -> dict[str, Any]:
    """Form fields and choices of higher floors (a region, a dealer), from `config.wiring`."""
    table: dict[str, str] = import_string(settings.SLA_FIELDS)
    return {name: import_string(path) for name, path in table.items()}


def region(code: str) -> str:
    """The name of a region, in words of the floor that knows regions."""
    return str(wired()["region_name"](code)) if code else ""


class WeekForm(forms.Form):
    """Hours by weekday: "08:30-12:00 13:30-17:30"; an empty field is a closed day."""

    def add_week(self, windows: dict[str, Spans]) -> None:
        for weekday, name in WEEKDAYS.items():
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=name,
                required=False,
                initial=window_words(spans_read(windows.get(str(weekday), []))),
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        names = [f"day_{weekday}" for weekday in WEEKDAYS]
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        if not self.weekdays:
            return data
        hours = {}
        for weekday in WEEKDAYS:
            name = f"day_{weekday}"
            try:
                hours[weekday] = windows_in(str(data.get(name, "")))
            except ValueError as error:
                self.add_error(name, str(error))
        if not any(field.errors for field in self.weekdays) and not any(hours.values()):
            raise ValidationError(_("The calendar has no working hours; give at least one window."))
        data["hours"] = hours
        return data


class CalendarForm(WeekForm):
    """A calendar; its week only until clocks have run by it (then hours change from a day on)."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=40, initial="Asia/Shanghai")
    follows_holidays = forms.BooleanField(
        label=gettext_lazy("Follows public holidays"),
        required=False,
        help_text=gettext_lazy(
            "Its lists are loaded year by year. Due times in a year without a list are provisional."
        ),
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Default for promises without a policy"), required=False
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        self.calendar = calendar
        initial = {
            "code": calendar.code,
            "name": calendar.name,
            "zone": calendar.zone,
            "follows_holidays": calendar.follows_holidays,
            "is_default": calendar.is_default,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        if calendar.pk is not None:
            del self.fields["code"]
        if calendar.pk is None or not calendar.clocks.exists():
            self.add_week(calendar.windows)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == NEW or Calendar.objects.filter(code=code).exists():
            raise ValidationError(CODE_TAKEN)
        return code

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("name", "zone", "follows_holidays", "is_default")
        return {name: self.cleaned_data[name] for name in names} | {
            "hours": self.cleaned_data.get("hours")
        }


class HoursForm(WeekForm):
    """Other hours from a day on, with the reason."""

    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=DayInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For example: summer hours from 1 May."),
    )

    def __init__(self, *args: Any, windows: dict[str, Spans], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_week(windows)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("valid_from", "reason", "hours")}


class LocalForm(forms.Form):
    """Which calendar counts instead, and where: in a region or at a dealer."""

    def __init__(self, *args: Any, actor: Actor, instead_of: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = wired()["region"](
            label=_("Region"), required=False, help_text=_("Counts for all places inside it.")
        )
        self.fields["dealer"] = wired()["dealer"](
            label=_("Dealer"),
            required=False,
            help_text=_("The calendar of a dealer goes before that of its region."),
        )
        self.fields["dealer"].actor = actor  # type: ignore[attr-defined]
        self.fields["calendar"] = forms.ModelChoiceField(
            label=_("Calendar that counts there"),
            queryset=Calendar.objects.exclude(pk=instead_of.pk).order_by("name"),
        )

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        if not self.errors and bool(data["region"]) == bool(data["dealer"]):
            raise ValidationError(_("Name a region or a dealer, one of the two."))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        dealer = data["dealer"]
        return {
            "calendar": data["calendar"],
            "region_code": data["region"],
            "dealer_id": dealer.pk if dealer else None,
            "dealer_label": f"{dealer.number} {dealer}" if dealer else "",
        }


class SeasonForm(forms.Form):
    """When a product line is busy, in a region or everywhere."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    ends_on = forms.DateField(label=gettext_lazy("To"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"] = forms.ChoiceField(
            label=_("Product line"), choices=[("", "—"), *wired()["product_lines"]()]
        )
        self.fields["region"] = wired()["region"](
            label=_("Region"), required=False, help_text=_("Empty: everywhere.")
        )
        self.order_fields(["line", "region", "name", "starts_on", "ends_on"])

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "product_line_code": data["line"],
            "region_code": data["region"],
            "name": data["name"],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
        }
