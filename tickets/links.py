"""Where a ticket's page is, for bells, mails and codes on paper."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

ANY = "NUMBER"


def page_of(number: str) -> str:
    """The address of a ticket's page below this site."""
    return _pattern().replace(ANY, quote(number))


@cache
def _pattern() -> str:
    """Where any ticket's page is; found once, since a sweep names thousands."""
    try:
        return reverse("tickets:detail", args=[ANY])
    except NoReverseMatch:
        # A process that serves only the API knows no pages; the address stays the same.
        return f"/tickets/{ANY}/"


def full_page_of(number: str) -> str:
    return settings.BASE_URL.rstrip("/") + page_of(number)
