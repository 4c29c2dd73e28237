"""Quiet hours: when people are left in peace (R-031). Pure: values in, an instant out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(moment: datetime, zone: ZoneInfo, start: int, end: int) -> datetime | None:
    """When the quiet hours that `moment` lies in are over; None outside them.

    They last from the full hour `start` to the full hour `end` of the zone, across midnight
    when `end` is the earlier one; two equal hours mean that there are none.
    """
    local = moment.astimezone(zone)
    if start < end:
        is_quiet = start <= local.hour < end
    else:
        is_quiet = start != end and (local.hour >= start or local.hour < end)
    if not is_quiet:
        return None
    day = local.date() if local.hour < end else local.date() + timedelta(days=1)
    over = datetime.combine(day, time(end), tzinfo=zone)
    # A clock that was put forward may have left the hour out.
    return over if over > moment else None
