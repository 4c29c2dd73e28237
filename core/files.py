"""Uploads: taken by extension, signature and the real decoder alike; stored by an opaque id.

A picture is written anew, so that neither a place (EXIF, GPS) nor anything hidden behind its
pixels is kept. Macros, archives and whatever else a browser or an office could run are refused.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError
from core.models import StoredFile
from core.options import option
from core.tenancy import current_tenant_id

MB = 1024 * 1024
MOST_PIXELS = 60_000_000
# A document that grows more than this on opening is a bomb, not a document.
MOST_UNPACKED = 200 * MB
MOST_PARTS = 5_000


class FileRefused(DomainError):
    code = "file.refused"
    field = "upload"
    message = _("This file cannot be taken.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it will be stored."""

    name: str
    extension: str
    content_type: str
    content: bytes


def check(upload: UploadedFile, *, max_mb: int | None = None) -> Checked:
    """Open the upload as what its name says; raises FileRefused with a sentence."""
    limit = option("upload.max_mb") if max_mb is None else max_mb
    name = clean_name(upload.name or "")
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in KINDS:
        raise FileRefused(
            _("Files of this kind (%(extension)s) are not taken. Send one of: %(allowed)s."),
            extension=extension or "—",
            allowed=", ".join(sorted(KINDS)),
        )
    if (upload.size or 0) > limit * MB:
        raise FileRefused(
            _("This file is larger than %(limit)s MB. Send a smaller one."), limit=limit
        )
    content = upload.read()
    if not content:
        raise FileRefused(_("This file is empty."))
    kind = KINDS[extension]
    if kind.signatures:
        found = filetype.guess_extension(content[:8192])
        if found not in kind.signatures:
            raise FileRefused(
                _("This is no %(extension)s file, whatever its name says."), extension=extension
            )
    return Checked(name, extension, kind.content_type, kind.open(content, extension))


def store(row: StoredFile, checked: Checked, *, uploaded_by_id: int | None) -> StoredFile:
    """Write the file below its tenant and save the row."""
    row.public_id = uuid.uuid4()
    row.original_name = checked.name
    row.content_type = checked.content_type
    row.size = len(checked.content)
    row.sha256 = sha256(checked.content).hexdigest()
    row.uploaded_by_id = uploaded_by_id
    path = f"{current_tenant_id()}/{row.public_id.hex[:2]}/{row.public_id}.{checked.extension}"
    row.file.save(path, ContentFile(checked.content), save=False)
    row.save()
    return row


def clean_name(name: str) -> str:
    """A name for people only: no folders, no control characters, at most 120 characters."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, suffix = base.rpartition(".")
    if not dot:
        return base[:120]
    return f"{stem[: 119 - len(suffix)]}.{suffix}"[:120]


def _picture(content: bytes, extension: str) -> bytes:
    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused(_("This picture has too many pixels. Send a smaller one."))
            upright = ImageOps.exif_transpose(picture)
            out = BytesIO()
            if extension in ("jpg", "jpeg"):
                upright.convert("RGB").save(out, "JPEG", quality=88)
            elif extension == "webp":
                upright.convert("RGBA").save(out, "WEBP", quality=88)
            else:
                mode = upright.mode if upright.mode in ("L", "RGB", "RGBA") else "RGBA"
                bare = upright.convert(mode)
                bare.info.clear()
                bare.save(out, "PNG")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise FileRefused(_("This picture is damaged and cannot be opened.")) from error
    return out.getvalue()


def _pdf(content: bytes, extension: str) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise FileRefused(_("This PDF is damaged and cannot be opened."))
    return content


def _office(content: bytes, extension: str) -> bytes:
    main = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[extension]
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused(_("This document is too large when opened."))
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", main} <= names or archive.testzip() is not None:
                raise FileRefused(_("This document is damaged and cannot be opened."))
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names):
                raise FileRefused(_("This document carries macros. Send it without them."))
        if extension == "xlsx":
            load_workbook(BytesIO(content), read_only=True).close()
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused(_("This document is damaged and cannot be opened.")) from error
    return content


def _text(content: bytes, extension: str) -> bytes:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return content
    raise FileRefused(_("This text file holds something that is no text."))


@dataclass(frozen=True, slots=True)
class Kind:
    content_type: str
    signatures: frozenset[str]
    open: Callable[[bytes, str], bytes]


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LETTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Office documents are archives too: some makers' order of parts shows only that.
KINDS: dict[str, Kind] = {
    "jpg": Kind("image/jpeg", frozenset({"jpg"}), _picture),
    "jpeg": Kind("image/jpeg", frozenset({"jpg"}), _picture),
    "png": Kind("image/png", frozenset({"png"}), _picture),
    "webp": Kind("image/webp", frozenset({"webp"}), _picture),
    "pdf": Kind("application/pdf", frozenset({"pdf"}), _pdf),
    "xlsx": Kind(_SHEET, frozenset({"xlsx", "zip"}), _office),
    "docx": Kind(_LETTER, frozenset({"docx", "zip"}), _office),
    "txt": Kind("text/plain", frozenset(), _text),
    "csv": Kind("text/csv", frozenset(), _text),
}
