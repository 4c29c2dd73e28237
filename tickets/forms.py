"""What people type about a ticket. Forms check and say what is wrong; services write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import words
from core.actor import Actor
from knowledge.models import Severity
from sla.states import ClockState, PauseReason
from tickets.fields import DayField, DealerField, MomentField, PhoneField, RegionField
from tickets.services.clocks import delayable
from tickets.states import Team, TicketChannel, TicketKind, Urgency, Visibility

LONGEST_TEXT = 4000
HAND_OVER_TEAMS = [(Team.TECHNICAL, Team.TECHNICAL.label), (Team.SALES, Team.SALES.label)]
# How old a visit may be that is typed in afterwards.
TYPED_IN_LATER = timedelta(days=31)


class ActorForm(forms.Form):
    """A form that knows who fills it in, and about which ticket."""

    required_css_class = "required"

    def __init__(self, *args: Any, actor: Actor, ticket: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.ticket = actor, ticket
        for field in self.fields.values():
            if isinstance(field, DealerField):
                field.actor = actor


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MatterForm(ActorForm):
    """What is asked for at intake, by whoever takes it in."""

    caller_phone = PhoneField(label=_("Telephone"), required=False)
    customer = forms.CharField(required=False, widget=forms.HiddenInput)
    caller_name = forms.CharField(label=_("Caller"), max_length=80, required=False)
    region_code = RegionField(required=False)
    address = forms.CharField(label=_("Village, street, place"), max_length=200, required=False)
    machine = forms.CharField(required=False, widget=forms.HiddenInput)
    serial = forms.CharField(
        label=_("Another machine: serial number or plate"), max_length=40, required=False
    )
    model = forms.ChoiceField(label=_("Model"), required=False)
    sold_on = DayField(label=_("Sold on"), required=False)
    symptom = forms.CharField(
        label=_("What is wrong, or wished"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "symptoms", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=TicketKind, initial=TicketKind.REPAIR)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=Urgency,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("In the caller's words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=lines(2),
    )
    wished_for = forms.CharField(label=_("Wished time"), max_length=80, required=False)

    def __init__(self, *args: Any, models: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", pgettext_lazy("model", "Choose")), *models]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("sold_on") and data["sold_on"] > timezone.localdate():
            self.add_error("sold_on", _("This day is in the future."))
        return data


class CallForm(MatterForm):
    """The call page: who calls, about which machine, what, and who gets it."""

    channel = forms.ChoiceField(
        label=_("Came in by"),
        choices=[c for c in TicketChannel.choices if c[0] not in ("api", "dealer")],
        initial=TicketChannel.PHONE,
    )
    route = forms.CharField(required=False, initial="rule", widget=forms.HiddenInput)
    who_for = forms.CharField(required=False, widget=forms.HiddenInput)
    machines_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        by_phone = data.get("channel") == TicketChannel.PHONE
        if by_phone and "caller_phone" in data and not data["caller_phone"]:
            self.add_error("caller_phone", _("Write the number that calls."))
        return data


class OfferForm(ActorForm):
    dealer = DealerField(label=_("Offer to"))


class BulkForm(ActorForm):
    """What the bar under the list does with the chosen tickets."""

    dealer = DealerField(label=_("Dealer"), required=False)
    team = forms.ChoiceField(
        label=_("Team"), choices=[("", _("Dealer")), *HAND_OVER_TEAMS], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("dealer") and not data.get("team"):
            self.add_error("dealer", _("Choose a dealer or a department."))
        return data


class HandOverForm(ActorForm):
    team = forms.ChoiceField(label=_("Hand over to"), choices=HAND_OVER_TEAMS)


class ReasonForm(ActorForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=lines(2))


class RefuseForm(ReasonForm):
    """A refusal: the common reasons are suggested, any other may be written."""

    reason = forms.CharField(
        label=_("Why not?"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "refusals", "autocomplete": "off"}),
    )


class ArrangeForm(ActorForm):
    technician_name = forms.CharField(
        label=_("Who goes"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "technicians", "autocomplete": "off"}),
    )
    technician_phone = PhoneField(label=_("Technician's telephone"), required=False)
    visit_at = MomentField(label=_("When"))

    def clean_visit_at(self) -> Any:
        at = self.cleaned_data["visit_at"]
        if at < timezone.now() - TYPED_IN_LATER:
            raise forms.ValidationError(_("This is more than a month ago; look at the date."))
        return at


class PauseForm(ActorForm):
    reason = forms.ChoiceField(label=_("Waiting for what?"), choices=PauseReason)
    until = MomentField(label=_("Until about"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class OpinionForm(ActorForm):
    opinion = forms.CharField(
        label=_("Verdict, and what is done about it"), max_length=LONGEST_TEXT, widget=lines(3)
    )


class DelayForm(ActorForm):
    """A later time for a promise that still runs, as the customer agreed to it (R-028)."""

    promise = forms.ChoiceField(label=_("Which promise?"))
    agreed_due_at = MomentField(label=_("New time"))
    cause = forms.CharField(label=_("Why does it take longer?"), max_length=200)
    consent = forms.CharField(
        label=_("Who agreed, and how?"),
        max_length=200,
        help_text=_("For example: the owner, on the telephone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["promise"]
        assert isinstance(field, forms.ChoiceField)
        now, asked = timezone.now(), self.data.get("promise")
        field.choices = [
            (clock.promise, f"{clock.name} · {words.full_moment(clock.due_at)}")
            for clock in delayable(self.actor, self.ticket)
            # What cannot be put off any more is not offered; asked for, the service says why.
            if clock.promise == asked or (clock.due_at > now and clock.state == ClockState.RUNNING)
        ]


class DoneForm(ActorForm):
    result = forms.CharField(
        label=_("What was done, with what result?"), max_length=LONGEST_TEXT, widget=lines(3)
    )
    cause = forms.CharField(
        label=_("Cause of the fault"), max_length=LONGEST_TEXT, required=False, widget=lines(2)
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_complaint = self.ticket is not None and self.ticket.kind == TicketKind.COMPLAINT
        if is_complaint and "cause" in data and not data["cause"]:
            self.add_error("cause", _("A complaint ends with its cause and how it is prevented."))
        return data


class CheckForm(ActorForm):
    is_arranged = forms.TypedChoiceField(
        label=_("Is the work arranged?"),
        choices=[("yes", _("Arranged")), ("no", _("Not arranged"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class NoteForm(ActorForm):
    text = forms.CharField(label=_("Note"), max_length=LONGEST_TEXT, widget=lines(3))
    is_call = forms.BooleanField(
        label=_("It was a telephone call with the customer"), required=False
    )
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=Visibility)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.is_dealer:
            # What a dealer writes is read by the dealer; there is nothing to choose.
            del self.fields["visibility"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.actor.is_dealer:
            data["visibility"] = Visibility.DEALER
        return data


class AttachForm(ActorForm):
    upload = forms.FileField(label=_("Photo or paper"))


class MergeForm(ActorForm):
    into = forms.CharField(label=_("Number of the ticket that goes on"), max_length=30)


class EditForm(ActorForm):
    """The facts that the desk may correct; the version tells two people apart."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=TicketKind)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=Urgency,
        help_text=_("Promises that run already keep their times; new ones go by the new urgency."),
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity)
    summary = forms.CharField(label=_("Summary"), max_length=120)
    description = forms.CharField(
        label=_("Description"), max_length=LONGEST_TEXT, required=False, widget=lines(3)
    )
    caller_name = forms.CharField(label=_("Caller"), max_length=80, required=False)
    caller_phone = PhoneField(label=_("Telephone"), required=False)
    region_code = RegionField(required=False)
    address = forms.CharField(label=_("Village, street, place"), max_length=200, required=False)
    wished_for = forms.CharField(label=_("Wished time"), max_length=80, required=False)


class ViewForm(ActorForm):
    """A name for the filters that are set now."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
