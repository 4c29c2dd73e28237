"""Contracts with dealers: terms from a day on (R-039)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer, DealerContract, PayMode
from dealers.services import versions


class ContractNumberTaken(DomainError):
    code = "contract.number_taken"
    message = _("Another contract has this number already.")
    field = "number"


@verb
def add_contract(
    *,
    actor: Actor,
    dealer: Dealer,
    from_on: date,
    number: str = "",
    until_on: date | None = None,
    pay_mode: str = PayMode.OFFSET,
    is_deemed_confirmed: bool = False,
    needs_invoice: bool = False,
    claim_days: int = 30,
    note: str = "",
) -> DealerContract:
    """Agree new terms with a dealer; those that run end on the eve of the first day."""
    contract = DealerContract(
        dealer=dealer,
        number=number.strip() or next_number("HT", timezone.localdate()),
        from_on=from_on,
        until_on=until_on,
        pay_mode=pay_mode,
        is_deemed_confirmed=is_deemed_confirmed,
        needs_invoice=needs_invoice,
        claim_days=claim_days,
        note=note,
    )
    try:
        ended = versions.begin(contract, DealerContract.objects.filter(dealer=dealer))
    except IntegrityError as error:
        if "contract_number_once" in str(error):
            raise ContractNumberTaken from error
        raise
    audit.record(
        actor,
        "contract.created",
        contract,
        dealer=dealer.number,
        from_on=str(from_on),
        until_on=str(until_on or ""),
        pay_mode=pay_mode,
        ended=", ".join(other.number for other in ended),
    )
    _follow_the_last(dealer)
    return contract


@verb
def end_contract(
    *, actor: Actor, contract: DealerContract, until_on: date | None, reason: str = ""
) -> DealerContract:
    """Set or move the last day of a contract; before its first day withdraws one to come."""
    contract = locked(contract)
    versions.end(contract, until_on)
    audit.record(
        actor,
        "contract.ended",
        contract,
        dealer=contract.dealer.number,
        until_on=str(contract.until_on or ""),
        reason=reason,
    )
    _follow_the_last(contract.dealer)
    return contract


def _follow_the_last(dealer: Dealer) -> None:
    """The agreement ends when the last contract does: from then on no work is offered (R-039)."""
    dealer = locked(dealer)
    rows = DealerContract.objects.filter(dealer=dealer).order_by("from_on", "pk")
    in_force = [row for row in rows if row.until_on is None or row.until_on >= row.from_on]
    ends_on = in_force[-1].until_on if in_force else dealer.agreement_ends_on
    if ends_on != dealer.agreement_ends_on:
        dealer.agreement_ends_on = ends_on
        dealer.save(update_fields=["agreement_ends_on"])
