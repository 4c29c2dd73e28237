"""Papers of a ticket: service register (产品售后服务登记表) and job sheet (维修任务单)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import pdf
from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from core.phones import display
from dealers.queries import name_regions
from machines.queries import covered_until
from tickets import queries
from tickets.links import full_page_of
from tickets.models import EntryKind, SupervisionCheck, Ticket
from tickets.states import Visibility

# More rows make a book, not a paper: the export is for that.
MOST_ROWS = 500


class TooManyRows(DomainError):
    code = "register.too_many_rows"
    message = _(
        "The register would have more than %(most)s rows. Choose a shorter period, or export."
    )


def language_of(wanted: str | None) -> str:
    """A language that we speak, however it was asked for."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    return known.get((wanted or "").lower(), settings.LANGUAGE_CODE)


def register_rows(actor: Actor) -> QuerySet[Ticket]:
    """Rows of the register, with all that its columns show."""
    checks = SupervisionCheck.objects.exclude(checked_at=None).order_by("-checked_at")
    return (
        queries.ticket_list(actor)
        .select_related("created_by")
        .prefetch_related(Prefetch("checks", checks, to_attr="made_checks"))
    )


def service_register(
    tickets: QuerySet[Ticket],
    *,
    tenant: Tenant,
    language: str,
    period: tuple[date | None, date | None] = (None, None),
) -> bytes:
    """The register of some tickets, the oldest first, one row each (R-095)."""
    rows = list(tickets.order_by("reported_at", "id")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    name_regions(rows)
    context = {
        **_letterhead(tenant, language),
        "rows": _rows(rows),
        "since": period[0],
        "until": period[1],
    }
    return pdf.render("pdf/service_register.html", context, language=language)


def job_sheet(ticket: Ticket, *, tenant: Tenant, language: str) -> bytes:
    """The sheet that the technician takes along and the customer signs (R-102, R-118)."""
    name_regions([ticket])
    # The sheet leaves the house: a call that was noted for ourselves is not on it.
    calls = ticket.timeline.filter(kind=EntryKind.CALL).exclude(visibility=Visibility.INTERNAL)
    story = calls.order_by("-at", "-id")
    context = {
        **_letterhead(tenant, language),
        **_rows([ticket])[0],
        "qr": pdf.qr(full_page_of(ticket.number)),
        "remote_result": story.values_list("text", flat=True).first() or "",
        "blank_rows": range(4),
    }
    return pdf.render("pdf/job_sheet.html", context, language=language)


def period_of(filtered: Any) -> tuple[date | None, date | None]:
    """The days that a filter names, for the head of the paper."""
    cleaned = getattr(filtered.form, "cleaned_data", {}) if filtered.is_valid() else {}
    return cleaned.get("since"), cleaned.get("until")


def _letterhead(tenant: Tenant, language: str) -> dict[str, Any]:
    english = language.startswith("en")
    return {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
    }


def _rows(tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    ends = covered_until(ticket.machine for ticket in tickets if ticket.machine)
    return [_row(ticket, ends.get(ticket.machine_id or 0)) for ticket in tickets]


def _row(ticket: Ticket, ends_on: date | None) -> dict[str, Any]:
    checks: Iterable[SupervisionCheck] = getattr(ticket, "made_checks", ())
    return {
        "ticket": ticket,
        "machine": ticket.machine,
        "phone": display(ticket.caller_phone) if ticket.caller_phone else "",
        "cover_ends_on": ends_on,
        "is_covered": ends_on and timezone.localdate(ticket.reported_at) <= ends_on,
        "technician_phone": display(ticket.technician_phone) if ticket.technician_phone else "",
        "checked_at": next((check.checked_at for check in checks), None),
    }
