"""What is asked of the books: days of a statement, a month and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dealers.fields import DayField


class DaysForm(forms.Form):
    """From day to day, both counted."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        days: dict[str, Any] = super().clean() or {}
        since, until = days.get("since"), days.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return days

    def days(self) -> dict[str, date | None]:
        """What can be read; a day that cannot is said at its field and left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in ("since", "until")}


class MonthForm(forms.Form):
    """A month such as 2026-10."""

    month = forms.CharField(max_length=7, widget=forms.HiddenInput)

    def clean_month(self) -> date:
        try:
            return datetime.strptime(self.cleaned_data["month"], "%Y-%m").date()  # noqa: DTZ007
        except ValueError as error:
            raise forms.ValidationError(_("There is no such month.")) from error


class ReopenForm(MonthForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)
