"""Where a callback's page is, for bells and mails."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def page_of(number: str) -> str:
    """The address of a callback's page below this site."""
    try:
        return reverse("visits:callback", args=[number])
    except NoReverseMatch:
        # A process that serves only the API knows no pages; the address stays the same.
        return f"/callbacks/{number}/"
