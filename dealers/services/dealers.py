"""Writes of dealers; each is one transaction with its audit event."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from core.numbering import next_number
from core.phones import normalise
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer, DealerLevel, Outlet, Territory
from dealers.queries import dealer_and_subs
from dealers.regions import resolve

DEALER_FIELDS = frozenset(
    {
        "name",
        "short_name",
        "level",
        "parent",
        "contact_name",
        "phone",
        "region_code",
        "address",
        "agreement_ends_on",
        "is_active",
    }
)
OUTLET_FIELDS = frozenset({"name", "phone", "region_code", "address", "radius_km", "is_active"})
# The grades that a new company starts with.
LEVELS = {"A": _("Grade A"), "B": _("Grade B"), "C": _("Grade C")}


class NumberTaken(DomainError):
    code = "dealer.number_taken"
    message = _("Another dealer has this number already.")
    field = "number"


class NoSuchLevel(DomainError):
    code = "dealer.no_such_level"
    message = _("There is no grade of this code.")
    field = "level"


class NoSuchDealer(DomainError):
    code = "dealer.no_such_dealer"
    message = _("There is no dealer with this number.")
    field = "dealer"


class TerritoryTaken(DomainError):
    code = "dealer.territory_taken"
    message = _("The dealer answers for this region and product line already.")
    field = "region_code"


class EndsByContract(DomainError):
    code = "dealer.ends_by_contract"
    message = _("The agreement ends with the last contract: end that one, or sign a new one.")
    field = "agreement_ends_on"


@verb
def install_levels(*, actor: Actor) -> int:
    """Give a company the usual grades; those it has stay as they are."""
    have = set(DealerLevel.objects.values_list("code", flat=True))
    new = [DealerLevel(code=c, name=str(n)) for c, n in LEVELS.items() if c not in have]
    for level in DealerLevel.objects.bulk_create(new):
        audit.record(actor, "dealer_level.created", level)
    return len(new)


@verb
def create_dealer(
    *,
    actor: Actor,
    name: str,
    phone: str,
    level: DealerLevel,
    region_code: str,
    number: str = "",
    short_name: str = "",
    parent: Dealer | None = None,
    contact_name: str = "",
    address: str = "",
    agreement_ends_on: date | None = None,
    is_active: bool = True,
) -> Dealer:
    """Open a dealer's file; without a number of the company's own it gets the next one."""
    dealer = Dealer(
        number=number.strip() or next_number("D", timezone.localdate()),
        name=name,
        short_name=short_name,
        level=level,
        parent=parent,
        contact_name=contact_name,
        phone=normalise(phone),
        region_code=resolve(region_code),
        address=address,
        agreement_ends_on=agreement_ends_on,
        is_active=is_active,
    )
    try:
        with transaction.atomic():
            dealer.save(force_insert=True)
    except IntegrityError as error:
        raise _as_sentence(error, "dealer_number_once", NumberTaken()) from error
    audit.record(actor, "dealer.created", dealer, name=name)
    return dealer


@verb
def edit_dealer(*, actor: Actor, dealer: Dealer, **changes: Any) -> Dealer:
    """Change fields of a dealer's file; the audit says what was and what is."""
    only(changes, DEALER_FIELDS)
    dealer = locked(dealer)
    if "phone" in changes:
        changes["phone"] = normalise(changes["phone"])
    if "region_code" in changes:
        changes["region_code"] = resolve(changes["region_code"])
    parent = changes.get("parent")
    if parent is not None and parent.pk in dealer_and_subs(dealer.pk):
        raise DomainError(_("A dealer cannot stand below itself."), field="parent")
    ends_on = changes.get("agreement_ends_on", dealer.agreement_ends_on)
    if ends_on != dealer.agreement_ends_on and dealer.contracts.exists():
        raise EndsByContract
    apply_changes(actor, dealer, changes)
    return dealer


@verb
def add_territory(
    *,
    actor: Actor,
    dealer: Dealer,
    region_code: str,
    product_line_code: str = "",
    priority: int = 1,
) -> Territory:
    """Let a dealer answer for a region, for one product line or for all."""
    territory = Territory(
        dealer=dealer,
        region_code=resolve(region_code),
        product_line_code=product_line_code,
        priority=priority,
    )
    try:
        with transaction.atomic():
            territory.save(force_insert=True)
    except IntegrityError as error:
        raise _as_sentence(error, "territory_once_per_dealer", TerritoryTaken()) from error
    audit.record(
        actor,
        "dealer.territory_added",
        dealer,
        region_code=territory.region_code,
        product_line_code=product_line_code,
        priority=priority,
    )
    return territory


@verb
def remove_territory(*, actor: Actor, dealer: Dealer, territory: Territory) -> None:
    """Take a region from a dealer; its running tickets stay with it."""
    audit.record(
        actor,
        "dealer.territory_removed",
        dealer,
        region_code=territory.region_code,
        product_line_code=territory.product_line_code,
    )
    territory.delete()


@verb
def add_outlet(
    *,
    actor: Actor,
    dealer: Dealer,
    name: str,
    region_code: str,
    phone: str = "",
    address: str = "",
    radius_km: int | None = None,
) -> Outlet:
    """Open a place of repair of a dealer (R-049)."""
    outlet = Outlet.objects.create(
        dealer=dealer,
        name=name,
        phone=normalise(phone) if phone else "",
        region_code=resolve(region_code),
        address=address,
        radius_km=radius_km,
    )
    audit.record(actor, "dealer.outlet_added", dealer, outlet=name)
    return outlet


@verb
def edit_outlet(*, actor: Actor, outlet: Outlet, **changes: Any) -> Outlet:
    """Change an outlet, or close it with `is_active=False`; its history stays."""
    only(changes, OUTLET_FIELDS)
    outlet = locked(outlet)
    if changes.get("phone"):
        changes["phone"] = normalise(changes["phone"])
    if "region_code" in changes:
        changes["region_code"] = resolve(changes["region_code"])
    apply_changes(actor, outlet, changes)
    return outlet


@verb
def note_export(*, actor: Actor, company: Tenant, noun: str, rows: int) -> None:
    """Keep who took a list out of the house, and how much of it (R-006)."""
    audit.record(actor, f"{noun}.exported", company, rows=rows)


def apply_changes(actor: Actor, thing: Any, changes: dict[str, Any]) -> list[str]:
    """Save what differs and audit it as `noun.edited` {field: [old, new]}; the fields changed."""
    told: dict[str, list[str]] = {}
    for name, new in changes.items():
        old = getattr(thing, name)
        if old != new:
            told[name] = [_told(old), _told(new)]
            setattr(thing, name, new)
    if told:
        thing.save(update_fields=list(told))
        audit.record(actor, f"{thing._meta.model_name}.edited", thing, **told)
    return list(told)


def _told(value: Any) -> str:
    return "" if value is None else str(value)


def only(changes: dict[str, Any], fields: frozenset[str]) -> None:
    if unknown := set(changes) - fields:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")


def _as_sentence(error: IntegrityError, constraint: str, sentence: DomainError) -> Exception:
    """The sentence for the constraint that was hit; any other error stays what it is."""
    return sentence if constraint in str(error) else error
