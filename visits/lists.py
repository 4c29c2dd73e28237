"""The queue of callbacks as a list: its tabs, pages, columns and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from core.lists import PAGE_SIZE, ListPage
from core.phones import display
from sla.models import Clock
from visits import presence, queries
from visits.models import Callback

NOW, LATER, MADE = "now", "later", "made"


@dataclass(frozen=True)
class Tab:
    """One part of the queue; `order` is the instant that its rows are sorted by."""

    label: Any
    rows: Callable[[Actor], QuerySet[Callback]]
    order: str
    newest_first: bool = False


TABS = {
    NOW: Tab(pgettext_lazy("callbacks", "To call now"), queries.callbacks_now, "late_at"),
    LATER: Tab(pgettext_lazy("callbacks", "Later"), queries.callbacks_later, "next_attempt_at"),
    MADE: Tab(pgettext_lazy("callbacks", "Made"), queries.callbacks_made, "called_at", True),
}


@dataclass(frozen=True)
class ShownTab:
    """A tab as one person sees it; the made ones are not counted, there may be many."""

    label: Any
    url: str
    is_current: bool
    count: int | None


@dataclass(frozen=True)
class Row:
    """A callback with what stands beside it in the list."""

    callback: Callback
    clock: Clock | None
    colleague: str


def tab_of(wish: str) -> str:
    return wish if wish in TABS else NOW


def tabs(current: str, counts: dict[str, int], kept: QueryDict) -> list[ShownTab]:
    """The tabs with their addresses; the filters go along."""
    shown = []
    for key, tab in TABS.items():
        query = kept.copy()
        query["tab"] = key
        shown.append(ShownTab(tab.label, f"?{query.urlencode()}", key == current, counts.get(key)))
    return shown


def page_of(rows: QuerySet[Callback], tab: str, after: str) -> ListPage[Callback]:
    """One page by position; `after` is the number of the last row shown."""
    order, newest_first = TABS[tab].order, TABS[tab].newest_first
    last = Callback.objects.filter(number=after).values_list(order, "pk").first()
    if last is not None and last[0] is not None:
        way = "lt" if newest_first else "gt"
        beyond = Q(**{f"{order}__{way}": last[0]})
        rows = rows.filter(beyond | Q(**{order: last[0], f"pk__{way}": last[1]}))
    found = list(rows[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return ListPage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].number if more else "")


def rows_of(actor: Actor, callbacks: Sequence[Callback]) -> list[Row]:
    """Each with its running promise and the colleague who is calling."""
    clocks = queries.clocks_of(actor, callbacks)
    taken = presence.callers(actor, callbacks)
    return [Row(each, clocks.get(each.pk), taken.get(each.pk, "")) for each in callbacks]


def version_of(name: str, counts: dict[str, int], rows: Iterable[Callback]) -> str:
    """A mark that changes when the list does, for the live refresh."""
    facts = [(row.number, row.state, row.attempt_count, row.next_attempt_at) for row in rows]
    return sha256(repr((name, counts, facts)).encode()).hexdigest()[:16]


def columns(tab: str) -> list[dict[str, Any]]:
    """The heads of the table."""
    labels: list[Any] = [_("Callback"), _("Customer"), _("Ticket"), _("Dealer")]
    if tab == MADE:
        labels += [_("Called"), _("Result"), _("The customer's words")]
    else:
        labels += [_("Work done"), _("Attempts"), _("Next attempt"), _("Promise")]
    return [{"label": label, "css": "num" if label == _("Attempts") else ""} for label in labels]


EXPORT_HEAD = [
    _("Callback"),
    _("Ticket"),
    _("Customer"),
    _("Telephone"),
    _("Machine"),
    _("Dealer"),
    _("Work done"),
    _("planned for"),
    _("late after"),
    _("state"),
    _("Attempts"),
    _("Next attempt"),
    _("Called"),
    _("Called by"),
    _("score"),
    _("problem solved"),
    _("The customer's words"),
]


def export_row(row: Callback) -> list[Any]:
    """One line of the export, in the order of its head."""
    ticket = row.ticket
    solved = {True: _("Yes"), False: _("No"), None: ""}[row.is_resolved]
    return [
        row.number,
        ticket.number,
        ticket.customer.name if ticket.customer else ticket.caller_name,
        display(ticket.caller_phone) if ticket.caller_phone else "",
        ticket.machine.serial_number if ticket.machine else "",
        row.dealer.name if row.dealer else "",
        ticket.done_at,
        row.due_at,
        row.late_at,
        row.get_state_display(),
        row.attempt_count,
        row.next_attempt_at,
        row.called_at,
        row.called_by.name if row.called_by else "",
        row.score,
        solved,
        row.opinion,
    ]
