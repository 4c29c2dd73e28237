"""The settlement notice (三包费用核销通知): what it says, its SHA-256, its PDF."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.queries import people_of_dealer
from accounts.roles import Role
from core import pdf
from core.models import Tenant
from core.money import yuan
from core.tenancy import current_tenant_id
from dealers.models import Dealer, PayMode
from dealers.queries import contract_on
from ledger.queries import open_items
from warranty.models import LineDecision, Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.rules import settlement as rules
from warranty.rules.settlement import Amount
from warranty.states.settlements import SettlementLineKind

# So much of the digest is typed by hand to confirm.
CODE_LENGTH = 8
Body = dict[str, Any]


def canonical(body: Body) -> bytes:
    """The same values, the same bytes: sorted keys, no blanks, text as UTF-8."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(body: Body) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def code_of(digest: str) -> str:
    """What is printed beside the digest, to be typed: its first eight characters."""
    return digest[:CODE_LENGTH].upper()


def language_of(dealer: Dealer) -> str:
    """The language of the dealer's principal, else the house's."""
    people = people_of_dealer(dealer.pk, [Role.DEALER_PRINCIPAL])
    chosen = next((person.language for person in people if person.language), "")
    return chosen or Tenant.objects.get(pk=current_tenant_id()).language


def body_of(
    settlement: Settlement, *, number: str, edition: int, issued_on: date, confirm_by: date
) -> Body:
    """All that the notice says, as plain values; amounts in whole cents."""
    dealer = settlement.dealer
    contract = contract_on(dealer, settlement.until_on)
    lines = list(
        queries.live_lines(settlement).select_related(
            "claim__machine__model", "behalf", "adjustment__reason", "carried_from"
        )
    )
    amounts = [Amount(line.kind, line.cents) for line in lines]
    return {
        "number": number,
        "edition": edition,
        "settlement": settlement.number,
        "company": Tenant.objects.get(pk=current_tenant_id()).name,
        "dealer": {"number": dealer.number, "name": dealer.name},
        "contract": contract.number if contract else "",
        "pay_mode": settlement.pay_mode,
        "from_on": settlement.from_on.isoformat(),
        "until_on": settlement.until_on.isoformat(),
        "issued_on": issued_on.isoformat(),
        "confirm_by": confirm_by.isoformat(),
        "claims": _claims(lines),
        "adjustments": [_adjustment(line) for line in lines if line.adjustment],
        "carried": [
            {"position": line.position, "settlement": line.words, "cents": line.cents}
            for line in lines
            if line.carried_from_id
        ],
        "sums": {str(kind): cents for kind, cents in rules.by_kind(amounts).items()},
        "net": rules.net(amounts),
        "set_off": _set_off(settlement),
    }


def _claims(lines: list[SettlementLine]) -> list[Body]:
    """Each claim with its lines, those that were rejected, too: the dealer reads every cut."""
    of_claims = [line for line in lines if line.claim_id]
    places = {line.claim_line_id: line for line in of_claims}
    ids = {line.claim_id for line in of_claims}
    decisions: dict[int, list[LineDecision]] = defaultdict(list)
    asked = LineDecision.objects.filter(line__version__claim__in=ids)
    found = queries.in_force(asked).select_related(
        "line__version", "line__part", "line__operation", "reason"
    )
    for decision in found.order_by("line__position"):
        decisions[decision.line.version.claim_id].append(decision)
    shown = []
    for claim_id, own in groupby(of_claims, key=lambda line: line.claim_id):
        first = next(iter(own))
        claim = first.claim
        assert claim is not None and claim_id is not None
        rows = [
            _line(decision, places.get(decision.line_id))
            for decision in decisions[claim_id]
            if decision.line_id in places or decision.approved_cents == 0
        ]
        shown.append(
            {
                "number": claim.number,
                "behalf": _named(first.behalf),
                "serial": claim.machine.serial_number,
                "model": claim.machine.model.code,
                "repaired_on": claim.repaired_on.isoformat(),
                "lines": rows,
            }
        )
    return shown


def _line(decision: LineDecision, line: SettlementLine | None) -> Body:
    asked = decision.line
    return {
        "position": line.position if line else None,
        "kind": str(rules.KIND_OF_LINE[asked.kind]),
        "words": line.words if line else queries.words_of(decision),
        "claimed": asked.claimed_cents,
        "cents": line.cents if line else 0,
        "reason": _reason(decision.reason),
        "cut": decision.words,
    }


def _adjustment(line: SettlementLine) -> Body:
    adjustment = line.adjustment
    assert adjustment is not None
    return {
        "position": line.position,
        "number": adjustment.number,
        "kind": line.kind,
        "behalf": _named(line.behalf),
        "reason": _reason(adjustment.reason),
        "words": adjustment.words,
        "cents": line.cents,
    }


def _reason(reason: Any) -> Body | None:
    if reason is None:
        return None
    return {"code": reason.code, "name": reason.name, "name_en": reason.name_en}


def _named(dealer: Dealer | None) -> Body | None:
    return {"number": dealer.number, "name": dealer.name} if dealer else None


def _set_off(settlement: Settlement) -> list[Body]:
    """The invoices that the money is meant for, the oldest first; the offset names them itself."""
    if settlement.pay_mode != PayMode.OFFSET:
        return []
    proposal = rules.oldest_first(
        rules.payable(settlement.net_cents),
        [(item.item, item.cents) for item in open_items(settlement.dealer)],
    )
    return [{"item": item, "cents": cents} for item, cents in proposal.items()]


def paper(body: Body, *, digest: str, language: str) -> bytes:
    """The PDF of a body; nothing stands on it that is not in the body."""
    with translation.override(language):
        context = {
            "notice": body,
            "company": body["company"],
            "claims": [_shown_claim(claim) for claim in body["claims"]],
            "adjustments": [_shown_adjustment(each) for each in body["adjustments"]],
            "carried": [each | {"amount": _money(each["cents"])} for each in body["carried"]],
            "sums": [
                {"label": str(SettlementLineKind(kind).label), "amount": _money(cents)}
                for kind, cents in body["sums"].items()
            ],
            "net": _money(body["net"]),
            "is_negative": body["net"] < 0,
            "set_off": [each | {"amount": _money(each["cents"])} for each in body["set_off"]],
            "set_off_total": _money(sum(each["cents"] for each in body["set_off"])),
            "pay_mode": str(PayMode(body["pay_mode"]).label),
            "digest": digest,
            "code": code_of(digest),
            "qr": pdf.qr(address_of(body["settlement"])),
        }
    return pdf.render("pdf/settlement_notice.html", context, language=language)


def address_of(number: str) -> str:
    """The page of the settlement, which the QR code opens."""
    return settings.BASE_URL + reverse("warranty:settlement", args=[number])


def _shown_claim(claim: Body) -> Body:
    lines = [_shown_line(line) for line in claim["lines"]]
    total = _money(sum(line["cents"] for line in claim["lines"]))
    return claim | {"lines": lines, "total": total, "repaired_on": _day(claim["repaired_on"])}


def _shown_line(line: Body) -> Body:
    return line | {
        "label": str(SettlementLineKind(line["kind"]).label),
        "claimed_amount": _money(line["claimed"]),
        "amount": _money(line["cents"]),
        "reason_name": _reason_name(line["reason"]),
    }


def _shown_adjustment(row: Body) -> Body:
    return row | {
        "label": str(SettlementLineKind(row["kind"]).label),
        "amount": _money(row["cents"]),
        "reason_name": _reason_name(row["reason"]),
    }


def _reason_name(reason: Body | None) -> str:
    if reason is None:
        return ""
    is_english = (translation.get_language() or "").startswith("en")
    return str(reason["name_en"] if is_english and reason["name_en"] else reason["name"])


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _money(cents: int) -> str:
    return f"{yuan(cents):,.2f}"
