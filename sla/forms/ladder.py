"""What people type about a clock: taking it on, whose fault it was, a time found wrong."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sla.models import Fault


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class LiabilityForm(forms.Form):
    """A decision on a breach (责任处理)."""

    fault = forms.ChoiceField(
        label=_("Whose fault"), choices=Fault.choices, widget=forms.RadioSelect
    )
    at_fault = forms.CharField(
        label=pgettext_lazy("at fault", "Name"),
        max_length=120,
        required=False,
        help_text=_("Needed for somebody else of us: the person or department."),
    )
    decision = forms.CharField(
        label=_("Decision and reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DifferenceForm(forms.Form):
    """What an administrator makes of a finding of the nightly proof."""

    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Needed when the clock keeps its time: why."),
    )
