"""Where the papers of claims are shown, for bells, mails and codes on paper."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

ANY = "NUMBER"


def page_of_claim(number: str) -> str:
    """The address of a claim's page below this site."""
    return _pattern("claim", "claims").replace(ANY, quote(number))


def page_of_pre_authorisation(number: str) -> str:
    return _pattern("pre-authorisation", "pre-authorisations").replace(ANY, quote(number))


def full_page_of_claim(number: str) -> str:
    return settings.BASE_URL.rstrip("/") + page_of_claim(number)


@cache
def _pattern(name: str, folder: str) -> str:
    try:
        return reverse(f"warranty:{name}", args=[ANY])
    except NoReverseMatch:
        # A process that serves only the API knows no pages; the address stays the same.
        return f"/warranty/{folder}/{ANY}/"
