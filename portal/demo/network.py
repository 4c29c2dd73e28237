"""Dealers over real cities and counties; every county of a covered province has somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dealers.models import Dealer, DealerLevel, Outlet, Region, Territory
from portal.demo import names
from portal.demo.companies import Company, Line

# The group that serves both manufacturers, with the same people in both companies.
GROUP_CITY = "3714"
GROUP_NAME = "山东齐鲁惠农机电集团有限公司"
GROUP_SHORT = "齐鲁惠农"
LEVELS = (("A", "A级 核心经销商"), ("B", "B级 重点经销商"), ("C", "C级 普通经销商"))
LEVEL_SHARES = (0.2, 0.35, 0.45)


@dataclass(slots=True)
class Network:
    """The dealers of a company and who answers for a place, as `dealers_for` would say."""

    counties: dict[str, Region]
    dealers: list[Dealer]
    group: Dealer
    by_place: dict[str, list[Territory]] = field(default_factory=lambda: defaultdict(list))
    staff: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    _best: dict[tuple[str, str], list[Dealer]] = field(default_factory=dict)

    def dealers_for(self, region_code: str, line: str) -> list[Dealer]:
        """Best first: the longest region, then a territory for just this line, then priority."""
        key = (region_code, line)
        if key not in self._best:
            found = [
                territory
                for digits in (6, 4, 2)
                for territory in self.by_place[region_code[:digits]]
                if territory.product_line_code in ("", line)
            ]
            found.sort(
                key=lambda t: (
                    -len(t.region_code),
                    t.product_line_code == "",
                    t.priority,
                    t.dealer.number,
                )
            )
            self._best[key] = list({t.dealer_id: t.dealer for t in found}.values())
        return self._best[key]


@dataclass(slots=True)
class _Plan:
    """A dealer to be, and the regions it answers for."""

    city: Region
    regions: list[str]
    subs: list[str] = field(default_factory=list)


def build(chance: Random, company: Company, provinces: tuple[str, ...], today: date) -> Network:
    """Insert levels, dealers, sub-dealers, outlets and territories."""
    levels = DealerLevel.objects.bulk_create(
        DealerLevel(code=code, name=name) for code, name in LEVELS
    )
    cities, counties = _regions(provinces)
    plans = list(_plans(chance, company, cities, counties))
    dealers = [
        _dealer(chance, company, plan, number, levels, today)
        for number, plan in enumerate(plans, 1)
    ]
    group = dealers[[plan.city.code for plan in plans].index(GROUP_CITY)]
    group.name, group.short_name, group.level = GROUP_NAME, GROUP_SHORT, levels[0]
    Dealer.objects.bulk_create(dealers)
    subs = [
        _sub_dealer(chance, parent, counties[code], number, levels[2], today)
        for parent, plan in zip(dealers, plans, strict=True)
        for number, code in enumerate(plan.subs, 1)
    ]
    Dealer.objects.bulk_create(subs)
    territories = [
        Territory(dealer=dealer, region_code=code)
        for dealer, plan in zip(dealers, plans, strict=True)
        for code in plan.regions
    ]
    territories += [Territory(dealer=sub, region_code=sub.region_code) for sub in subs]
    territories += _overlaps(chance, company.lines, dealers, provinces)
    Territory.objects.bulk_create(territories)
    Outlet.objects.bulk_create(_outlets(chance, [*dealers, *subs]))
    network = Network(counties=counties, dealers=[*dealers, *subs], group=group)
    for territory in territories:
        network.by_place[territory.region_code].append(territory)
    for dealer in network.dealers:
        network.staff[dealer.pk] = [
            (names.person(chance, woman=False), names.mobile(chance))
            for _technician in range(chance.randint(2, 4))
        ]
    return network


def _regions(provinces: tuple[str, ...]) -> tuple[list[Region], dict[str, Region]]:
    found = [
        region
        for region in Region.objects.order_by("code")
        if region.code[:2] in provinces and len(region.code) > 2
    ]
    cities = [region for region in found if len(region.code) == 4]
    # Only real counties: 市辖区 as a sixth digit pair "01" is a heading, not a place.
    counties = {
        region.code: region for region in found if len(region.code) == 6 and region.name != "市辖区"
    }
    return cities, counties


def _plans(
    chance: Random, company: Company, cities: list[Region], counties: dict[str, Region]
) -> Iterator[_Plan]:
    """Most cities have one dealer, large ones two; some dealers take two cities."""
    waiting: _Plan | None = None
    for city in cities:
        inside = [code for code in counties if code.startswith(city.code)]
        if not inside:
            continue
        if city.code == GROUP_CITY:
            yield _Plan(city, [city.code], inside[-1:])
            continue
        if waiting is not None and waiting.city.code[:2] == city.code[:2]:
            waiting.regions.append(city.code)
            yield waiting
            waiting = None
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        share = 1 / company.cities_per_dealer
        if chance.random() > share:
            waiting = _Plan(city, [city.code])
        elif len(inside) > 9 and chance.random() < 0.35:
            middle = len(inside) // 2
            yield _Plan(city, inside[:middle])
            yield _Plan(city, inside[middle:])
        else:
            subs = chance.sample(inside, 1) if chance.random() < 0.3 else []
            yield _Plan(city, [city.code], subs)
    if waiting is not None:
        yield waiting


def _dealer(
    chance: Random,
    company: Company,
    plan: _Plan,
    number: int,
    levels: list[DealerLevel],
    today: date,
) -> Dealer:
    place = names.short(plan.city.name)
    kind = chance.choice(company.dealer_kinds)
    trade = chance.choice(names.TRADE.split())
    first = plan.regions[0]
    region_code = first if len(first) == 6 else _seat(plan.city.code)
    return Dealer(
        number=f"D-{number:04d}",
        name=f"{place}{trade}{kind}有限公司",
        short_name=f"{place}{trade}",
        level=chance.choices(levels, LEVEL_SHARES)[0],
        contact_name=names.person(chance, woman=False),
        phone=names.mobile(chance),
        region_code=region_code,
        address=names.address(chance, plan.city.full_name),
        agreement_ends_on=today + timedelta(days=chance.randint(40, 900)),
    )


def _seat(city_code: str) -> str:
    """The first district of a city, where its dealer sits."""
    seats = Region.objects.filter(code__startswith=city_code).exclude(name="市辖区")
    return seats.exclude(code=city_code).order_by("code").values_list("code", flat=True)[0]


def _sub_dealer(
    chance: Random, parent: Dealer, county: Region, number: int, level: DealerLevel, today: date
) -> Dealer:
    name = f"{names.short(county.name)}{chance.choice(names.TRADE.split())}服务站"
    return Dealer(
        number=f"{parent.number}-{number}",
        name=name,
        short_name=name,
        level=level,
        parent=parent,
        contact_name=names.person(chance, woman=False),
        phone=names.mobile(chance),
        region_code=county.code,
        address=names.address(chance, county.full_name),
        agreement_ends_on=parent.agreement_ends_on,
    )


def _overlaps(
    chance: Random, lines: Iterable[Line], dealers: list[Dealer], provinces: tuple[str, ...]
) -> Iterator[Territory]:
    """Specialists of one line beside the dealer of the place, and second choices next door."""
    own = [line.code for line in lines if not line.is_bought_in]
    for province in provinces:
        local = [dealer for dealer in dealers if dealer.region_code.startswith(province)]
        if len(local) < 2:
            continue
        specialist = chance.choice(local)
        yield Territory(
            dealer=specialist, region_code=province, product_line_code=own[-1], priority=2
        )
        for left, right in zip(local, local[1:], strict=False):
            if left.region_code[:4] != right.region_code[:4]:
                yield Territory(dealer=left, region_code=right.region_code[:4], priority=3)
                if chance.random() < 0.12:
                    yield Territory(
                        dealer=left,
                        region_code=right.region_code[:4],
                        product_line_code=own[0],
                    )


def _outlets(chance: Random, dealers: list[Dealer]) -> Iterator[Outlet]:
    for dealer in dealers:
        yield Outlet(
            dealer=dealer,
            name=f"{dealer.short_name}服务站",
            phone=dealer.phone,
            region_code=dealer.region_code,
            address=dealer.address,
            radius_km=chance.choice((30, 50, 80)),
        )
