"""Invoices of goods as people type them, one by one or as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from core import files
from core.errors import DomainError
from core.forms import MoneyField
from dealers.fields import ActorForm, DayField, DealerField
from ledger.services import Receivable
from ledger.services.receivables import LONGEST

MOST_ROWS = 2_000


class ReceivableForm(ActorForm):
    dealer = DealerField(label=_("Dealer"))
    invoice = forms.CharField(label=_("Invoice number"), max_length=LONGEST)
    cents = MoneyField(label=_("Amount"))
    on = DayField(label=_("Invoice date"))


class SheetForm(ActorForm):
    """An Excel sheet: dealer number, invoice number, date, amount; the first row is a head."""

    upload = forms.FileField(
        label=_("Excel file"),
        help_text=_("Columns: dealer number, invoice number, invoice date, amount."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_upload(self) -> list[Receivable]:
        """The rows; every wrong one is said with its number, and then none is taken."""
        upload = self.cleaned_data["upload"]
        try:
            checked = files.check(upload)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        if checked.extension != "xlsx":
            raise forms.ValidationError(_("Send an Excel file (.xlsx)."))
        upload.seek(0)
        book = load_workbook(upload, read_only=True, data_only=True)
        found, wrong = [], []
        for place, cells in self._rows(book.worksheets[0].iter_rows(values_only=True)):
            form = ReceivableForm(_typed(cells), actor=self.actor)
            if form.is_valid():
                found.append(Receivable(**form.cleaned_data))
            else:
                said = " ".join(str(text) for texts in form.errors.values() for text in texts)
                wrong.append(_g("Row %(row)s: %(said)s") % {"row": place, "said": said})
        book.close()
        if len(found) + len(wrong) > MOST_ROWS:
            raise forms.ValidationError(
                _("At most %(most)s rows in one file."), params={"most": MOST_ROWS}
            )
        if wrong:
            raise forms.ValidationError(wrong[:20])
        if not found:
            raise forms.ValidationError(_("There is no row in this file."))
        return found

    def _rows(self, rows: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
        for place, cells in enumerate(rows, start=1):
            if place > MOST_ROWS + 2:
                return
            if place > 1 and any(cell not in (None, "") for cell in cells):
                yield place, tuple(cells)


def _typed(cells: tuple[Any, ...]) -> dict[str, str]:
    """Cells as somebody would have typed them."""
    names = ("dealer", "invoice", "on", "cents")
    return {name: _text(cell) for name, cell in zip(names, cells, strict=False)}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float):
        # 12.1 in a sheet is 12.1, not 12.0999…; what has three decimals keeps them.
        return repr(cell)
    return "" if cell is None else str(cell)
