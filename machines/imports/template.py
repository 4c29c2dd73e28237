"""The empty sheet that people start from: titles, and a second sheet that explains them."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from machines.imports.base import Column, Kind


def title_of(column: Column) -> str:
    """The title that is shown: Chinese or English, both are read."""
    in_chinese = (get_language() or "").startswith("zh")
    return column.titles[0] if in_chinese else column.titles[-1].capitalize()


def template(kind: type[Kind]) -> bytes:
    """An .xlsx with the titles; wide columns as texts, so that Excel keeps long numbers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(kind.label)
    notes = book.create_sheet(_("Notes"))
    notes.append([_("Column"), _("Needed"), _("Example")])
    for place, column in enumerate(kind.columns, start=1):
        cell = sheet.cell(1, place, title_of(column))
        cell.font = Font(bold=True)
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = 20
        for row in range(2, 202):
            sheet.cell(row, place).number_format = "@"
        needed = column.required or column.key in kind.needed_when_new
        notes.append([title_of(column), _("yes") if needed else "", column.example])
    notes.append([])
    notes.append([_("Empty cells leave what is stored as it is.")])
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
