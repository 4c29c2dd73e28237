"""What contracts and rate cards share: beginning on a day, ending on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError
from dealers.models import DealerContract, RateCard

Version = TypeVar("Version", DealerContract, RateCard)
DAY = timedelta(days=1)


class LaterVersion(DomainError):
    code = "version.later_one_stands"
    message = _("Another one begins on %(day)s already. Begin later, or end that one first.")
    field = "from_on"


class AlreadyClosed(DomainError):
    code = "version.closed"
    message = _("One that ended on %(day)s covers this day, and what has ended never changes.")
    field = "from_on"


class EndsBeforeItBegins(DomainError):
    code = "version.ends_before_it_begins"
    message = _("The last day lies before the first.")
    field = "until_on"


class HasEnded(DomainError):
    code = "version.has_ended"
    message = _("It has ended already; what has ended never changes.")
    field = "until_on"


def begin(version: Version, others: QuerySet[Version]) -> list[Version]:
    """Let a version begin: the running one among `others` ends on the eve of it; those ended.

    One that begins on the very same day is thereby withdrawn, as never in force.
    """
    first, last = version.from_on, version.until_on
    if last is not None and last < first:
        raise EndsBeforeItBegins
    today = timezone.localdate()
    met = others.filter(Q(until_on=None) | Q(until_on__gte=first) & Q(until_on__gte=F("from_on")))
    if last is not None:
        met = met.filter(from_on__lte=last)
    ended = list(met.select_for_update(of=("self",)).order_by("from_on"))
    for other in ended:
        if other.from_on > first:
            raise LaterVersion(day=other.from_on)
        if other.until_on is not None and other.until_on < today:
            raise AlreadyClosed(day=other.until_on)
        other.until_on = first - DAY
        other.save(update_fields=["until_on"])
    _insert(version)
    return ended


def _insert(version: Version) -> None:
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        if "one_a_day" in str(error):  # somebody else began one at this moment
            raise Conflict from error
        raise


def end(version: Version, until_on: date | None) -> None:
    """Set or move the end of a version that has not ended; the eve of its first day withdraws it.

    Withdrawn can only be what has not begun: work was done under what has.
    """
    today = timezone.localdate()
    if not version.may_end:
        raise HasEnded
    if until_on is not None and until_on < version.from_on:
        if version.from_on <= today:
            raise EndsBeforeItBegins
        until_on = version.from_on - DAY
    version.until_on = until_on
    try:
        with transaction.atomic():
            version.save(update_fields=["until_on"])
    except IntegrityError as error:
        if "one_a_day" in str(error):
            sentence = _("A later one begins before this day: end this one earlier.")
            raise DomainError(sentence, field="until_on") from error
        raise
