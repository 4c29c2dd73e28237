"""Whoever watches the sweep: a process of its own, which needs neither worker nor queue (R-009).

A missed check is a breach that nobody sees; a dead worker tells nobody. So this looks only at
the heartbeats in the database, and mails the people itself, past the outbox that may be as
dead as the rest. One mail when it falls silent, one an hour while it stays so, one when it is back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.queries import people_in_role
from accounts.roles import Role
from core import words
from core.health import SWEEP_LATE
from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope

# How long each may be silent. Both tick every five seconds; the postman may work a minute on end.
SILENCE = {
    "sla.sweep": SWEEP_LATE,
    "notifications.deliver": timedelta(minutes=5),
}
AGAIN = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that stands still, or runs again (`is_over`)."""

    name: str
    since: datetime
    is_over: bool


def look(now: datetime | None = None) -> list[Trouble]:
    """Look once; tells and returns what fell silent, still is after an hour, or is back."""
    moment = now or timezone.now()
    told = [trouble for name in SILENCE if (trouble := _claim(name, moment))]
    for trouble in told:
        log.error("sla.stands_still", heartbeat=trouble.name, is_over=trouble.is_over)
        if not _tell(trouble):
            # Nobody heard it: the next look tells it again.
            known = None if not trouble.is_over else trouble.since
            Heartbeat.objects.filter(name=trouble.name).update(alarmed_at=known)
    return told


def _claim(name: str, now: datetime) -> Trouble | None:
    """What is to be told about one heartbeat; claimed under lock, so two watchers tell once."""
    with transaction.atomic():
        beat = Heartbeat.objects.select_for_update().filter(name=name).first()
        if beat is None:
            return None  # never ran: a new installation, which /readyz reports
        is_silent = now - beat.at > SILENCE[name]
        if is_silent and (beat.alarmed_at is None or now - beat.alarmed_at >= AGAIN):
            Heartbeat.objects.filter(pk=beat.pk).update(alarmed_at=now)
            return Trouble(name, beat.at, is_over=False)
        if not is_silent and beat.alarmed_at is not None:
            Heartbeat.objects.filter(pk=beat.pk).update(alarmed_at=None)
            return Trouble(name, beat.alarmed_at, is_over=True)
    return None


def _tell(trouble: Trouble) -> bool:
    """Mail everybody; whether at least one mail left, or there is nobody to be told."""
    addressed = sent = 0
    for language, addresses in sorted(_addresses().items()):
        with translation.override(language):
            subject, body = _letter(trouble)
            for address in sorted(addresses):
                addressed += 1
                try:
                    sent += send_mail(subject, body, None, [address])
                except OSError:  # of the mail server; SMTPException is one
                    log.exception("sla.alarm_not_sent", address=address)
    return bool(sent) or not addressed


def _addresses() -> dict[str, set[str]]:
    """Who is told, by language: those who run the installation, and each company's own."""
    found: dict[str, set[str]] = {}
    for address in settings.ALARM_EMAILS:
        found.setdefault(settings.LANGUAGE_CODE, set()).add(address)
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        with tenant_scope(tenant.pk):
            for user in people_in_role(Role.ADMINISTRATOR):
                found.setdefault(user.language or tenant.language, set()).add(user.email)
    return found


def _letter(trouble: Trouble) -> tuple[str, str]:
    since = words.full_moment(trouble.since)
    what = {
        "sla.sweep": _("Reminders and escalations"),
        "notifications.deliver": _("Mails and text messages"),
    }[trouble.name]
    if trouble.is_over:
        body = _("They stood still since {since}. What fell due meanwhile is made up for, once.")
        return _("{what} run again").format(what=what), body.format(since=since)
    return (
        _("{what} stand still").format(what=what),
        _(
            "Nothing has happened by itself since {since}. Check that the worker and the scheduler"
            " run. No promise is lost: everything is made up for when they are back. Until then"
            " please watch your lists yourselves."
        ).format(since=since),
    )
