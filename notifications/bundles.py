"""Before anything is sent: who is left in peace for now, and which mails leave as one (R-009).

A bundle is closed in one short transaction, once: its first row leads, the others take the
state `bundled` and point at it. From then on it is one message for the postman, with one lease,
one count of attempts and one Message-ID. So no row is in two digests, and whoever dies on the
way leaves the digest as it was, to be sent again word for word.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Value
from django.db.models.functions import Least

from core.models import Tenant
from core.options import option
from notifications.models import Channel, OutboxMessage, OutboxState
from notifications.quiet import quiet_until

QUIET_FROM, QUIET_TO = "quiet.from", "quiet.to"
# How many lines one letter lists; who has more finds them under the bell.
MOST_LINES = 200
# How many messages one statement lays aside.
AT_ONCE = 1000


@dataclass(slots=True)
class Parcel:
    """A message as it leaves; of a digest also its first lines, and how many of each event."""

    message: OutboxMessage
    lines: list[OutboxMessage] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.events.values()) or 1


def hold(tenant: Tenant, moment: datetime) -> None:
    """In the quiet hours: lay aside what is due and not urgent until they end.

    Decided when it would leave, not when it was written: a retry or a backlog wakes nobody.
    """
    due = OutboxMessage.objects.filter(
        state=OutboxState.QUEUED,
        next_attempt_at__lte=moment,
        channel__in=[Channel.MAIL, Channel.SMS],
        is_urgent=False,
    )
    if not due.exists():
        return
    start, end = option(QUIET_FROM, at=moment), option(QUIET_TO, at=moment)
    until = quiet_until(moment, ZoneInfo(tenant.time_zone), start, end)
    while until is not None:
        some = due.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
        chosen = list(some[:AT_ONCE])
        if not chosen:
            return
        OutboxMessage.objects.filter(pk__in=chosen).update(next_attempt_at=until, is_held=True)


def close_bundles(moment: datetime) -> int:
    """Make one letter of each bundle whose first mail is due, with all that waits beside it."""
    open_rows = OutboxMessage.objects.filter(state=OutboxState.QUEUED, digest=None).exclude(
        bundle=""
    )
    pairs = set(
        open_rows.filter(next_attempt_at__lte=moment)
        .order_by()
        .values_list("recipient_user_id", "bundle")
        .distinct()
    )
    if not pairs:
        return 0
    # Two postmen lock in one order: the second one waits, and then finds no open row.
    locked = (
        open_rows.select_for_update()
        .filter(
            recipient_user_id__in={user_id for user_id, _bundle in pairs},
            bundle__in={bundle for _user_id, bundle in pairs},
        )
        .order_by("pk")
        .values_list("pk", "recipient_user_id", "bundle", "address")
    )
    letters: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for pk, user_id, bundle, address in locked:
        if (user_id, bundle) in pairs:
            letters[user_id, bundle, address].append(pk)
    for leader, *others in letters.values():
        OutboxMessage.objects.filter(pk__in=others).update(
            state=OutboxState.BUNDLED, digest_id=leader, is_held=False
        )
    # A leader that was still waiting for company has found it.
    leaders = [pks[0] for pks in letters.values()]
    OutboxMessage.objects.filter(pk__in=leaders).update(
        digest_id=F("pk"), next_attempt_at=Least("next_attempt_at", Value(moment))
    )
    return len(leaders)


def parcels(messages: list[OutboxMessage]) -> list[Parcel]:
    """The messages as they leave, digests with their lines."""
    made: dict[int | None, Parcel] = {each.pk: Parcel(each) for each in messages}
    leaders = [each for each in messages if each.digest_id]
    counted = OutboxMessage.objects.filter(digest__in=leaders).order_by().values("digest", "event")
    for row in counted.annotate(rows=Count("pk")):
        made[row["digest"]].events[row["event"]] = row["rows"]
    for parcel in made.values():
        if parcel.message.digest_id:
            lines = OutboxMessage.objects.filter(digest=parcel.message).order_by("pk")
            parcel.lines = list(lines[:MOST_LINES])
    return list(made.values())
