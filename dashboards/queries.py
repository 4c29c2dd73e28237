"""The manager's figures: a few sets grouped by the database, put together here.

Each statement below reads an index that covers it (`clock_figures`, `ticket_open_figures`,
`ticket_newest`, `ticket_by_done`, `callback_figures`); their number does not grow with anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils import timezone

from core import words
from core.actor import Actor
from dashboards.figures import (
    SATISFIED,
    USUAL,
    Calls,
    Day,
    DealerFigures,
    Holder,
    HolderLate,
    Overview,
    Period,
    Share,
    Slice,
    weakest_first,
)
from dealers.access import visible as visible_dealers
from dealers.queries import region_names
from sla.access import visible as visible_clocks
from sla.models import Clock
from sla.states import ClockState, Promise
from tickets.access import visible as visible_tickets
from tickets.states import OPEN, TicketState
from visits.access import visible_callbacks
from visits.states import CallbackState

SOON = timedelta(hours=1)
SHOWN = (Promise.DISPATCH, Promise.ARRANGE, Promise.CHECK)
NO_REGION = "-"

# Counted is what was decided in the period's clocks: kept, or missed; not what still may be kept.
PROMISES = """
SELECT promise, (started_at AT TIME ZONE %s)::date AS day, holder_dealer_id,
       grouping(holder_dealer_id) = 1 AS is_day,
       count(*) FILTER (WHERE state = 'met' AND missed_at IS NULL),
       count(*) FILTER (WHERE state = 'met' OR missed_at IS NOT NULL),
       mode() WITHIN GROUP (ORDER BY minutes)
FROM sla_clock
WHERE promise = ANY (%s) AND started_at >= %s AND started_at < %s
GROUP BY GROUPING SETS ((promise, day), (promise, holder_dealer_id))
"""

FLOW = """
SELECT (reported_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS reported, 0 AS done
FROM tickets_ticket WHERE reported_at >= %(start)s AND reported_at < %(end)s GROUP BY day
UNION ALL
SELECT (done_at AT TIME ZONE %(zone)s)::date AS day, 0, count(*)
FROM tickets_ticket WHERE done_at >= %(start)s AND done_at < %(end)s GROUP BY day
"""


def period_of(days: int = USUAL, *, at: datetime | None = None) -> Period:
    """The last so many days with today, from midnight to midnight where the reader is."""
    zone = timezone.get_current_timezone()
    last = timezone.localtime(at or timezone.now()).date()
    first = last - timedelta(days=days - 1)
    return Period(
        days=days,
        first=first,
        last=last,
        start=datetime.combine(first, time.min, tzinfo=zone),
        end=datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone),
    )


def overview(actor: Actor, period: Period, *, at: datetime | None = None) -> Overview:
    """All figures of the page, in seven statements."""
    now = at or timezone.now()
    hot = _hot_clocks(actor, now)
    open_rows = _open_tickets(actor)
    promises = _promises(period)
    calls = _calls(actor, period, now)
    dealers = _dealers(actor, hot, open_rows, promises.by_dealer, calls)
    all_calls = Calls()
    for each in calls.values():
        all_calls.add(each)
    return Overview(
        at=now,
        period=period,
        soon=sum(row["soon"] for row in hot),
        soon_by_promise=_soon_by_promise(hot),
        late=sum(row["late"] for row in hot),
        late_by_holder=_late_by_holder(hot, dealers),
        open=sum(row["n"] for row in open_rows),
        by_state=_by_state(open_rows),
        by_region=_by_region(open_rows),
        dispatched=promises.total(Promise.DISPATCH),
        arranged=promises.total(Promise.ARRANGE),
        checked=promises.total(Promise.CHECK),
        promised_minutes=promises.minutes,
        calls=all_calls,
        days=_days(period, _flow(period), promises),
        dealers=weakest_first(dealers.values()),
    )


def clocks_counted(actor: Actor, period: Period) -> QuerySet[Clock]:
    """The clocks behind the shares: of the period, and decided."""
    decided = Q(state=ClockState.MET) | Q(missed_at__isnull=False)
    return visible_clocks(actor).filter(
        decided, started_at__gte=period.start, started_at__lt=period.end
    )


def _hot_clocks(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Running promises that are late or due within the hour, by holder and promise."""
    hot: Any = visible_clocks(actor).filter(state=ClockState.RUNNING, due_at__lte=now + SOON)
    return list(
        hot.values("promise", "holder_kind", "holder_dealer_id", "holder_label")
        .annotate(
            late=Count("id", filter=Q(due_at__lte=now)),
            soon=Count("id", filter=Q(due_at__gt=now)),
            oldest=Min("due_at"),
        )
        .order_by()
    )


def _soon_by_promise(hot: Iterable[dict[str, Any]]) -> list[Slice]:
    counts: Counter[str] = Counter()
    for row in hot:
        counts[row["promise"]] += row["soon"]
    return [
        Slice(promise, str(Promise(promise).label), count)
        for promise, count in counts.most_common()
        if count
    ]


def _late_by_holder(
    hot: Iterable[dict[str, Any]], dealers: dict[int, DealerFigures]
) -> list[HolderLate]:
    """With whom it is late; most first, then who has been late longest."""
    late: dict[tuple[str, int | None, str], HolderLate] = {}
    for row in hot:
        if not row["late"]:
            continue
        dealer_id = row["holder_dealer_id"]
        dealer = dealers.get(dealer_id) if dealer_id else None
        label = dealer.name if dealer else words.named(row["holder_label"])
        key = (row["holder_kind"], dealer_id, "" if dealer_id else label)
        holder = Holder(row["holder_kind"], label, dealer_id, dealer.number if dealer else "")
        known = late.setdefault(key, HolderLate(holder, 0, row["oldest"]))
        known.count += row["late"]
        known.oldest = min(known.oldest, row["oldest"])
    return sorted(late.values(), key=lambda each: (-each.count, each.oldest))


def _open_tickets(actor: Actor) -> list[dict[str, Any]]:
    """Open tickets by state, dealer and province at once."""
    tickets: Any = visible_tickets(actor).filter(state__in=OPEN)
    return list(
        tickets.values("state", "dealer_id", province=Substr("region_code", 1, 2))
        .annotate(n=Count("id"))
        .order_by()
    )


def _by_state(open_rows: Iterable[dict[str, Any]]) -> list[Slice]:
    """In the order of the work, all states of open tickets, also the empty ones."""
    counts: Counter[str] = Counter()
    for row in open_rows:
        counts[row["state"]] += row["n"]
    return [Slice(state, str(TicketState(state).label), counts[state]) for state in OPEN]


def _by_region(open_rows: Iterable[dict[str, Any]]) -> list[Slice]:
    """Provinces, the fullest first; tickets without a region stand last."""
    counts: Counter[str] = Counter()
    for row in open_rows:
        counts[row["province"]] += row["n"]
    names = region_names(counts)
    slices = [Slice(code, names[code], count) for code, count in counts.most_common() if code]
    if counts[""]:
        slices.append(Slice(NO_REGION, "", counts[""]))
    return slices


class _Promises:
    """What the clocks of the period say: by day, by dealer, and the usual minutes."""

    def __init__(self) -> None:
        self.by_day: dict[tuple[str, date], Share] = defaultdict(Share)
        self.by_dealer: dict[int, Share] = defaultdict(Share)
        self.minutes: dict[str, int] = {}

    def total(self, promise: str) -> Share:
        share = Share()
        for (name, _day), one in self.by_day.items():
            if name == promise:
                share.add(one.part, one.whole)
        return share


def _promises(period: Period) -> _Promises:
    found = _Promises()
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        zone = str(timezone.get_current_timezone())
        cursor.execute(PROMISES, [zone, list(SHOWN), period.start, period.end])
        for promise, day, dealer_id, is_day, kept, counted, minutes in cursor.fetchall():
            if is_day:
                found.by_day[promise, day].add(kept, counted)
                votes[promise][minutes] += counted
            elif promise == Promise.ARRANGE and dealer_id is not None:
                found.by_dealer[dealer_id].add(kept, counted)
    found.minutes = {promise: each.most_common(1)[0][0] for promise, each in votes.items()}
    return found


def _calls(actor: Actor, period: Period, now: datetime) -> dict[int | None, Calls]:
    """Callbacks that fell due in the period, by the dealer whose work they ask about."""
    due: Any = visible_callbacks(actor).filter(due_at__gte=period.start, due_at__lt=period.end)
    rows = (
        due.filter(due_at__lte=now)
        .exclude(state=CallbackState.CANCELLED)
        .values("dealer_id")
        .annotate(
            due=Count("id"),
            made=Count("id", filter=Q(state=CallbackState.DONE)),
            scored=Count("score"),
            score_sum=Sum("score", default=0),
            satisfied=Count("id", filter=Q(score__gte=SATISFIED)),
        )
        .order_by()
    )
    return {row.pop("dealer_id"): Calls(**row) for row in rows}


def _flow(period: Period) -> dict[date, tuple[int, int]]:
    """Tickets reported and done, by day."""
    days: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    with connection.cursor() as cursor:
        zone = str(timezone.get_current_timezone())
        cursor.execute(FLOW, {"zone": zone, "start": period.start, "end": period.end})
        for day, reported, done in cursor.fetchall():
            before = days[day]
            days[day] = (before[0] + reported, before[1] + done)
    return days


def _days(period: Period, flow: dict[date, tuple[int, int]], promises: _Promises) -> list[Day]:
    """Every day of the period, also those on which nothing happened."""
    return [
        Day(
            on=day,
            reported=flow[day][0],
            done=flow[day][1],
            arranged=promises.by_day[Promise.ARRANGE, day],
            checked=promises.by_day[Promise.CHECK, day],
        )
        for day in period.each_day
    ]


def _dealers(
    actor: Actor,
    hot: Iterable[dict[str, Any]],
    open_rows: Iterable[dict[str, Any]],
    arranged: dict[int, Share],
    calls: dict[int | None, Calls],
) -> dict[int, DealerFigures]:
    """Every dealer of whom any figure speaks."""
    found: dict[int, DealerFigures] = {}

    def of(dealer_id: int) -> DealerFigures:
        return found.setdefault(dealer_id, DealerFigures(dealer_id))

    for row in hot:
        if row["holder_dealer_id"]:
            of(row["holder_dealer_id"]).late += row["late"]
    for row in open_rows:
        if row["dealer_id"]:
            of(row["dealer_id"]).open += row["n"]
    for dealer_id, share in arranged.items():
        of(dealer_id).arranged = share
    for asked_about, each in calls.items():
        if asked_about is not None:
            of(asked_about).calls = each
    names = visible_dealers(actor).filter(pk__in=found).values_list("pk", "number", "name")
    for dealer_id, number, name in names:
        found[dealer_id].number, found[dealer_id].name = number, name
    return found
