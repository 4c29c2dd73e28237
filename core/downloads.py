"""Giving out files so that a browser shows pictures and runs nothing."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse

from core.models import StoredFile

# Whatever is inside: no script, no form, no origin.
SANDBOX = "default-src 'none'; img-src 'self'; style-src 'none'; sandbox"
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


def give(row: StoredFile) -> FileResponse:
    """A stored file under its own name; only pictures open in the browser."""
    return locked_down(
        FileResponse(row.file.open("rb"), content_type=row.content_type),
        row.original_name,
        inline=row.content_type in SHOWN,
    )


def locked_down(answer: FileResponse, name: str, *, inline: bool = False) -> FileResponse:
    """The headers of every file that a person or a job made."""
    answer["Content-Disposition"] = attachment_header(name, inline=inline)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "private, no-store"
    return answer


def attachment_header(name: str, *, inline: bool = False) -> str:
    """`attachment; filename*=…` for names in any script (RFC 6266)."""
    plain = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "._-")) or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
