"""The official regions of China: loading them, finding one by its name or code."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from core import npm
from core.errors import DomainError
from dealers.models import Region

# Names that stand for "directly below the province"; nobody says them.
UNSPOKEN = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# Not in the package with codes of areas; addresses there end at this level.
OVERSEAS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
FULL_CODE = (2, 4, 6)
SUGGESTED = 12


class NoSuchRegion(DomainError):
    code = "region.unknown"
    message = _("There is no region of this name or code. Write it like 河北省石家庄市长安区.")
    field = "region_code"


class SeveralRegions(DomainError):
    code = "region.ambiguous"
    message = _("Several regions have this name: %(names)s. Write the city or province before it.")
    field = "region_code"


def load_regions() -> int:
    """Bring the table to the codes of the installed package; how many rows were new."""
    names = dict(OVERSEAS)
    for level in ("provinces", "cities", "areas"):
        names |= {row["code"]: row["name"] for row in _package(level)}
    known = {region.code: region for region in Region.objects.all()}
    rows = [
        Region(code=code, name=name, full_name=_full_name(code, names))
        for code, name in sorted(names.items())
    ]
    changed = [row for row in rows if _words(row) != _words(known.get(row.code))]
    Region.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "full_name"],
        batch_size=1000,
    )
    return len([row for row in changed if row.code not in known])


def _words(region: Region | None) -> tuple[str, str] | None:
    return (region.name, region.full_name) if region else None


def _package(level: str) -> list[dict[str, Any]]:
    path = npm.folder() / "china-division" / "dist" / f"{level}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _full_name(code: str, names: dict[str, str]) -> str:
    above = [names[code[:digits]] for digits in FULL_CODE if digits < len(code)]
    return "".join(name for name in [*above, names[code]] if name not in UNSPOKEN) or names[code]


def suggestions(text: str, at_most: int = SUGGESTED) -> QuerySet[Region]:
    """Regions whose full name has these characters in this order, larger ones first."""
    found = Region.objects.filter(full_name__iregex=_in_order(text))
    return found.exclude(name__in=UNSPOKEN).order_by(Length("code"), "code")[:at_most]


def resolve(text: str) -> str:
    """The code of a region given by code or by name (石家庄长安, 河北省…); else a sentence."""
    wanted = "".join(unicodedata.normalize("NFKC", text).split())
    if wanted.isdigit():
        code = wanted.removesuffix("0000") if len(wanted) == 6 else wanted
        code = code.removesuffix("00") if len(code) == 6 else code
        if Region.objects.filter(code=code).exists():
            return code
        raise NoSuchRegion
    if not _in_order(wanted):
        raise NoSuchRegion
    exact = list(Region.objects.filter(full_name=wanted).order_by(Length("code"))[:1])
    if exact:
        return exact[0].code
    return _only_one(list(suggestions(wanted, 100)), wanted)


def _only_one(found: list[Region], wanted: str) -> str:
    if not found:
        raise NoSuchRegion
    named = [region for region in found if region.name == wanted]
    begun = [region for region in found if region.name.startswith(wanted)]
    found = named or begun or found
    # 石家庄 also fits every county below it: the one above all others is meant.
    if all(region.code.startswith(found[0].code) for region in found):
        return found[0].code
    raise SeveralRegions(names=_listed(found))


def _listed(found: Iterable[Region]) -> str:
    return "、".join(region.full_name for region in list(found)[:4])


def _in_order(text: str) -> str:
    """A pattern with the characters in order; only letters and digits count, so none is special."""
    letters = [mark for mark in unicodedata.normalize("NFKC", text) if mark.isalnum()]
    return ".*".join(letters)
