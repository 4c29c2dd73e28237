"""Pages by position, never by counting: an opaque key says after which row the next begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BIGGEST_ID = 2**63 - 1


class BadKey(DomainError):
    code = "page.bad_key"
    message = _("This page address is damaged. Start again from the first page.")
    field = "after"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the key of what comes after them; empty when nothing does."""

    rows: Sequence[Any]
    next_after: str = ""


def page(
    rows: QuerySet[Any], *, after: str = "", size: int = SIZE, instant: str = "reported_at"
) -> Page:
    """The page after a key, ordered by (instant, id), newest first."""
    ordered = rows.order_by(f"-{instant}", "-id")
    if after:
        ordered = ordered.filter(beyond(after, instant=instant))
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found)
    last = found[size - 1]
    return Page(found[:size], key_of(getattr(last, instant), last.pk))


def beyond(after: str, *, instant: str = "reported_at") -> Q:
    """The rows that stand after a key."""
    at, pk = read_key(after)
    # The first condition alone can be looked up in an index; the second sorts out equal ones.
    earlier = Q(**{f"{instant}__lt": at}) | Q(**{instant: at, "id__lt": pk})
    return Q(**{f"{instant}__lte": at}) & earlier


def key_of(at: datetime, pk: int) -> str:
    micros = (at - EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros:x}.{pk:x}".encode()).decode().rstrip("=")


def read_key(key: str) -> tuple[datetime, int]:
    """The instant and id of a key; BadKey for anything that was not made here."""
    try:
        text = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
        micros, _dot, pk = text.decode("ascii").partition(".")
        at, row = EPOCH + timedelta(microseconds=int(micros, 16)), int(pk, 16)
    except (binascii.Error, UnicodeError, ValueError, OverflowError) as error:
        raise BadKey from error
    if not 0 < row <= BIGGEST_ID or key_of(at, row) != key:
        raise BadKey
    return at, row
