"""Forms of spot checks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import MoneyField
from dealers.fields import DealerField
from warranty.states.cases import Verdict


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, each as an upload."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given or [None]]


class DrawForm(forms.Form):
    dealer = DealerField(label=_("Dealer"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dealer"]
        assert isinstance(field, DealerField)
        field.actor = actor


class PapersForm(forms.Form):
    uploads = FilesField(
        label=_("Papers"),
        help_text=_("Signed report, photos, the user's statement; several at once."),
    )


class VerdictForm(forms.Form):
    """What a claim of the sample came to."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[(v.value, v.label) for v in Verdict if v != Verdict.PENDING],
        widget=forms.RadioSelect,
    )
    asked_user = forms.CharField(
        label=_("What the user said"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    facts = forms.CharField(
        label=_("What was found"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The dealer reads it."),
    )
    cents = MoneyField(
        label=_("Take back, yuan"),
        required=False,
        help_text=_("Empty: nothing. What is in order is never taken back."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["cents"] = data.get("cents") or 0
        return data
