"""Instants as whole microseconds since 1970 UTC, and what a local clock shows when.

Whole numbers lose nothing, and a day on which the clocks change keeps its real length.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.calendar.errors import CalendarError, gettext_noop

DAY_MINUTES = 24 * 60
SECOND = 1_000_000
MINUTE = 60 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)


def instant_of(zone: ZoneInfo, ordinal: int, minute: int) -> int:
    """The instant at which a local clock first shows this minute, or skips over it."""
    days, minute = divmod(minute, DAY_MINUTES)
    local = datetime.fromordinal(ordinal + days) + timedelta(minutes=minute)
    wall = (local.toordinal() - _EPOCH_DAY) * 86_400 + minute * 60
    before = _offset(zone, local)
    after = _offset(zone, local.replace(fold=1))
    if before >= after:
        return (wall - before) * SECOND
    # The clock jumps over this minute: find the second of the jump between both readings.
    low, high = wall - after, wall - before
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == after:
            high = middle
        else:
            low = middle
    return high * SECOND


def _offset(zone: ZoneInfo, local: datetime) -> int:
    offset = zone.utcoffset(local)
    return 0 if offset is None else offset // timedelta(seconds=1)


def _offset_at(zone: ZoneInfo, second: int) -> int:
    return _offset(zone, (_EPOCH + timedelta(seconds=second)).astimezone(zone))


def micro(instant: datetime) -> int:
    """Microseconds since 1970 UTC of an aware instant."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise CalendarError(
            "calendar.naive", gettext_noop("An instant needs a time zone to be counted.")
        )
    # Far from both ends of Python's calendar, so that no walk falls off it.
    if not 1900 <= instant.year <= 9000:
        raise CalendarError(
            "calendar.out_of_range", gettext_noop("The year must lie between 1900 and 9000.")
        )
    return (instant - _EPOCH) // _MICROSECOND


def from_micro(count: int) -> datetime:
    """The UTC instant of a count of microseconds."""
    return _EPOCH + timedelta(microseconds=count)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as Asia/Shanghai."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(
            "calendar.zone", gettext_noop("“%(zone)s” is no known time zone."), {"zone": name}
        ) from error
