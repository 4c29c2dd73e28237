"""The manager's page and what stands behind its figures."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.lists import chips, newest_first
from dashboards import charts, links, queries
from dashboards.figures import PERIODS, USUAL, DealerFigures, Overview, Share, sorted_by
from dashboards.filters import PromiseFilter
from sla import subjects
from sla.escalations import Waiting, unacknowledged
from sla.states import Promise

MOST_HOLDERS = 5
MOST_DEALERS = 7
WHOLE_DAY = 24 * 60


def _days(request: ActorRequest) -> int:
    """The period asked for; anything else is the usual one."""
    wish = request.GET.get("days", "")
    return int(wish) if wish in {str(days) for days in PERIODS} else USUAL


@require_safe
@page("dashboard.view")
def manager(request: ActorRequest) -> HttpResponse:
    """What needs me now, are promises kept, where not, is it getting better: on one screen."""
    seen = queries.overview(request.actor, queries.period_of(_days(request)))
    waiting = unacknowledged(request.actor)
    version = _version(seen, waiting)
    if request.headers.get("X-Live-Version") == version:
        return HttpResponse(status=204)
    actor, period = request.actor, seen.period
    context = {
        "seen": seen,
        "version": version,
        "waiting": waiting,
        "periods": PERIODS,
        "tiles": _tiles(request, seen),
        "holders": [
            (each, _holder_url(each.holder.kind, each.holder.number))
            for each in seen.late_by_holder[:MOST_HOLDERS]
        ],
        "more_holders": max(0, len(seen.late_by_holder) - MOST_HOLDERS),
        "board_url": links.board(),
        "by_state": charts.by_state(seen),
        "by_region": charts.by_region(seen),
        "trend": charts.trend(seen),
        "dealers": [_dealer_row(request, seen, each) for each in seen.dealers[:MOST_DEALERS]],
        "dealers_url": f"{reverse('dashboards:dealers')}?days={period.days}",
        "export_url": f"{reverse('dashboards:export')}?days={period.days}",
        "callbacks_url": links.callbacks(actor, period),
    }
    name = "_overview.html" if "X-Live-Version" in request.headers else "manager.html"
    response = render(request, f"dashboards/{name}", context)
    patch_vary_headers(response, ["X-Live-Version"])
    return response


def _version(seen: Overview, waiting: Waiting) -> str:
    """Changes when any figure does; the instant itself is no figure."""
    figures = asdict(seen) | {"waiting": [waiting.count, *(clock.pk for clock in waiting.first)]}
    figures.pop("at")
    return sha256(repr(figures).encode()).hexdigest()[:16]


def _tiles(request: ActorRequest, seen: Overview) -> list[dict[str, Any]]:
    """The six figures on top: label, value, what it is made of, where it leads."""
    period, calls = seen.period, seen.calls
    oldest = min((each.oldest for each in seen.late_by_holder), default=None)
    return [
        {
            "label": _("Due within the hour"),
            "value": f"{seen.soon:,}",
            "notes": [f"{each.label} {each.count}" for each in seen.soon_by_promise],
            "tone": "warn" if seen.soon else "",
            "url": links.board(),
        },
        {
            "label": _("Late now"),
            "value": f"{seen.late:,}",
            "since": oldest,
            "tone": "late" if seen.late else "",
            "url": links.board(),
        },
        {
            "label": _("Open tickets"),
            "value": f"{seen.open:,}",
            "url": links.tickets(open=1),
        },
        _share_tile(seen, _("Arranged in time"), seen.arranged, Promise.ARRANGE),
        _share_tile(seen, _("Checked in time"), seen.checked, Promise.CHECK),
        {
            "label": _("Callbacks made"),
            "value": charts.percent(calls.rate),
            "share": calls.rate,
            "extras": [
                _("satisfied %(share)s") % {"share": charts.percent(calls.satisfaction)},
                _("score %(score)s") % {"score": f"{calls.average:.2f}"},
            ]
            if calls.scored
            else [],
            "url": links.callbacks(request.actor, period),
        },
    ]


def _share_tile(seen: Overview, label: str, share: Share, promise: str) -> dict[str, Any]:
    minutes = seen.promised_minutes.get(promise)
    return {
        "label": label,
        "value": charts.percent(share),
        "share": share,
        "promised": minutes * 60 if minutes else None,
        "url": links.promises(seen.period, promise),
        "missed_url": links.promises(seen.period, promise, outcome="missed"),
    }


def _holder_url(kind: str, number: str) -> str:
    """A dealer's late tickets; a department's promises on the board."""
    return links.tickets(late=1, dealer=number) if number else links.board(holder_kind=kind)


def _dealer_row(request: ActorRequest, seen: Overview, each: DealerFigures) -> dict[str, Any]:
    """A dealer's figures with the list behind each."""
    period, number = seen.period, each.number
    return {
        "figures": each,
        "open_url": links.tickets(open=1, dealer=number),
        "late_url": links.tickets(late=1, dealer=number),
        "arranged": charts.percent(each.arranged),
        "arranged_url": links.promises(period, Promise.ARRANGE, dealer=number),
        "calls": charts.percent(each.calls.rate),
        "calls_url": links.callbacks(request.actor, period, dealer=number),
    }


DEALER_COLUMNS = [
    {"label": gettext_lazy("Dealer"), "sort": "name"},
    {"label": gettext_lazy("Late now"), "sort": "late", "css": "num"},
    {"label": gettext_lazy("Open"), "sort": "open", "css": "num"},
    {"label": gettext_lazy("Arranged in time"), "sort": "arranged", "css": "num"},
    {"label": gettext_lazy("Callbacks made"), "sort": "calls", "css": "num"},
    {"label": gettext_lazy("Score"), "sort": "score", "css": "num"},
]


@require_safe
@page("dashboard.view")
def dealers(request: ActorRequest) -> HttpResponse:
    """Every dealer with its figures, sorted as wished."""
    seen = queries.overview(request.actor, queries.period_of(_days(request)))
    rows = sorted_by(seen.dealers, request.GET.get("sort", ""))
    context = {
        "seen": seen,
        "periods": PERIODS,
        "columns": DEALER_COLUMNS,
        "rows": [_dealer_row(request, seen, each) for each in rows],
        "export_url": f"{reverse('dashboards:export')}?days={seen.period.days}",
    }
    return render(request, "dashboards/dealers.html", context)


@require_safe
@page("dashboard.view")
def export(request: ActorRequest) -> HttpResponse:
    """The dealers' figures, or with `part=days` the trend, as a file."""
    seen = queries.overview(request.actor, queries.period_of(_days(request)))
    kind = request.GET.get("format", "")
    if request.GET.get("part") == "days":
        head = [_("Day"), _("Reported"), _("Done")]
        head += [_("Arranged in time"), _("Arranged"), _("Checked in time"), _("Checked")]
        days = [
            [
                day.on,
                day.reported,
                day.done,
                day.arranged.part,
                day.arranged.whole,
                day.checked.part,
                day.checked.whole,
            ]
            for day in seen.days
        ]
        return sheets.answer(kind, "days", head, days)
    head = [_("Dealer number"), _("Dealer"), _("Late now"), _("Open")]
    head += [_("Arranged in time"), _("Arranged"), _("Callbacks made"), _("Callbacks due")]
    head += [_("Score")]
    rows = [
        [
            each.number,
            each.name,
            each.late,
            each.open,
            each.arranged.part,
            each.arranged.whole,
            each.calls.made,
            each.calls.due,
            each.calls.average,
        ]
        for each in seen.dealers
    ]
    return sheets.answer(kind, "dealers", head, rows)


@require_safe
@page("dashboard.view")
def promises(request: ActorRequest) -> HttpResponse:
    """The very promises that a share counts: kept or missed, of the period."""
    period = queries.period_of(_days(request))
    chosen = PromiseFilter(request.GET, queries.clocks_counted(request.actor, period))
    shown = newest_first(chosen.qs, request.GET.get("after", ""), key="pk")
    for clock in shown.rows:
        clock.url = subjects.address(clock.subject, clock.subject_number)
    context = {
        "filter": chosen,
        "chips": chips(chosen.form),
        "period": period,
        "periods": PERIODS,
        "rows": shown.rows,
        "next_after": shown.next_after,
        "columns": [
            {"label": _("Number")},
            {"label": _("Promise")},
            {"label": _("Start")},
            {"label": _("Due")},
        ],
    }
    return render(request, "dashboards/promises.html", context)
