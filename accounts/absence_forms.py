"""Input shapes of absences; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership


class Moment(forms.DateTimeField):
    """An instant in the reader's zone, by the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(**{"input_formats": formats, **kwargs})


class Colleague(forms.ModelChoiceField):
    """One of the people of the same house, by the public id of the post."""

    def __init__(self, **kwargs: Any) -> None:
        nobody = Membership.objects.none()
        super().__init__(**{"queryset": nobody, "to_field_name": "public_id", **kwargs})

    def label_from_instance(self, post: Any) -> str:
        return f"{post.user.name} · {post.role_label}"


class DeputyForm(forms.Form):
    deputy = Colleague(
        label=pgettext_lazy("of an absence", "Deputy"),
        required=False,
        empty_label=_("Nobody: the supervisors"),
        help_text=_("Gets the messages and escalations of that time; both names stay on record."),
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, Colleague):
                field.queryset = colleagues


class AbsenceForm(DeputyForm):
    member = Colleague(label=_("Who is away"), empty_label=None)
    starts_at = Moment(label=_("Away from"))
    ends_at = Moment(label=_("Away until"), help_text=_("From this moment on they are back."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    field_order = ("member", "starts_at", "ends_at", "deputy", "reason")

    def __init__(self, *args: Any, mine: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].initial = mine.public_id

    def only_mine(self) -> None:
        """For people who may enter their own absence only."""
        del self.fields["member"]
