"""Uploads: what opens as what its name says is kept without its secrets; all else is refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from core import files
from core.options import set_option
from tests.cast import World
from tests.tickets.conftest import Desk, offer
from tickets import services


def photo(kind: str = "JPEG", *, with_place: bool = False) -> bytes:
    picture, out = Image.new("RGB", (40, 20), "red"), BytesIO()
    if with_place:
        exif = Image.Exif()
        exif.get_ifd(0x8825)[2] = (37.0, 26.0, 9.0)
        exif[0x010E] = "secret village"
        picture.save(out, kind, exif=exif)
    else:
        picture.save(out, kind)
    return out.getvalue()


def sheet() -> bytes:
    out = BytesIO()
    Workbook().save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX = archive(**{"[Content_Types]_xml": b"<x/>", "word__document_xml": b"<x/>"})


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.jpg", photo(), "image/jpeg"),
        ("a.PNG", photo("PNG"), "image/png"),
        ("a.webp", photo("WEBP"), "image/webp"),
        ("单据.pdf", PDF, "application/pdf"),
        ("a.xlsx", sheet(), files.KINDS["xlsx"].content_type),
        ("a.docx", DOCX, files.KINDS["docx"].content_type),
        ("a.txt", "发动机".encode("gb18030"), "text/plain"),
    ],
)
def test_ordinary_files_are_taken(name: str, content: bytes, content_type: str) -> None:
    checked = files.check(SimpleUploadedFile(name, content), max_mb=1)
    assert (checked.name, checked.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ\x90\x00"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("a.html", b"<script>alert(1)</script>"),
        ("noname", b"x"),
        ("a.jpg", b"<script>alert(1)</script>"),
        ("a.jpg", photo("PNG")),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        ("a.jpg", photo()[:200]),
        ("a.pdf", b"%PDF-1.7 cut"),
        ("a.pdf", photo()),
        ("a.xlsx", archive(a=b"1")),
        ("a.xlsx", DOCX),
        (
            "a.docx",
            archive(
                **{
                    "[Content_Types]_xml": b"<x/>",
                    "word__document_xml": b"<x/>",
                    "word__vbaProject.bin": b"x",
                }
            ),
        ),
        ("a.txt", b"MZ\x00\x01\x02"),
        ("a.txt", b""),
    ],
)
def test_a_disguised_or_damaged_file_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(files.FileRefused) as refused:
        files.check(SimpleUploadedFile(name, content), max_mb=1)
    assert refused.value.field == "upload"
    assert len(str(refused.value)) > 4


def test_an_archive_that_grows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 1000)
    parts = {"[Content_Types]_xml": b"<x/>", "word__document_xml": b"0" * 100_000}
    with pytest.raises(files.FileRefused):
        files.check(SimpleUploadedFile("a.docx", archive(**parts)), max_mb=1)


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_PIXELS", 100)
    with pytest.raises(files.FileRefused):
        files.check(SimpleUploadedFile("a.jpg", photo()), max_mb=1)


def test_a_photo_loses_its_place() -> None:
    before = photo(with_place=True)
    assert b"secret village" in before
    after = files.check(SimpleUploadedFile("a.jpg", before), max_mb=1).content
    assert b"secret village" not in after
    assert not Image.open(BytesIO(after)).getexif()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\a\\b.txt", "b.txt"),
        ("a\x00\n‮b.txt", "ab.txt"),
        ("长" * 300 + ".txt", "长" * 116 + ".txt"),
    ],
)
def test_a_name_is_for_people_only(typed: str, kept: str) -> None:
    assert files.clean_name(typed) == kept


def test_the_largest_size_is_the_companys_setting(desk: Desk) -> None:
    set_option(actor=desk.clerk, key="upload.max_mb", value=1)
    with pytest.raises(files.FileRefused) as refused:
        files.check(SimpleUploadedFile("a.txt", b"x" * (1024 * 1024 + 1)))
    assert "1 MB" in str(refused.value)


def attach(desk: Desk, visibility: str = "dealer", name: str = "a.pdf") -> str:
    ticket = offer(desk, desk.register())
    upload = SimpleUploadedFile(name, photo() if name.endswith("jpg") else PDF)
    row = services.attach_file(
        actor=desk.clerk, ticket=ticket, upload=upload, visibility=visibility
    )
    stored = rf"files/{desk.cast.tenant.pk}/\w\w/{row.public_id}\.\w+"
    assert re.fullmatch(stored, row.file.name or "")
    return reverse("tickets:file", args=[row.public_id])


def get(client: Client, address: str) -> HttpResponse:
    answer: Any = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return cast(HttpResponse, answer)


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("dealer_principal", 200), ("neighbour_principal", 404)],
)
def test_a_file_is_given_to_those_who_see_the_ticket(
    desk: Desk, as_: Callable[..., Client], who: str, status: int
) -> None:
    assert get(as_(who), attach(desk)).status_code == status


def test_a_file_of_another_company_does_not_exist(
    desk: Desk, as_: Callable[..., Client], world: World
) -> None:
    address = attach(desk)
    assert get(as_("clerk", world.stranger), address).status_code == 404


def test_an_internal_file_is_hidden_from_the_dealer(desk: Desk, as_: Callable[..., Client]) -> None:
    address = attach(desk, "internal")
    assert get(as_("dealer_principal"), address).status_code == 404
    assert get(as_("clerk"), address).status_code == 200


def test_no_browser_runs_what_was_uploaded(desk: Desk, as_: Callable[..., Client]) -> None:
    paper = get(as_("clerk"), attach(desk, name="单据.pdf"))
    assert paper["Content-Disposition"].startswith("attachment;")
    assert paper["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in paper["Content-Security-Policy"]
    shown = get(as_("clerk"), attach(desk, name="a.jpg"))
    assert shown["Content-Disposition"].startswith("inline")
