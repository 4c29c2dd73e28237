"""Webhooks as people enter them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Webhook
from notifications.webhooks.events import FAMILIES


class WebhookForm(forms.Form):
    """Where another program wants to be called, and of what; the code never changes."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("By this name a ladder calls it, for example: erp."),
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https://… of the receiving program, as it stands in the public internet."),
    )
    events = forms.MultipleChoiceField(
        label=_("Called of"),
        choices=list(FAMILIES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means: of everything."),
    )

    def __init__(self, data: Any = None, *, webhook: Webhook | None = None) -> None:
        kept = {}
        if webhook is not None:
            kept = {"name": webhook.name, "url": webhook.url, "events": webhook.events}
        super().__init__(data, initial=kept)
        if webhook is not None:
            del self.fields["code"]
