"""Lists of holidays and single days as people enter them."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.daylist import (
    HOLIDAY,
    MAKEUP,
    MOST_BYTES,
    ORDINARY,
    SPECIAL,
    ListedDay,
    NotReadable,
    decoded,
    named_day,
    parse,
)
from sla.forms.calendars import DayInput

# A longer stretch of single days is a list; it is loaded as one.
LONGEST_STRETCH = 60
KINDS = [
    (HOLIDAY, gettext_lazy("Holiday")),
    (MAKEUP, gettext_lazy("Make-up workday")),
    (SPECIAL, gettext_lazy("Special hours")),
    (ORDINARY, gettext_lazy("Ordinary: follows its week again")),
]


class ListForm(forms.Form):
    """A year's list as pasted lines or a file; the text of a file goes into the field of lines.

    So a wrong file is mended on the page, and what is shown before saving is what is saved.
    """

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Title and number of the notice."),
    )
    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("CSV with the columns date, name, kind, or iCal (.ics); 1 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.ics,text/*"}),
    )
    lines = forms.CharField(
        label=gettext_lazy("Or its days"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One day a line: date, name, then holiday, makeup or special with hours. "
            "Example: 2027-01-01 New Year holiday"
        ),
    )
    only_year = forms.BooleanField(
        label=gettext_lazy("Leave out days of other years"), required=False
    )

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict[str, Any] | None = None
    ) -> None:
        self.complaint = ""
        upload = files.get("upload") if files else None
        if data is not None and upload is not None:
            data = data.copy()
            try:
                # One byte more than is allowed tells that it is too large.
                data["lines"] = decoded(upload.read(MOST_BYTES + 1))
            except NotReadable as error:
                self.complaint = str(error)
        super().__init__(data, files)

    def clean_upload(self) -> None:
        if self.complaint:
            raise ValidationError(self.complaint)

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        text = str(data.get("lines") or "")
        if self.complaint:
            return data
        if len(text.encode()) > MOST_BYTES:
            self.add_error("lines", _("The list is larger than 1 MB."))
        elif not text.strip():
            self.add_error("lines", _("Choose a file or paste the days."))
        else:
            self._read(data, text)
        return data

    def _read(self, data: dict[str, Any], text: str) -> None:
        year = data.get("year")
        only_year = bool(data.get("only_year"))
        days, complaints = parse(text, None if only_year else year)
        if only_year and year is not None:
            days = [day for day in days if day.on.year == year]
        if not days and not complaints:
            complaints = [_("The list holds no day.")]
        for complaint in complaints:
            self.add_error("lines", complaint)
        data["days"] = days

    @property
    def fingerprint(self) -> str:
        """Changes with what would be saved: only what was shown is saved unseen."""
        data = self.cleaned_data
        shown = (data["year"], data["only_year"], data["lines"].replace("\r\n", "\n").strip())
        return sha256(repr(shown).encode()).hexdigest()[:32]


class DayForm(forms.Form):
    """One day, or a few in a row, that differ from their week."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    until = forms.DateField(
        label=gettext_lazy("Through"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("Empty: only this day."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=KINDS)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    hours = forms.CharField(
        label=gettext_lazy("Hours of that day"),
        required=False,
        help_text=gettext_lazy("For special hours, like 09:00-12:00 13:00-15:00."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who decided it, or the notice."),
    )

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        if self.errors:
            return data
        first: date = data["on"]
        last: date = data.get("until") or first
        if last < first:
            self.add_error("until", _("The last day comes before the first."))
        elif (last - first).days >= LONGEST_STRETCH:
            self.add_error("until", _("At most 60 days at once; load a list for more."))
        else:
            data["days"] = self._days(data, first, last)
        return data

    def _days(self, data: dict[str, Any], first: date, last: date) -> list[ListedDay]:
        kind, name = data["kind"], " ".join(data["name"].split())
        if kind != ORDINARY and not name:
            self.add_error("name", _("Give the day a name."))
            return []
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        try:
            return [named_day(day, kind, name, data["hours"], 0) for day in days]
        except ValueError as error:
            sentence = str(error)
            self.add_error("hours", sentence[:1].upper() + sentence[1:].rstrip(".。") + ".")
            return []
