"""When a product line works in the fields of a region (R-017)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from sla.models import Season


def season_of(line: str, region: str, on: date) -> Season | None:
    """The season of a product line that runs in a region on a day; none in the off season.

    `region` is an official code, "" while unknown. Of several regions that hold it the nearest
    one for which the year has seasons decides: where the harvest of a province has dates of its
    own, those of the whole country do not count.
    """
    return season_among(seasons(on.year).filter(product_line_code=line), line, region, on)


def season_among(of_year: Iterable[Season], line: str, region: str, on: date) -> Season | None:
    """The same out of the seasons of that year, where many cases are asked together."""
    codes = {"", *(region[:digits] for digits in (2, 4, 6) if len(region) >= digits)}
    here = (s for s in of_year if s.product_line_code == line and s.region_code in codes)
    found = sorted(here, key=lambda season: (-len(season.region_code), season.starts_on))
    nearest = [season for season in found if season.region_code == found[0].region_code]
    return next((each for each in nearest if each.starts_on <= on <= each.ends_on), None)


def seasons(year: int) -> QuerySet[Season]:
    """The seasons that touch a year, by product line and day."""
    touching = Season.objects.filter(
        starts_on__lte=date(year, 12, 31), ends_on__gte=date(year, 1, 1)
    )
    return touching.order_by("product_line_code", "starts_on", "region_code")
