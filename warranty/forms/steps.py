"""The form of a step, about one thing."""

from __future__ import annotations

from typing import Any

from django import forms


class StepForm(forms.Form):
    """A form about one thing; without fields it only asks to confirm."""

    def __init__(self, *args: Any, thing: Any, **kwargs: Any) -> None:
        self.thing = thing
        super().__init__(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """What the service takes of it."""
        return self.cleaned_data
