"""The charts of the manager's page: what each one says, its option and its table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import words
from dashboards import links
from dashboards.figures import NOTICEABLE, Overview, Share, Slice, change

# More bars than these nobody reads; the table under the chart has them all.
MOST_BARS = 8
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#6B7280"

Chart = dict[str, Any]


def percent(share: Share) -> str:
    """78.9%; a dash where there was nothing to share."""
    return words.NOTHING if share.percent is None else f"{share.percent:.1f}%"


def _bars(key: str, title: str, slices: list[tuple[Slice, str]], head: list[str]) -> Chart:
    """Lying bars, the first on top; each leads to its rows."""
    shown = slices[:MOST_BARS]
    return {
        "key": key,
        "title": title,
        "columns": head,
        "rows": [[each.label, f"{each.count:,}"] for each, _url in slices],
        "option": {
            "grid": {"left": 4, "right": 44, "top": 4, "bottom": 4, "containLabel": True},
            "tooltip": {"trigger": "item"},
            "xAxis": {"type": "value", "show": False, "minInterval": 1},
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": [each.label for each, _url in shown],
                "axisTick": {"show": False},
                "axisLabel": {"interval": 0, "hideOverlap": False},
            },
            "series": [
                {
                    "type": "bar",
                    "barMaxWidth": 18,
                    "itemStyle": {"color": BLUE},
                    "label": {"show": True, "position": "right"},
                    "data": [{"value": each.count, "href": url} for each, url in shown],
                }
            ],
        },
    }


def by_state(seen: Overview) -> Chart:
    slices = [(each, links.tickets(state=each.key)) for each in seen.by_state if each.count]
    fullest = max(seen.by_state, key=lambda each: each.count, default=None)
    if fullest is None or not fullest.count:
        title = _("No ticket is open")
    else:
        title = _("Most open tickets: %(state)s, %(count)s of %(all)s") % {
            "state": fullest.label,
            "count": f"{fullest.count:,}",
            "all": f"{seen.open:,}",
        }
    return _bars("by-state", title, slices, [_("State"), _("Open tickets")])


def by_region(seen: Overview) -> Chart:
    slices = []
    for each in seen.by_region:
        named = each if each.label else Slice(each.key, _("No region"), each.count)
        url = links.tickets(open=1, region=each.key) if each.label else ""
        slices.append((named, url))
    if not slices:
        title = _("No ticket is open")
    elif len(slices) == 1:
        title = _("All open tickets lie in %(region)s") % {"region": slices[0][0].label}
    else:
        title = _("Of %(n)s regions, %(region)s has the most open tickets") % {
            "region": slices[0][0].label,
            "n": len(slices),
        }
    return _bars("by-region", title, slices, [_("Region"), _("Open tickets")])


def trend(seen: Overview) -> Chart:
    """Whether promises are kept better than before, with the work that came and went."""
    days = seen.days
    url = [links.tickets(since=day.on, until=day.on) for day in days]
    return {
        "key": "trend",
        "title": _trend_title(seen),
        "columns": [
            _("Day"),
            _("Reported"),
            _("Done"),
            _("Arranged in time"),
            _("Checked in time"),
        ],
        "rows": [
            [
                words.day(day.on),
                f"{day.reported:,}",
                f"{day.done:,}",
                percent(day.arranged),
                percent(day.checked),
            ]
            for day in reversed(days)
        ],
        "option": {
            "grid": {"left": 4, "right": 4, "top": 28, "bottom": 4, "containLabel": True},
            "legend": {"type": "scroll", "itemHeight": 10, "left": 56, "right": 40},
            "tooltip": {"trigger": "axis"},
            "xAxis": {
                "type": "category",
                "data": [f"{day.on.month}-{day.on.day:02}" for day in days],
            },
            "yAxis": [
                {"type": "value", "name": _("tickets"), "minInterval": 1},
                {"type": "value", "name": "%", "min": 0, "max": 100, "splitLine": {"show": False}},
            ],
            "series": [
                _series(
                    _("Reported"),
                    "bar",
                    [
                        {"value": day.reported, "href": to}
                        for day, to in zip(days, url, strict=True)
                    ],
                    GREY,
                    itemStyle={"color": GREY, "opacity": 0.45},
                ),
                _series(_("Done"), "line", [day.done for day in days], BLUE),
                _series(
                    _("Arranged in time"),
                    "line",
                    [day.arranged.percent for day in days],
                    GREEN,
                    yAxisIndex=1,
                ),
                _series(
                    _("Checked in time"),
                    "line",
                    [day.checked.percent for day in days],
                    ORANGE,
                    yAxisIndex=1,
                    lineStyle={"type": "dashed"},
                ),
            ],
        },
    }


def _series(name: str, kind: str, data: list[Any], colour: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "data": data,
        "itemStyle": {"color": colour},
        "showSymbol": False,
        "connectNulls": True,
        "barMaxWidth": 18,
        **more,
    }


def _trend_title(seen: Overview) -> str:
    moved = change(seen.days)
    if moved is None:
        return _("Work and promises by day")
    facts = {"points": f"{abs(moved):g}"}
    if abs(moved) < NOTICEABLE:
        return _("Arrangements are as punctual as before")
    if moved > 0:
        return _("Arrangements have become more punctual: +%(points)s points") % facts
    return _("Arrangements have become less punctual: −%(points)s points") % facts
