"""Reads of dealers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date

from django.db import connection
from django.db.models import Case, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from core.actor import Actor
from core.lists import ListPage
from core.tenancy import whole_tenant
from dealers import access, rules
from dealers.models import Dealer, DealerContract, Outlet, RateCard, Region, Territory
from dealers.rules import Rates

UNDER = """
WITH RECURSIVE under AS (
    SELECT id FROM dealers_dealer WHERE id = %s
    UNION
    SELECT d.id FROM dealers_dealer d JOIN under ON d.parent_id = under.id
)
SELECT id FROM under ORDER BY id
"""

ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, 0 AS steps FROM dealers_dealer WHERE id = %s
    UNION
    SELECT d.id, d.parent_id, steps + 1 FROM dealers_dealer d
    JOIN above ON above.parent_id = d.id WHERE steps < 20
)
SELECT id FROM above ORDER BY steps
"""
FIGURES = [field.name for field in fields(Rates) if field.name != "card_id"]


def dealer_and_subs(dealer_id: int) -> tuple[int, ...]:
    """A dealer and everybody below it (R-001); runs before the dealer's wall is up."""
    with connection.cursor() as cursor:
        cursor.execute(UNDER, [dealer_id])
        return tuple(row[0] for row in cursor.fetchall())


def working(on: date | None = None) -> Q:
    """Dealers that take work: active, and the agreement has not ended (R-039)."""
    day = on or timezone.localdate()
    runs = Q(agreement_ends_on=None) | Q(agreement_ends_on__gte=day)
    return Q(is_active=True) & runs


def dealers_for(
    *,
    region_code: str,
    product_line_code: str = "",
    excluding: Iterable[Dealer | int] = (),
    on: date | None = None,
) -> list[Dealer]:
    """Dealers that answer for a place, best first, each once.

    The longest region code wins, then a territory for just this product line over one for
    all, then the lower priority figure, then the dealer number.
    """
    codes = [region_code[:digits] for digits in (2, 4, 6) if len(region_code) >= digits]
    if not codes:
        return []
    left_out = [dealer.pk if isinstance(dealer, Dealer) else dealer for dealer in excluding]
    territories = (
        Territory.objects.filter(
            region_code__in=codes, product_line_code__in={"", product_line_code}
        )
        .filter(dealer__in=Dealer.objects.filter(working(on)))
        .exclude(dealer_id__in=left_out)
        .select_related("dealer__level")
    )
    best = sorted(
        territories,
        key=lambda t: (
            -len(t.region_code),
            t.product_line_code == "",
            t.priority,
            t.dealer.number,
        ),
    )
    once: dict[int, Dealer] = {}
    for territory in best:
        once.setdefault(territory.dealer_id, territory.dealer)
    return list(once.values())


def region_name(code: str) -> str:
    """河北省石家庄市长安区; the code itself where the table does not know it, "" for none."""
    return region_names([code])[code] if code else ""


def region_names(codes: Iterable[str]) -> dict[str, str]:
    """Full names of many regions in one query, for lists; unknown codes name themselves."""
    wanted = {code for code in codes if code}
    known = dict(Region.objects.filter(code__in=wanted).values_list("code", "full_name"))
    return {code: known.get(code, code) for code in wanted}


def name_regions(things: Sequence[object]) -> None:
    """Give each row of a list its `region`, by its `region_code`, and its `place`."""
    names = region_names(getattr(thing, "region_code", "") for thing in things)
    for thing in things:
        region = names.get(getattr(thing, "region_code", ""), "")
        vars(thing).update(region=region, place=place(region, getattr(thing, "address", "")))


def place(region: str, address: str) -> str:
    """Region and address said once: an address often begins with its region."""
    return address if region and region in address else f"{region} {address}".strip()


def region_children(code: str = "") -> QuerySet[Region]:
    """Provinces, or what lies directly below a province or city: the tree for selects."""
    if code and not (code.isascii() and code.isdigit()):
        return Region.objects.none()
    digits = len(code) + 2
    below = Region.objects.filter(code__startswith=code, code__regex=rf"^\d{{{digits}}}$")
    return below.order_by("code")


def dealer_list(actor: Actor) -> QuerySet[Dealer]:
    """The dealers an actor may see, with what lists show of them."""
    return access.visible(actor).select_related("level", "parent")


def dealer_detail(actor: Actor, dealer: Dealer) -> Dealer:
    """One dealer with its territories, outlets and sub-dealers at hand."""
    return (
        dealer_list(actor)
        .prefetch_related(
            Prefetch("territories", Territory.objects.order_by("region_code", "priority")),
            Prefetch("outlets", Outlet.objects.order_by("-is_active", "name")),
            Prefetch("subs", Dealer.objects.order_by("number")),
        )
        .get(pk=dealer.pk)
    )


def province_choices() -> list[tuple[str, str]]:
    """The provinces by code, for lists to choose from."""
    return list(region_children().values_list("code", "name"))


def in_force(on: date) -> Q:
    """Contracts or rate cards that hold on a day."""
    return Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gte=on))


def rates_for(dealer: Dealer, on: date) -> Rates | None:
    """What a dealer's work of a day is paid; None where no card covers the day. One query."""
    return rates_for_many([(dealer, on)])[dealer.pk, on]


def rates_for_many(asked: Iterable[tuple[Dealer, date]]) -> dict[tuple[int, date], Rates | None]:
    """The same for many, by the id of the dealer and the day; one query."""
    pairs = [(dealer.pk, dealer.level_id, on) for dealer, on in asked]
    if not pairs:
        return {}
    dealers, levels, days = zip(*pairs, strict=True)
    own = Q(dealer__in=set(dealers)) | Q(level__in=set(levels)) | Q(dealer=None, level=None)
    ended = Q(until_on__lt=min(days))
    with whole_tenant():
        cards = list(RateCard.objects.filter(own, from_on__lte=max(days)).exclude(ended))
    return {
        (dealer_id, on): _rates(
            rules.card_for(cards, dealer_id=dealer_id, level_id=level_id, on=on)
        )
        for dealer_id, level_id, on in pairs
    }


def standard_rates(days: Iterable[date]) -> dict[date, Rates | None]:
    """The company's standard of some days, by which its own people's work is booked (R-147)."""
    wanted = set(days)
    if not wanted:
        return {}
    cards = list(RateCard.objects.filter(dealer=None, level=None, from_on__lte=max(wanted)))
    return {on: _rates(rules.card_for(cards, dealer_id=0, level_id=0, on=on)) for on in wanted}


def _rates(card: RateCard | None) -> Rates | None:
    if card is None:
        return None
    return Rates(card_id=card.pk, **{name: getattr(card, name) for name in FIGURES})


def contract_on(dealer: Dealer, on: date) -> DealerContract | None:
    """The terms with a dealer on a day; a sub-dealer works under those of the one above it."""
    with whole_tenant():
        line = _line_of(dealer)
        rows = DealerContract.objects.filter(in_force(on), dealer__in=line)
        found = {contract.dealer_id: contract for contract in rows}
    return next((found[pk] for pk in line if pk in found), None)


def payee_of(dealer: Dealer) -> Dealer:
    """The dealer of the first level through which a dealer is paid; itself where none is above."""
    if dealer.parent_id is None:
        return dealer
    with whole_tenant():
        return Dealer.objects.select_related("level").get(pk=_line_of(dealer)[-1])


def _line_of(dealer: Dealer) -> list[int]:
    """A dealer, then who stands above it, up to the first level."""
    if dealer.parent_id is None:
        return [dealer.pk]
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [dealer.pk])
        return [row[0] for row in cursor.fetchall()]


CARDS_SHOWN = 50


def contracts_of(actor: Actor, dealer: Dealer) -> list[DealerContract]:
    """The contracts with a dealer, the newest first."""
    return contracts_of_many(actor, [dealer])[dealer.pk]


def contracts_of_many(actor: Actor, dealers: Iterable[Dealer]) -> dict[int, list[DealerContract]]:
    """The contracts with each of some dealers, the newest first; one query."""
    found: dict[int, list[DealerContract]] = {dealer.pk: [] for dealer in dealers}
    rows = access.visible_contracts(actor).filter(dealer__in=found)
    for contract in rows.select_related("dealer").order_by("-from_on", "-pk"):
        found[contract.dealer_id].append(contract)
    return found


def card_list(actor: Actor) -> QuerySet[RateCard]:
    """The rate cards an actor may see, every version, with whom they pay."""
    return access.visible_cards(actor).select_related("level", "dealer")


def cards_page(cards: QuerySet[RateCard], on: date, after: str = "") -> ListPage[RateCard]:
    """One version per code, by code: the one in force on a day, else to come, else the last."""
    rank = Case(
        When(in_force(on), then=Value(0)),
        When(from_on__gt=on, then=Value(1)),
        default=Value(2),
    )
    rows = cards.filter(code__gt=after).order_by("code", rank, "-from_on", "-pk").distinct("code")
    found = list(rows[: CARDS_SHOWN + 1])
    more = len(found) > CARDS_SHOWN
    return ListPage(found[:CARDS_SHOWN], found[CARDS_SHOWN - 1].code if more else "")
