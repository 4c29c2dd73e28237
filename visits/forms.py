"""What a clerk notes after a call, and a technician at the machine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.states import AttemptOutcome

SCORES = [
    (1, pgettext_lazy("score", "Not at all")),
    (2, pgettext_lazy("score", "Rather not")),
    (3, pgettext_lazy("score", "So-so")),
    (4, pgettext_lazy("score", "Satisfied")),
    (5, pgettext_lazy("score", "Fully")),
]
YES, NO = "yes", "no"


class CallForm(forms.Form):
    """One call: either nobody was reached, or the customer answered."""

    outcome = forms.ChoiceField(
        label=_("Was the customer reached?"),
        choices=AttemptOutcome,
        initial=AttemptOutcome.REACHED,
        widget=forms.RadioSelect,
    )
    is_resolved = forms.ChoiceField(
        label=_("Is the problem solved?"),
        choices=[(YES, _("Yes")), (NO, _("No"))],
        required=False,
        widget=forms.RadioSelect,
    )
    score = forms.TypedChoiceField(
        label=_("How satisfied is the customer?"),
        choices=SCORES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("The customer's words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when something is wrong: the ticket is opened again with these words."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    call_again_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: we choose the time by what happened."),
    )

    @property
    def is_reached(self) -> bool:
        return bool(self.cleaned_data.get("outcome") == AttemptOutcome.REACHED)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("outcome") == AttemptOutcome.REACHED:
            if not data.get("is_resolved") and "is_resolved" not in self.errors:
                self.add_error("is_resolved", _("Ask whether the problem is solved."))
            if not data.get("score") and "score" not in self.errors:
                self.add_error("score", _("Ask for a score from 1 to 5."))
        return data


class FinishForm(forms.Form):
    """The trip is over."""

    result = forms.CharField(
        label=_("What was done"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(forms.Form):
    """The trip does not take place."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
