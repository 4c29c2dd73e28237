"""The administrator sets when each product line is busy (R-017)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.tenancy import verb
from sla.models import Season

LONGEST = timedelta(days=366)


@verb
def save_season(
    *,
    actor: Actor,
    product_line_code: str,
    region_code: str,
    name: str,
    starts_on: date,
    ends_on: date,
) -> Season:
    """Add a season of a product line, in a region or everywhere."""
    if ends_on < starts_on:
        raise DomainError(_("A season cannot end before it begins."), field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise DomainError(_("A season lasts at most a year."), field="ends_on")
    same_place = Season.objects.filter(product_line_code=product_line_code, region_code=region_code)
    if other := same_place.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
        raise DomainError(
            _("It overlaps with %(name)s, %(first)s to %(last)s."),
            field="starts_on",
            name=other.name,
            first=other.starts_on,
            last=other.ends_on,
        )
    season = Season.objects.create(
        product_line_code=product_line_code,
        region_code=region_code,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    audit.record(actor, "season.created", season, **_facts(season))
    return season


@verb
def remove_season(*, actor: Actor, season: Season) -> None:
    """Take a season out; clocks keep the times they have."""
    audit.record(actor, "season.removed", season, **_facts(season))
    season.delete()


def _facts(season: Season) -> dict[str, object]:
    return {
        "line": season.product_line_code,
        "region": season.region_code,
        "starts_on": season.starts_on,
        "ends_on": season.ends_on,
    }
