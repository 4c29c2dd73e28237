"""What every page knows: the menu, the companies, the languages, where the fixed pages are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from core import menu
from core.health import still_since

# Pages the shell links to. What is not built is not shown.
FIXED_PAGES = {
    "home": "home",
    "search": "search",
    "notifications": "notifications:list",
    "switch_company": "accounts:switch",
    "settings": "accounts:settings",
    "password": "account_change_password",
    "two_factor": "mfa_index",
    "sign_in": "account_login",
    "sign_out": "account_logout",
    "set_language": "accounts:language",
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all pages; everything costly is lazy.

    Reads of the request, each of which may be missing (an error page of an early middleware):
    `actor`, `tenant`, `user`, `companies` (those the user may switch to: objects with `pk`,
    `name`, `is_current`) and `unread` (how many notifications wait; a number or a callable).
    """
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    tenant = getattr(request, "tenant", None)
    return {
        "actor": actor,
        "person": user if user and user.is_authenticated else None,
        "company_name": SimpleLazyObject(lambda: _name_of(tenant)),
        "menu": SimpleLazyObject(lambda: menu.shown(actor, request.path) if actor else []),
        "call_button": SimpleLazyObject(lambda: menu.call_button(actor) if actor else None),
        "companies": SimpleLazyObject(lambda: list(_asked(request, "companies", ()))),
        "still_since": lambda: _still_since(actor),
        "unread": SimpleLazyObject(lambda: _asked(request, "unread", 0)),
        # Bound by the logging middleware: the number that finds this request in the logs.
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        "languages": SimpleLazyObject(_languages),
        "pages": SimpleLazyObject(lambda: dict(menu.addresses(FIXED_PAGES))),
    }


def _name_of(tenant: Any) -> str:
    """The company in the reader's script, where it has told its English name."""
    if tenant is None:
        return ""
    english = getattr(tenant, "name_en", "")
    return english if english and (get_language() or "").startswith("en") else tenant.name


def _still_since(actor: Any) -> datetime | None:
    """Since when the clocks tell nobody, for those who then must watch their lists themselves."""
    return None if actor is None or actor.is_dealer else still_since()


def _asked(request: HttpRequest, name: str, default: Any) -> Any:
    value = getattr(request, name, default)
    return value() if callable(value) else value


def _languages() -> list[dict[str, Any]]:
    """Each language under its own name, and which one this page is in."""
    current = get_language()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "is_current": code == current,
        }
        for code, _ in settings.LANGUAGES
    ]
