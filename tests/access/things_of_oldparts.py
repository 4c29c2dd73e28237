"""Old parts, shipments, windows and trucks for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.numbering import next_numbers
from dealers.models import Dealer
from tests.cast import NEIGHBOUR_CANARY, Cast
from tests.warranty.oldparts.builders import a_claim, a_part, boxed, photographed, put
from warranty.models import OldPartReturn, ReturnShipment, ReturnWindow, Truck
from warranty.services import oldparts

Kwargs = dict[str, Any]


def _apart(cast: Cast) -> None:
    """The numbers of two companies run alike: another start keeps them apart."""
    if cast.mark and not OldPartReturn.objects.exists():
        for kind in ("OP", "RS", "TR"):
            next_numbers(kind, timezone.localdate(), 50)


def _piece(cast: Cast, dealer: Dealer) -> OldPartReturn:
    found = OldPartReturn.objects.filter(dealer=dealer, box=None).first()
    if found is not None:
        return found
    _apart(cast)
    theirs = dealer == cast.neighbour
    number = f"XJ-{NEIGHBOUR_CANARY if theirs else 'A'}{cast.mark}"
    claim = a_claim(
        cast,
        [(a_part(cast, number), "1")],
        dealer=dealer,
        machine=cast.neighbour_machine if theirs else cast.machine,
    )
    piece = oldparts.make_pieces(actor=cast.system(), claim=claim)[0]
    return put(piece, "expected", reason=f"{NEIGHBOUR_CANARY if theirs else ''} {cast.mark}")


def old_part(cast: Cast) -> Kwargs:
    return {"number": _piece(cast, cast.dealer).number}


def neighbours_old_part(cast: Cast) -> Kwargs:
    return {"number": _piece(cast, cast.neighbour).number}


def photo(cast: Cast) -> Kwargs:
    piece = _piece(cast, cast.dealer)
    return {"number": piece.number, "public_id": photographed(cast, piece).public_id}


def neighbours_photo(cast: Cast) -> Kwargs:
    piece = _piece(cast, cast.neighbour)
    return {"number": piece.number, "public_id": photographed(cast, piece).public_id}


def _shipment(cast: Cast, dealer: Dealer, who: str) -> ReturnShipment:
    found = ReturnShipment.objects.filter(dealer=dealer).first()
    if found is not None:
        return found
    piece = _piece(cast, dealer)
    made = boxed(cast, [piece], who)
    oldparts.add_box(actor=cast.system(), shipment=made)
    return made


def shipment(cast: Cast) -> Kwargs:
    return {"number": _shipment(cast, cast.dealer, "dealer_clerk").number}


def neighbours_shipment(cast: Cast) -> Kwargs:
    return {"number": _shipment(cast, cast.neighbour, "neighbour_principal").number}


def box(cast: Cast) -> Kwargs:
    """The second one, which is open and empty."""
    return {**shipment(cast), "box": 2}


def neighbours_box(cast: Cast) -> Kwargs:
    return {**neighbours_shipment(cast), "box": 2}


def window(cast: Cast) -> Kwargs:
    closes_on = timezone.localdate() + timedelta(days=200 if cast.mark else 100)
    ReturnWindow.objects.get_or_create(
        closes_on=closes_on,
        defaults={"name": f"返厂期 {cast.mark}", "opens_on": closes_on - timedelta(days=9)},
    )
    return {"closes": closes_on.isoformat()}


def truck(cast: Cast) -> Kwargs:
    found = Truck.objects.first()
    if found is None:
        _apart(cast)
        today = timezone.localdate()
        found = oldparts.create_truck(
            actor=cast.system(),
            plate=f"鲁N12345{cast.mark}"[:20],
            driver_name=f"孙师傅 {cast.mark}".strip(),
            leaves_on=today,
            stops=[(cast.dealer, today), (cast.neighbour, today)],
        )
    return {"number": found.number}
