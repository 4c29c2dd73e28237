"""Load the demo: each company once per database, the same for one seed and one day."""

from __future__ import annotations

import gc
from collections.abc import Callable
from random import Random
from time import perf_counter

from django.db import transaction
from django.utils import timezone

from core.models import Tenant
from core.tenancy import tenant_scope
from dealers.models import Region
from dealers.regions import load_regions
from portal.demo import cards, guarantee, money, network, old_parts, park, people, stores, terms
from portal.demo.companies import Company
from portal.demo.farm import FENGHE
from portal.demo.hours import Hours, instant, wall
from portal.demo.life import Setting
from portal.demo.network import GROUP_CITY
from portal.demo.promises import Promises
from portal.demo.reports import write_reports
from portal.demo.rows import Rows
from portal.demo.seasons import moments
from portal.demo.stories import tell_story
from portal.demo.tricycles import JUNCHI
from sla.defaults import HOTLINE, install_defaults
from sla.models import Calendar

COMPANIES = (FENGHE, JUNCHI)
SEED = 20261121
BATCH = 1_500
# Below this scale one province is enough.
SMALL = 0.1

Say = Callable[[str], None]


def missing() -> list[Company]:
    """The companies that this database does not have yet."""
    there = set(Tenant.objects.values_list("slug", flat=True))
    return [company for company in COMPANIES if company.slug not in there]


def prepare() -> None:
    """What no company owns: the regions of China and the people who work for two companies."""
    if not Region.objects.exists():
        load_regions()
    people.install_group()


def load(company: Company, *, scale: float, seed: int, say: Say) -> Tenant:
    """One company with its year, whole or not at all."""
    began = perf_counter()
    # Millions of small objects are made and none of them in a circle.
    gc.disable()
    now = wall(timezone.now())
    with transaction.atomic():
        tenant = Tenant.objects.create(
            slug=company.slug,
            name=company.name,
            name_en=company.name_en,
            hotline=company.hotline,
            address=company.address,
        )
        # What is urgent counts day and night here, so that a demo at night shows it too.
        install_defaults(tenant, by_night={"urgent"})
        with tenant_scope(tenant.pk):
            setting = _setting(company, Random(f"{seed}:{company.slug}"), scale=scale, now=now)
            say(
                f"{company.name}: {len(setting.network.dealers)} dealers, "
                f"{sum(map(len, setting.park.machines.values())):,} machines "
                f"({perf_counter() - began:.0f} s)"
            )
            _year(setting, max(40, int(company.tickets * scale)), say)
            signed = write_reports(company.slug, setting.network.group, str(seed))
            say(f"{company.name}: {len(signed)} signed work reports")
            made = guarantee.build(tenant, scale=scale, seed=seed)
            say(f"{company.name}: {made} claims ({perf_counter() - began:.0f} s)")
            say(f"{company.name}: {old_parts.build()} old parts")
            settled = money.build(tenant, setting.network.group)
            say(f"{company.name}: {settled} settlements")
    say(f"{company.name}: loaded in {perf_counter() - began:.0f} s")
    return tenant


def _setting(company: Company, chance: Random, *, scale: float, now: int) -> Setting:
    provinces = company.provinces if scale >= SMALL else (GROUP_CITY[:2],)
    # A day without its hours: the same rows come out whenever on that day it is loaded.
    today = instant(now + 8 * 3_600).date()
    dealers = network.build(chance, company, provinces, today)
    terms.build(dealers.dealers, dealers.group, today)
    staff = people.build(chance, company, dealers)
    machines = park.build(chance, company, dealers, scale=scale, today=today)
    cards.build(company.slug, machines.catalogue, staff, today)
    stores.build(company.slug, machines.catalogue.models, dealers.dealers, today)
    return Setting(
        company=company,
        network=dealers,
        park=machines,
        staff=staff,
        promises=Promises(),
        hotline=Hours.of(Calendar.objects.get(code=HOTLINE)),
        chance=chance,
        now=now,
    )


def _year(setting: Setting, count: int, say: Say) -> None:
    calls = moments(setting.chance, setting.company, count, setting.now)
    for start in range(0, len(calls), BATCH):
        setting.rows = Rows()
        for at, line in calls[start : start + BATCH]:
            tell_story(setting, at, line)
        setting.rows.insert(setting.park.served)
        done = min(start + BATCH, len(calls))
        say(f"{setting.company.name}: {done:,} of {len(calls):,} tickets")
    setting.book.hand_over()
