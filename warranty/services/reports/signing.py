"""The customer signs, on glass or by a code; from then on the report stays (R-123, R-146)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from core import audit, phones
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.tenancy import verb
from machines.models import CustomerPhone
from machines.services.registrations import checked_signature
from notifications import services as notifications
from warranty.models import SigningCode, WorkReport
from warranty.rules import reports as rules
from warranty.rules.reports import CLOCKS_DIFFER
from warranty.services.moving import take
from warranty.services.reports.checking import fact_flaws
from warranty.services.reports.errors import (
    CodeOver,
    CodeSentJustNow,
    NoSignerName,
    NotSigned,
    NotTheirPhone,
    ReportFlaws,
    WrongCode,
)
from warranty.services.reports.sealing import digest_of
from warranty.services.reports.writing import draft
from warranty.states.reports import REPORT_ACTIONS, ReportState

CODE_LIVES = timedelta(minutes=30)
CODE_AGAIN_AFTER = timedelta(minutes=1)
MOST_TRIES = 5
DIGITS = 6


@verb
def sign_report(
    *,
    actor: Actor,
    report: WorkReport,
    signature: Any = None,
    code: str = "",
    signer_name: str,
    signer_phone: str = "",
    signed_at: datetime | None = None,
) -> WorkReport:
    """Freeze a report under its customer's signature, or the code that the customer was sent.

    `signed_at` is the clock of the device that was signed on. The same signature sent again
    changes nothing. A code's try is counted by `count_try`, before.
    """
    strokes = checked_signature(signature)
    now = timezone.now()
    if _is_same_signature(report, strokes, signer_name, signed_at):
        return WorkReport.objects.get(pk=report.pk)
    row = take(actor, report, REPORT_ACTIONS, "sign")
    name = signer_name.strip()
    if not name:
        raise NoSignerName
    facts = {field: getattr(row, field) for field in (*rules.NEEDED, *_CHECKED)}
    if flaws := [*rules.missing(facts), *fact_flaws(facts)]:
        raise ReportFlaws(flaws)
    if signed_at is not None and signed_at > now + CLOCKS_DIFFER:
        raise DomainError(_("This time lies in the future."), field="signed_at")
    if code.strip():
        _use_code(row, code, now)
    elif strokes is None:
        raise NotSigned
    row.signature = None if code.strip() else strokes
    row.signed_by_code = bool(code.strip())
    row.signer_name = name[:80]
    if signer_phone.strip():
        row.signer_phone = phones.normalise(signer_phone)
    row.signed_at = signed_at or now
    row.sealed_at = now
    row.digest = digest_of(row)
    if row.replaces is not None:
        old = take(actor, row.replaces, REPORT_ACTIONS, "replace")
        old.save(update_fields=["state"])
    row.save()
    audit.record(
        actor,
        "report.signed",
        row,
        version=row.version,
        signer=row.signer_name,
        by_code=row.signed_by_code,
        signed_at=row.signed_at,
        digest=row.digest,
    )
    publish("report.signed", actor=actor, report=row)
    return row


_CHECKED = ("reported_at", "arrived_at", "charged_cents", "charge_told_at")


def _is_same_signature(
    report: WorkReport, strokes: Any, name: str, signed_at: datetime | None
) -> bool:
    """Whether a telephone sends again what has arrived before, its answer lost on the way."""
    now = WorkReport.objects.get(pk=report.pk)
    return (
        now.state == ReportState.SIGNED
        and strokes is not None
        and now.signature == strokes
        and now.signer_name == name.strip()[:80]
        and signed_at in (None, now.signed_at)
    )


@verb
def send_code(*, actor: Actor, report: WorkReport, phone: str) -> SigningCode:
    """Send the customer a code by text message; earlier ones are void.

    Only to a number that the customer is known by: else who writes could sign.
    """
    report = draft(report)
    number = phones.normalise(phone)
    if number not in known_phones(report):
        raise NotTheirPhone
    now = timezone.now()
    last = SigningCode.objects.filter(report=report).order_by("-pk").first()
    if last is not None and last.sent_at > now - CODE_AGAIN_AFTER:
        raise CodeSentJustNow
    secret = get_random_string(DIGITS, "0123456789")
    code = SigningCode.objects.create(
        report=report,
        phone=number,
        digest=_keyed(report, secret),
        sent_at=now,
        expires_at=now + CODE_LIVES,
        asked_by_id=actor.user_id,
    )
    notifications.message_customer(
        phone=number,
        event="report.code.customer",
        params={"number": report.number, "code": secret, "technician": report.technician_name},
        cause=f"report:{report.pk}:code:{code.pk}",
        subject=f"report:{report.pk}",
        urgent=True,
    )
    audit.record(actor, "report.code_sent", report, phone=phones.display(number))
    return code


@verb
def count_try(*, actor: Actor, report: WorkReport) -> None:
    """Count a try of a code before it is looked at, in a step of its own.

    A wrong code rolls back what it tried; this stays, and its lock makes tries wait in line.
    """
    code = _last_code(report)
    if code is not None and code.tries <= MOST_TRIES:
        code.tries += 1
        code.save(update_fields=["tries"])


def known_phones(report: WorkReport) -> list[str]:
    """Numbers of the customer and of who called: where a code may go."""
    numbers = [report.ticket.caller_phone] if report.ticket and report.ticket.caller_phone else []
    if report.customer_id is not None:
        own = CustomerPhone.objects.filter(customer_id=report.customer_id)
        numbers += own.order_by("-is_primary", "id").values_list("number", flat=True)
    return list(dict.fromkeys(numbers))


def _use_code(report: WorkReport, typed: str, now: datetime) -> None:
    code = _last_code(report)
    if code is None or code.used_at or code.expires_at <= now or code.tries > MOST_TRIES:
        raise CodeOver
    if not constant_time_compare(code.digest, _keyed(report, phones.half_width(typed))):
        raise WrongCode(left=max(0, MOST_TRIES - code.tries))
    code.used_at = now
    code.save(update_fields=["used_at"])
    report.signer_phone = code.phone


def _last_code(report: WorkReport) -> SigningCode | None:
    codes = SigningCode.objects.select_for_update(of=("self",)).filter(report=report)
    return codes.order_by("-pk").first()


def _keyed(report: WorkReport, secret: str) -> str:
    """What is kept of a code: useless without the server's key, or for another report."""
    return salted_hmac("warranty.signing", f"{report.pk}:{secret}", algorithm="sha256").hexdigest()
