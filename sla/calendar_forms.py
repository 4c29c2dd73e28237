"""Calendars and pasted holidays as people enter them."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.calendar import CalendarError, Window
from sla.calendar.values import checked
from sla.daylist import ListedDay, parse
from sla.models import Calendar

CODE_TAKEN = gettext_lazy("This code is taken already.")
NEW = "new"  # the address of the empty form


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CalendarForm(forms.Form):
    """Hours by weekday: "08:30-12:00 13:30-17:30"; an empty field is a closed day."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=40, initial="Asia/Shanghai")
    known_through = forms.DateField(
        label=gettext_lazy("Holidays known through"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy(
            "Due times after this day are marked as provisional. Empty: holidays do not matter."
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
            "known_through": calendar.known_through,
            "is_default": calendar.is_default,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        if calendar.pk is not None:
            del self.fields["code"]
        for weekday, name in WEEKDAYS.items():
            spans = calendar.windows.get(str(weekday), [])
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=name,
                required=False,
                initial=" ".join("-".join(span) for span in spans),
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day_{weekday}"] for weekday in WEEKDAYS]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == NEW or Calendar.objects.filter(code=code).exists():
            raise ValidationError(CODE_TAKEN)
        return code

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        hours = {}
        for weekday in WEEKDAYS:
            texts = re.split(r"[\s,，;；、]+", str(data.get(f"day_{weekday}", "")).strip())
            try:
                hours[weekday] = checked(Window.parse(_plain(text)) for text in texts if text)
            except CalendarError as error:
                self.add_error(f"day_{weekday}", _(error.message) % error.params)
        if not self.errors and not any(hours.values()):
            raise ValidationError(_("The calendar has no working hours; give at least one window."))
        data["hours"] = hours
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = ("name", "zone", "known_through", "is_default", "hours")
        return {name: self.cleaned_data[name] for name in names}


def _plain(text: str) -> str:
    """Full-width colons and dashes as the input methods of the office write them."""
    return re.sub(r"[–—－~～至]", "-", text.replace("：", ":"))


class DaysForm(forms.Form):
    """Pasted holidays and make-up days, with the day to which they are complete."""

    lines = forms.CharField(
        label=gettext_lazy("Days"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One day a line: date, name, then holiday, makeup or ordinary. "
            "Example: 2027-01-01 New Year holiday"
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Title and number of the notice."),
    )
    known_through = forms.DateField(
        label=gettext_lazy("Holidays known through"), widget=DayInput, required=False
    )

    def clean_lines(self) -> list[ListedDay]:
        days, complaints = parse(self.cleaned_data["lines"])
        if complaints:
            raise ValidationError(complaints)
        return days
