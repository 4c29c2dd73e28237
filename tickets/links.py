"""Where a ticket's page is, for bells, mails and codes on paper."""

from __future__ import annotations

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def page_of(number: str) -> str:
    """The address of a ticket's page below this site."""
    try:
        return reverse("tickets:detail", args=[number])
    except NoReverseMatch:
        # A process that serves only the API knows no pages; the address stays the same.
        return f"/tickets/{number}/"


def full_page_of(number: str) -> str:
    return settings.BASE_URL.rstrip("/") + page_of(number)
