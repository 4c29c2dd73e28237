"""What people write about an old part, a shipment, a window and a truck."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import MoneyField
from dealers.fields import ActorForm, DayField, DealerField, PhoneField
from parts.models import Store, Supplier
from warranty.models import OldPartReturn, ReturnShipment, ReturnWindow, Truck
from warranty.queries import oldparts as queries
from warranty.services.oldparts.judging import STORE_KINDS, WAYS
from warranty.services.oldparts.receiving import ARRIVED_WITH
from warranty.states.oldparts import (
    CauseClass,
    Discrepancy,
    Finding,
    Liable,
    OldPartState,
)

CAMERA = {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
WORDS = forms.Textarea(attrs={"rows": 3})


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures at once; the value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ManyFiles(attrs={"accept": CAMERA["accept"], "multiple": True})
        super().__init__(**{"label": _("Photos"), "widget": widget, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        single = super().clean
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            return single(None, initial)
        return [single(each, initial) for each in given]


class PieceForm(forms.Form):
    """A step of one piece; `facts` are the arguments of its service."""

    def __init__(self, *args: Any, piece: OldPartReturn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.piece = piece

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PhotoForm(forms.Form):
    upload = forms.FileField(
        label=_("Photo of the piece"), widget=forms.ClearableFileInput(attrs=CAMERA)
    )


class ScrapForm(PieceForm):
    """The dealer's photo of the scrapped piece."""

    photos_taken = PhotosField(label=_("Photo of the scrapped piece"))


class SuperviseForm(PieceForm):
    """Two photos by the person who saw it: the piece before, and destroyed."""

    before = forms.FileField(label=_("Photo before"), widget=forms.ClearableFileInput(attrs=CAMERA))
    after = forms.FileField(
        label=_("Photo of the destroyed piece"), widget=forms.ClearableFileInput(attrs=CAMERA)
    )
    words = forms.CharField(label=_("Note"), required=False, max_length=400)

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        taken: list[UploadedFile] = [data["before"], data["after"]]
        return {"photos_taken": taken, "words": data["words"]}


class WaiveForm(PieceForm):
    words = forms.CharField(label=_("Reason"), max_length=400, widget=WORDS)
    photos_taken = PhotosField()


class WordsForm(PieceForm):
    words = forms.CharField(label=_("What happened"), max_length=400, widget=WORDS)


class MisjudgeForm(PieceForm):
    words = forms.CharField(
        label=_("Why the appraisal was wrong"),
        max_length=400,
        widget=WORDS,
        help_text=_("The dealer reads this, and gets back what was deducted."),
    )


class NoteForm(PieceForm):
    note = forms.CharField(label=_("Note"), required=False, max_length=400)


class ReceiveForm(PieceForm):
    discrepancy = forms.ChoiceField(
        label=_("As listed?"),
        required=False,
        choices=[(each.value, each.label) for each in ARRIVED_WITH],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=400)


class AppraiseForm(PieceForm):
    """The finding on one piece; what contradicts itself is said at the field."""

    finding = forms.ChoiceField(label=_("Finding"), choices=Finding, widget=forms.RadioSelect)
    is_covered = forms.ChoiceField(
        label=_("Covered by the guarantee?"),
        choices=[
            ("yes", pgettext_lazy("old part", "Covered")),
            ("no", pgettext_lazy("old part", "Not covered")),
        ],
        widget=forms.RadioSelect,
    )
    cause_class = forms.ChoiceField(label=_("Cause"), choices=CauseClass)
    liable = forms.ChoiceField(label=_("Who is liable"), choices=Liable)
    supplier = forms.ModelChoiceField(
        label=_("Supplier"),
        queryset=Supplier.objects.none(),
        to_field_name="code",
        required=False,
        help_text=_("Only when the supplier is liable; empty: the supplier of the part."),
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        widget=WORDS,
        help_text=_("Needed for a refusal: the dealer reads it."),
    )
    photos_taken = PhotosField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supplier: Any = self.fields["supplier"]
        supplier.queryset = Supplier.objects.filter(is_active=True)

    @property
    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["is_covered"] = data["is_covered"] == "yes"
        data["photos_taken"] = data["photos_taken"] or []
        return data


class DisposeForm(PieceForm):
    to = forms.ChoiceField(
        label=_("Where it goes"),
        choices=[(each.value, each.label) for each in WAYS],
        widget=forms.RadioSelect,
    )
    store = forms.ModelChoiceField(
        label=_("Store"),
        queryset=Store.objects.none(),
        to_field_name="code",
        required=False,
        help_text=_("The keeper may still choose another one of the same kind."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: Any = self.fields["store"]
        store.queryset = Store.objects.filter(is_active=True, kind__in=STORE_KINDS.values())


class FinishForm(PieceForm):
    """The keeper's move: which fields there are depends on where the piece goes."""

    store = forms.ModelChoiceField(
        label=_("Store"), queryset=Store.objects.none(), to_field_name="code"
    )
    value_cents = MoneyField(label=_("Value in the store, ¥"), initial=0)
    words = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = STORE_KINDS.get(OldPartState(self.piece.state))
        store: Any = self.fields["store"]
        store.queryset = Store.objects.filter(is_active=True, kind=kind)
        store.initial = self.piece.store
        if kind is None:
            del self.fields["store"]
        if self.piece.state != OldPartState.REUSABLE:
            del self.fields["value_cents"]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class TagForm(forms.Form):
    """A tag as it is typed or scanned."""

    tag = forms.CharField(
        label=_("Tag"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_("Type it or scan it, then Enter."),
    )


class ReceiveTagForm(TagForm):
    discrepancy = forms.ChoiceField(
        label=_("As listed?"),
        required=False,
        choices=[(each.value, each.label) for each in ARRIVED_WITH],
    )


class FinishBoxForm(forms.Form):
    discrepancy = forms.ChoiceField(
        label=_("The box itself"),
        required=False,
        choices=[
            (each.value, each.label)
            for each in (Discrepancy.NONE, Discrepancy.PACKING, Discrepancy.NO_LIST)
        ],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class SurplusForm(forms.Form):
    words = forms.CharField(
        label=_("What is too much"),
        max_length=150,
        help_text=_("Its tag, or a few words about the piece."),
    )


class ShipForm(forms.Form):
    """How a shipment travels: in an open window, or with a truck that passes."""

    window = forms.ModelChoiceField(
        label=_("Return window"),
        queryset=ReturnWindow.objects.none(),
        required=False,
        to_field_name="closes_on",
        empty_label=_("None"),
    )
    truck = forms.ModelChoiceField(
        label=_("Truck"),
        queryset=Truck.objects.none(),
        required=False,
        to_field_name="number",
        empty_label=_("None"),
    )
    carrier = forms.CharField(label=_("Carrier"), required=False, max_length=80)
    waybill = forms.CharField(label=_("Waybill number"), required=False, max_length=40)

    def __init__(self, *args: Any, shipment: ReturnShipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        window: Any = self.fields["window"]
        truck: Any = self.fields["truck"]
        window.queryset = queries.open_windows()
        window.initial = window.queryset.first()
        truck.queryset = queries.trucks_for(shipment)


class ReceiveShipmentForm(forms.Form):
    discrepancy = forms.ChoiceField(
        label=_("The shipment as a whole"),
        required=False,
        choices=[
            (each.value, each.label)
            for each in (
                Discrepancy.NONE,
                Discrepancy.SHORT,
                Discrepancy.SURPLUS,
                Discrepancy.PACKING,
                Discrepancy.NO_LIST,
            )
        ],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class WindowForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    opens_on = DayField(label=_("Opens on"))
    closes_on = DayField(label=_("Closes on"))


class TruckForm(forms.Form):
    plate = forms.CharField(label=_("Plate"), max_length=20)
    driver_name = forms.CharField(label=_("Driver"), max_length=80)
    driver_phone = PhoneField(label=_("Driver's telephone"), required=False)
    leaves_on = DayField(label=_("Leaves on"))


class StopForm(ActorForm):
    dealer = DealerField()
    passes_on = DayField(label=_("Passes on"))
