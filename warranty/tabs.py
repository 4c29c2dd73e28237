"""The nouns of the guarantee as tabs over its pages; what a role may not see is not there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from core.menu import address


@dataclass(frozen=True, slots=True)
class Tab:
    label: Promise
    url_name: str
    permission: str


@dataclass(frozen=True, slots=True)
class ShownTab:
    label: str
    url: str
    is_current: bool


TABS = (
    Tab(pgettext_lazy("tab", "To do"), "warranty:home", ""),
    Tab(pgettext_lazy("tab", "Receipt cards"), "machines:registrations", "registration.view"),
    Tab(pgettext_lazy("tab", "Reports"), "warranty:reports", "report.view"),
    Tab(pgettext_lazy("tab", "Claims"), "warranty:claims", "claim.view"),
    Tab(pgettext_lazy("tab", "Pre-authorisations"), "warranty:pre-authorisations", "claim.view"),
    Tab(pgettext_lazy("tab", "Old parts"), "warranty:old-parts", "old_part.view"),
    Tab(pgettext_lazy("tab", "Shipments"), "warranty:shipments", "old_part.view"),
    Tab(pgettext_lazy("tab", "Settlements"), "warranty:settlements", "settlement.view"),
    Tab(pgettext_lazy("tab", "Adjustments"), "warranty:adjustments", "adjustment.view"),
    Tab(pgettext_lazy("tab", "Accounts"), "ledger:accounts", "ledger.view"),
    Tab(pgettext_lazy("tab", "Spot checks"), "warranty:spot-checks", "spot_check.view"),
    Tab(pgettext_lazy("tab", "Replace or return"), "warranty:cases", "case.view"),
    Tab(pgettext_lazy("tab", "Suppliers"), "warranty:recoveries", "recovery.view"),
)


def shown(actor: Actor, path: str) -> list[ShownTab]:
    """The tabs this actor may open; the longest address that heads `path` is current."""
    mine = [
        (tab, url)
        for tab in TABS
        if (not tab.permission or actor.may(tab.permission))
        and (url := address(tab.url_name)) is not None
    ]
    current = max((url for _, url in mine if path.startswith(url)), key=len, default=None)
    return [ShownTab(str(tab.label), url, url == current) for tab, url in mine]
