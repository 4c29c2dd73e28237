"""What people type in a work report; rows of parts and labour come as sets of small forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import phones
from core.actor import Actor
from core.forms import MoneyField
from core.phones import half_width
from dealers.fields import DayField
from knowledge.models import Severity, Symptom
from machines.access import visible_machines
from machines.models import Machine, UseUnit
from machines.rules import clean_serial
from parts.forms.fields import OperationField, PartField, QuantityField
from tickets.fields import MomentField
from warranty.models import WorkReport
from warranty.rules.reports import Flaw
from warranty.states.reports import EvidenceKind, FittedBy, PartSource

LONGEST = 4000
# Rows that stand ready for somebody whose browser runs no scripts.
SPARE_ROWS = 2
MOST_ROWS = 60
INSTANTS = ("reported_at", "arrived_at", "started_at", "finished_at", "charge_told_at")


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NumberField(forms.DecimalField):
    """A number with one decimal, full-width digits and thousands too."""

    def __init__(self, digits: int = 10, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**{"max_digits": digits, "decimal_places": 1, "required": False, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(
            half_width(value).replace(",", "") if isinstance(value, str) else value
        )


class WholeField(forms.IntegerField):
    """A whole number in small digits or full-width ones."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**{"required": False, "min_value": 0, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value) if isinstance(value, str) else value)


class SymptomField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        nothing = Symptom._default_manager.none()
        super().__init__(
            **{"queryset": nothing, "to_field_name": "code", "required": False, **kwargs}
        )


class FactsForm(forms.Form):
    """The facts of a job as they stand on the sheet, in the order in which they happen."""

    serial_number = forms.CharField(label=_("Serial number of the machine"), max_length=40)
    technician_name = forms.CharField(label=_("Technician"), max_length=80, required=False)
    reported_at = MomentField(label=pgettext_lazy("report", "Reported"), required=False)
    arrived_at = MomentField(label=_("Arrived"), required=False)
    started_at = MomentField(label=_("Work begun"), required=False)
    finished_at = MomentField(label=_("Work finished"), required=False)
    fault_on = DayField(label=_("Day of the fault"), required=False)
    meter_reading = NumberField(label=_("Meter reading"))
    meter_unit = forms.ChoiceField(
        label=_("Measured in"), choices=[("", "—"), *UseUnit.choices], required=False
    )
    complaint = forms.CharField(
        label=pgettext_lazy("report", "Complaint"),
        max_length=LONGEST,
        required=False,
        widget=lines(),
        help_text=_("What the customer says."),
    )
    cause = forms.CharField(
        label=pgettext_lazy("report", "Cause"),
        max_length=LONGEST,
        required=False,
        widget=lines(),
        help_text=_("What you found."),
    )
    correction = forms.CharField(
        label=pgettext_lazy("report", "Correction"),
        max_length=LONGEST,
        required=False,
        widget=lines(),
        help_text=_("What you did."),
    )
    symptom = SymptomField(label=_("Symptom"), empty_label="—")
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", "—"), *Severity.choices], required=False
    )
    fault_place = forms.CharField(label=_("Place of the fault"), max_length=80, required=False)
    is_repeat = forms.BooleanField(label=_("The same fault again"), required=False)
    is_trial_run = forms.BooleanField(label=_("Trial run done with the customer"), required=False)
    distance_km = NumberField(7, label=_("Distance driven"))
    map_km = NumberField(7, label=_("Distance by the map"))
    people = WholeField(label=_("People"), max_value=50)
    nights = WholeField(label=_("Nights away"), max_value=60)
    trip_key = forms.CharField(
        label=_("Trip"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "report-trips", "autocomplete": "off"}),
        help_text=_("Jobs of one trip carry the same mark and share its way."),
    )
    charged_cents = MoneyField(
        label=_("Charged to the customer"),
        required=False,
        help_text=_("Only work outside the guarantee."),
    )
    charge_told_at = MomentField(
        label=_("Price told and agreed"),
        required=False,
        help_text=_("Before the work began."),
    )
    device_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: WorkReport | None = None, **kwargs: Any) -> None:
        self.report = report
        if report is not None:
            kwargs.setdefault("initial", {})
            kwargs["initial"] = _initial(self, report) | kwargs["initial"]
        super().__init__(*args, **kwargs)
        if report is not None:
            del self.fields["serial_number"]
        symptoms: Any = self.fields["symptom"]
        symptoms.queryset = Symptom.objects.filter(is_active=True)
        if report is not None and report.symptom_id:
            symptoms.queryset |= Symptom.objects.filter(pk=report.symptom_id)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["people"] = data.get("people") if data.get("people") is not None else 1
        data["nights"] = data.get("nights") or 0
        data["charged_cents"] = data.get("charged_cents") or 0
        data["device_at"] = device_instant(data.get("device_at", ""))
        if self.report is not None:
            for name in INSTANTS:
                data[name] = _to_the_second(data.get(name), getattr(self.report, name))
        return data


def _initial(form: Any, report: WorkReport) -> dict[str, Any]:
    names = set(FactsForm.base_fields) - {"serial_number", "device_at", "symptom"}
    shown = {name: getattr(report, name) for name in names}
    if not report.charged_cents:
        shown["charged_cents"] = None
    return shown | {"symptom": report.symptom.code if report.symptom else ""}


def _to_the_second(typed: datetime | None, kept: datetime | None) -> datetime | None:
    """The inputs know minutes only: an instant that nobody changed keeps its seconds."""
    if typed and kept and typed == kept.replace(second=0, microsecond=0):
        return kept
    return typed


def device_instant(text: str) -> datetime | None:
    """What the clock of the device said; one that cannot be read says nothing."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


class PartForm(forms.Form):
    """One part that was fitted."""

    part = PartField(
        required=False,
        widget=forms.TextInput(attrs={"list": "report-parts", "autocomplete": "off"}),
    )
    quantity = QuantityField(label=_("Quantity"), initial=Decimal(1), required=False)
    source = forms.ChoiceField(
        label=_("Whose stock"), choices=PartSource, initial=PartSource.OWN, required=False
    )
    old_serial = forms.CharField(label=_("Old serial number"), max_length=40, required=False)
    new_serial = forms.CharField(label=_("New serial number"), max_length=40, required=False)
    old_batch = forms.CharField(label=_("Old batch"), max_length=40, required=False)
    fitted_by = forms.ChoiceField(
        label=_("Old one fitted by"), choices=FittedBy, initial=FittedBy.FACTORY, required=False
    )
    is_causal = forms.BooleanField(label=_("Caused the fault"), required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        told = ("old_serial", "new_serial", "old_batch", "is_causal")
        is_begun = any(data.get(name) for name in told)
        if is_begun and not data.get("part") and "part" not in self.errors:
            self.add_error("part", _("Name the part."))
        return data


class LabourForm(forms.Form):
    """One operation and the minutes that it took."""

    operation = OperationField(
        required=False,
        widget=forms.TextInput(attrs={"list": "report-operations", "autocomplete": "off"}),
    )
    minutes = WholeField(label=_("Minutes"), min_value=1, max_value=44640)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        operation, minutes = data.get("operation"), data.get("minutes")
        if minutes and not operation and "operation" not in self.errors:
            self.add_error("operation", _("Name the operation."))
        if operation and not minutes and "minutes" not in self.errors:
            self.add_error("minutes", _("Write the minutes as a whole number above zero."))
        return data


def _rows(form: type[forms.Form]) -> Any:
    return forms.formset_factory(form, extra=SPARE_ROWS, absolute_max=MOST_ROWS, max_num=MOST_ROWS)


PartRows, LabourRows = _rows(PartForm), _rows(LabourForm)


class ReportForms:
    """The sheet as one: facts, parts, labour. Rows that nobody touched do not count."""

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        report: WorkReport | None = None,
        needs_machine: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.actor = actor
        self.facts = FactsForm(data, report=report, initial=initial or {})
        if not needs_machine:
            self.facts.fields.pop("serial_number", None)
        # Rows that are sent stand for themselves, whatever is stored by now.
        fresh = report if data is None else None
        parts = _part_rows(fresh) if fresh else None
        labour = _labour_rows(fresh) if fresh else None
        self.parts = PartRows(data, prefix="parts", initial=parts)
        self.labour = LabourRows(data, prefix="labour", initial=labour)
        self.machine: Machine | None = None

    def is_valid(self) -> bool:
        good = [self.facts.is_valid(), self.parts.is_valid(), self.labour.is_valid()]
        if "serial_number" in self.facts.fields and self.facts.cleaned_data.get("serial_number"):
            number = clean_serial(self.facts.cleaned_data["serial_number"])
            found = visible_machines(self.actor).select_related("model")
            self.machine = found.filter(serial_number=number).first()
            if self.machine is None:
                self.facts.add_error("serial_number", _("No machine has this serial number."))
                return False
        return all(good)

    def values(self) -> dict[str, Any]:
        """What `save_report` takes; the rows without those that are empty."""
        return {
            "facts": self.facts.cleaned_data,
            "parts": [form.cleaned_data for _place, form in self._filled(self.parts, "part")],
            "labour": [
                form.cleaned_data for _place, form in self._filled(self.labour, "operation")
            ],
        }

    def _filled(self, rows: Any, name: str) -> list[tuple[int, Any]]:
        return [(place, form) for place, form in enumerate(rows) if form.cleaned_data.get(name)]

    def add_flaws(self, flaws: Sequence[Flaw]) -> None:
        """What the rules say, each at the field where it was typed."""
        sets = {"parts": (self.parts, "part"), "labour": (self.labour, "operation")}
        for flaw in flaws:
            noun = str(flaw.path[0])
            if noun not in sets:
                name = noun if noun in self.facts.fields else None
                self.facts.add_error(name, str(flaw))
                continue
            filled = self._filled(*sets[noun])
            place = min(int(flaw.path[1]), len(filled) - 1)
            filled[place][1].add_error(str(flaw.path[2]), str(flaw))

    def errors(self) -> dict[str, list[str]]:
        """By the name of the input, as the page and its script find it."""
        found = {name: list(map(str, said)) for name, said in self.facts.errors.items()}
        for rows in (self.parts, self.labour):
            for form in rows:
                for name, said in form.errors.items():
                    found[form.add_prefix(name)] = list(map(str, said))
            if said := rows.non_form_errors():
                found.setdefault("__all__", []).extend(map(str, said))
        return found


def _part_rows(report: WorkReport) -> list[dict[str, Any]]:
    names = set(PartForm.base_fields)
    rows = report.parts.select_related("part").order_by("position")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _labour_rows(report: WorkReport) -> list[dict[str, Any]]:
    rows = report.labour.select_related("operation").order_by("position")
    return [{"operation": str(row.operation), "minutes": row.minutes} for row in rows]


class SignForm(forms.Form):
    """The customer's name and hand, or the code that was sent."""

    signer_name = forms.CharField(label=_("Name of who signs"), max_length=80, required=False)
    signature = forms.JSONField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code from the text message"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    signed_at = forms.CharField(required=False, widget=forms.HiddenInput)
    is_done = forms.BooleanField(
        label=_("The work is done: report it to the desk as well"), required=False
    )

    def clean_signed_at(self) -> datetime | None:
        return device_instant(self.cleaned_data["signed_at"])


class CodeForm(forms.Form):
    """Where the code goes: a number that the customer is known by."""

    phone = forms.ChoiceField(label=_("Send a code to"))

    def __init__(self, *args: Any, numbers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["phone"]
        field.choices = [(number, phones.display(number)) for number in numbers]


class EvidenceForm(forms.Form):
    """A photo, and what it shows."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("photo", "Shows"), choices=EvidenceKind, initial=EvidenceKind.FAULT
    )
    upload = forms.FileField(label=_("Photo or paper"))
    taken_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_taken_at(self) -> datetime | None:
        return device_instant(self.cleaned_data["taken_at"])


class CorrectForm(forms.Form):
    """Why what was signed is not right."""

    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=200,
        widget=lines(2),
        help_text=_("The signed version stays on file; the customer signs the new one."),
    )
