"""Where each figure leads: the list of its very rows, or nothing while that is not built."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.actor import Actor
from core.menu import address
from dashboards.figures import Period


def _to(name: str, **query: Any) -> str:
    """A page with its filters; "" while the page is not built."""
    url = address(name)
    asked = {key: value for key, value in query.items() if value not in (None, "")}
    if url is None:
        return ""
    return f"{url}?{urlencode(asked)}" if asked else url


def tickets(**filters: Any) -> str:
    return _to("tickets:list", **filters)


def board(**filters: Any) -> str:
    """Promises that are late or due within the hour."""
    return _to("sla:board", **filters)


def promises(period: Period, promise: str, *, outcome: str = "", dealer: str = "") -> str:
    """The promises behind a share: those of the period that were kept or missed."""
    query = {"days": period.days, "promise": promise, "outcome": outcome, "dealer": dealer}
    asked = {key: value for key, value in query.items() if value}
    return f"{reverse('dashboards:promises')}?{urlencode(asked)}"


def callbacks(actor: Actor, period: Period, *, dealer: str = "", tab: str = "made") -> str:
    """Callbacks that fell due in the period, for those who may read them."""
    if not actor.may("callback.view"):
        return ""
    return _to(
        "visits:callbacks", tab=tab, dealer=dealer, due_from=period.first, due_to=period.last
    )
