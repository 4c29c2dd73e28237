"""A file that somebody sends into rows of texts; whatever it is, an answer in a sentence."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from io import StringIO
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from core.errors import DomainError
from machines.imports.cells import as_text

MOST_BYTES = 20 * 1024 * 1024
# A sheet that is small on disk may unfold to gigabytes.
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")


class Unreadable(DomainError):
    code = "import.unreadable"
    message = _("This file is neither an Excel sheet (.xlsx) nor a CSV text.")
    field = "file"


class TooLarge(DomainError):
    code = "import.too_large"
    message = _("The file has %(size)s MB; at most %(most)s MB can be imported at once.")
    field = "file"


class TooManyRows(DomainError):
    code = "import.too_many_rows"
    message = _("The sheet has more than %(most)s rows; import it in parts.")
    field = "file"


def check_size(size: int) -> None:
    """Refuse what is too large before anything is read or stored."""
    if size > MOST_BYTES:
        mega = 1024 * 1024
        raise TooLarge(size=f"{size / mega:.0f}", most=MOST_BYTES // mega)


def check_kind(file: IO[bytes]) -> None:
    """Refuse at once what can be no table, by its content and not its name."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file (.xls): save it as .xlsx and send that."))
    if head.startswith(ZIP):
        _check_zip(file)
        file.seek(0)
    elif b"\x00" in head or not head.strip():
        raise Unreadable


def read_rows(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as the sheet shows them, with their texts; empty rows are left out."""
    check_kind(file)
    is_sheet = file.read(4) == ZIP
    file.seek(0)
    kept = 0
    for place, cells in enumerate(_sheet_rows(file) if is_sheet else _csv_rows(file), start=1):
        texts = [as_text(cell) for cell in cells[:MOST_COLUMNS]]
        if not any(texts):
            continue
        kept += 1
        if kept > MOST_ROWS + 1:
            raise TooManyRows(most=f"{MOST_ROWS:,}")
        yield place, texts


def _check_zip(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            is_sheet = "xl/workbook.xml" in parts.namelist()
    except zipfile.BadZipFile as error:
        raise Unreadable from error
    if not is_sheet or unpacked > MOST_UNPACKED:
        raise Unreadable


def _sheet_rows(file: IO[bytes]) -> Iterator[list[Any]]:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # The size that the file claims may be wrong; the rows themselves count.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield list(row)
        book.close()
    except DomainError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged file makes happen in it
        raise Unreadable from error


def _csv_rows(file: IO[bytes]) -> Iterator[list[str]]:
    content = file.read()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(_("The text is neither UTF-8 nor GB18030; save it as CSV UTF-8."))
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable from error
