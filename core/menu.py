"""The menu as data. What is not built, or not allowed to the role, is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

DESK, DEALER, MANAGER = "desk", "dealer", "manager"
MOST_ENTRIES = 9
MOST_BOTTOM = 4
MANAGER_ROLES = frozenset({"manager", "supervisor"})


@dataclass(frozen=True)
class Entry:
    """One noun of the menu; `bottom` also puts it in the bar of a phone."""

    label: Promise | str
    url_name: str
    icon: str
    permission: str
    audiences: frozenset[str]
    bottom: bool = False
    # Another page leads there too: left out first where a role has more entries than fit.
    spare: bool = False


@dataclass(frozen=True)
class Shown:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    bottom: bool
    current: bool


def _entry(
    label: Promise,
    url: str,
    icon: str,
    may: str,
    *audiences: str,
    bottom: bool = False,
    spare: bool = False,
) -> Entry:
    return Entry(label, url, icon, may, frozenset(audiences), bottom, spare)


# The order is the order on the page. An empty permission means: everybody of the audience.
ENTRIES = (
    _entry(
        pgettext_lazy("menu", "Overview"),
        "dashboards:manager",
        "chart-bar",
        "dashboard.view",
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Today"),
        "portal:home",
        "home",
        "",
        DEALER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Desk"),
        "tickets:home",
        "home",
        "ticket.check",
        DESK,
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Tickets"),
        "tickets:list",
        "clipboard-list",
        "ticket.view",
        DESK,
        DEALER,
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Clocks"),
        "sla:board",
        "clock",
        "ticket.view",
        DESK,
        MANAGER,
    ),
    _entry(
        pgettext_lazy("menu", "Callbacks"),
        "visits:callbacks",
        "phone-check",
        "callback.view",
        DESK,
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Guarantee"),
        "warranty:home",
        "shield-check",
        "",
        DESK,
        DEALER,
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Machines"),
        "machines:machines",
        "tractor",
        "machine.view",
        DESK,
        DEALER,
        MANAGER,
        bottom=True,
    ),
    _entry(
        pgettext_lazy("menu", "Receipt cards"),
        "machines:registrations",
        "file-certificate",
        "registration.view",
        DEALER,
    ),
    _entry(
        pgettext_lazy("menu", "Customers"),
        "machines:customers",
        "users",
        "customer.view",
        DESK,
        DEALER,
        MANAGER,
        bottom=True,
    ),
    # The machines lead to the parts as well.
    _entry(
        pgettext_lazy("menu", "Parts"),
        "parts:list",
        "settings-cog",
        "part.view",
        DESK,
        DEALER,
        MANAGER,
        spare=True,
    ),
    _entry(
        pgettext_lazy("menu", "Dealers"),
        "dealers:list",
        "building-store",
        "dealer.view",
        DESK,
        MANAGER,
        spare=True,
    ),
    _entry(
        pgettext_lazy("menu", "Overview"),
        "dashboards:manager",
        "chart-bar",
        "dashboard.view",
        DESK,
    ),
    _entry(
        pgettext_lazy("menu", "Settings"),
        "accounts:settings",
        "settings",
        "",
        DESK,
        DEALER,
        MANAGER,
    ),
)

# The verb above the nouns: what a clerk does all day.
CALL = _entry(
    pgettext_lazy("menu", "New call"),
    "tickets:call",
    "phone-call",
    "ticket.create",
    DESK,
)


def audience(actor: Any) -> str:
    """Whose menu the actor sees; roles of the manufacturer that only watch get the manager's."""
    if actor.is_dealer:
        return DEALER
    role = getattr(actor.role, "value", actor.role)
    return MANAGER if role in MANAGER_ROLES else DESK


def shown(actor: Any, path: str) -> list[Shown]:
    """The entries this actor may open; the longest one that heads `path` is current."""
    who = audience(actor)
    mine = [
        (entry, url)
        for entry in ENTRIES
        if who in entry.audiences and (url := _address(entry, actor)) is not None
    ]
    while len(mine) > MOST_ENTRIES:
        spare = [place for place, (entry, _) in enumerate(mine) if entry.spare]
        del mine[spare[-1] if spare else -1]
    current = max((url for _, url in mine if path.startswith(url)), key=len, default=None)
    bottom = {
        entry.url_name for entry, _ in [pair for pair in mine if pair[0].bottom][:MOST_BOTTOM]
    }
    return [
        Shown(str(entry.label), url, entry.icon, entry.url_name in bottom, url == current)
        for entry, url in mine
    ]


def call_button(actor: Any) -> Shown | None:
    """The button that starts a call, for those who may create tickets."""
    url = _address(CALL, actor)
    if actor.is_dealer or url is None:
        return None
    return Shown(str(CALL.label), url, CALL.icon, bottom=False, current=False)


def _address(entry: Entry, actor: Any) -> str | None:
    if entry.permission and not actor.may(entry.permission):
        return None
    return address(entry.url_name)


def address(name: str) -> str | None:
    """The address of a page, or None while it is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def addresses(names: dict[str, str]) -> Iterator[tuple[str, str | None]]:
    """Each key with the address of its page, or None while it is not built."""
    return ((key, address(name)) for key, name in names.items())
