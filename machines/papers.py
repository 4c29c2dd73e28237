"""Papers of a machine: receipt card (三包回执卡), certificate (三包凭证, R-145), QR label."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from core import pdf
from core.models import Tenant
from core.phones import display
from dealers.queries import name_regions, place
from machines.card_queries import coverage_of
from machines.clocks import scan_address
from machines.models import Machine, Registration

WIDTH, HEIGHT = 600, 200
REPAIR_ROWS = 8


def language_of(wanted: str | None) -> str:
    """A language that we speak, however it was asked for."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    return known.get((wanted or "").lower(), settings.LANGUAGE_CODE)


def receipt_card(card: Registration, *, tenant: Tenant, language: str) -> bytes:
    """The card as it is filed, with the day of receipt as its stamp."""
    return pdf.render("pdf/receipt_card.html", _facts(card, tenant, language), language=language)


def certificate(card: Registration, *, tenant: Tenant, language: str) -> bytes:
    """What goes with the machine: terms by layer, sale, and rows for the repairs to come."""
    rows = [row for row in coverage_of(card.machine) if row.registration_id == card.pk]
    context = _facts(card, tenant, language) | {
        "rows": rows,
        "repair_rows": range(REPAIR_ROWS),
        "plan": card.plan,
    }
    return pdf.render("pdf/certificate.html", context, language=language)


def label(machine: Machine, *, tenant: Tenant, language: str) -> bytes:
    """A small label for the machine: its serial number, and the code that leads to its card."""
    context = {
        **_letterhead(tenant, language),
        "machine": machine,
        "qr": pdf.qr(scan_address(machine.serial_number)),
    }
    return pdf.render("pdf/machine_label.html", context, language=language)


def strokes_as_svg(strokes: list[list[int]] | None) -> list[str]:
    """Each stroke as the points of an SVG polyline."""
    return [
        " ".join(f"{x},{y}" for x, y in zip(s[::2], s[1::2], strict=True)) for s in strokes or []
    ]


def _facts(card: Registration, tenant: Tenant, language: str) -> dict[str, Any]:
    name_regions([card.machine, card.customer])
    phone = card.customer.phones.order_by("-is_primary", "pk").first()
    return {
        **_letterhead(tenant, language),
        "card": card,
        "machine": card.machine,
        "customer": card.customer,
        "phone": display(phone.number) if phone else "",
        "place": place(vars(card.customer)["region"], card.customer.address),
        "dealer_phone": display(card.dealer.phone) if card.dealer.phone else "",
        "strokes": strokes_as_svg(card.signature),
        "qr": pdf.qr(scan_address(card.machine.serial_number)),
    }


def _letterhead(tenant: Tenant, language: str) -> dict[str, Any]:
    english = language.startswith("en")
    return {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
    }
