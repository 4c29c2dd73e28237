"""Return windows, which an administrator lays down, and truck runs with their stops (R-148)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from warranty.models import OldPartReturn, ReturnShipment, ReturnWindow, Truck, TruckStop
from warranty.rules.oldparts import years_windows
from warranty.services.oldparts import errors, telling
from warranty.states.oldparts import OWED, ShipmentState


def install_defaults(*, tenant: Tenant) -> None:
    """The windows of this year and the next, for a new company; those that stand stay."""
    install_windows(actor=Actor.system(tenant.pk))


@verb
def install_windows(*, actor: Actor, today: date | None = None) -> list[ReturnWindow]:
    """June and December of this year and the next, where nothing is laid down yet."""
    if ReturnWindow.objects.exists():
        return []
    year = (today or timezone.localdate()).year
    made = []
    for opens_on, closes_on in [*years_windows(year), *years_windows(year + 1)]:
        window = ReturnWindow.objects.create(
            name=f"{closes_on:%Y-%m}", opens_on=opens_on, closes_on=closes_on
        )
        audit.record(actor, "window.created", window, opens=opens_on, closes=closes_on)
        made.append(window)
    return made


def _check(name: str, opens_on: date, closes_on: date, *, beside: int | None = None) -> None:
    if closes_on < opens_on:
        raise DomainError(_("A window closes on or after the day it opens."), field="closes_on")
    others = ReturnWindow.objects.filter(opens_on__lte=closes_on, closes_on__gte=opens_on)
    if beside is not None:
        others = others.exclude(pk=beside)
    if (other := others.first()) is not None:
        raise errors.WindowsOverlap(name=other.name)


@verb
def create_window(*, actor: Actor, name: str, opens_on: date, closes_on: date) -> ReturnWindow:
    """Lay down when pieces may travel by themselves; pieces of old keep their day."""
    _check(name, opens_on, closes_on)
    window = ReturnWindow.objects.create(name=name.strip(), opens_on=opens_on, closes_on=closes_on)
    audit.record(actor, "window.created", window, opens=opens_on, closes=closes_on)
    return window


@verb
def edit_window(
    *, actor: Actor, window: ReturnWindow, name: str, opens_on: date, closes_on: date
) -> ReturnWindow:
    """Move a window: pieces that wait for its old last day wait for the new one.

    A window that closes earlier shortens nobody's time.
    """
    window = locked(window)
    _check(name, opens_on, closes_on, beside=window.pk)
    before = window.closes_on
    window.name, window.opens_on, window.closes_on = name.strip(), opens_on, closes_on
    window.save(update_fields=["name", "opens_on", "closes_on"])
    audit.record(
        actor, "window.edited", window, opens=opens_on, closes=closes_on, closed_before=before
    )
    if closes_on > before:
        OldPartReturn.objects.filter(state__in=OWED, due_on=before).update(due_on=closes_on)
    return window


@verb
def remove_window(*, actor: Actor, window: ReturnWindow) -> None:
    """Take a window back in which nothing has travelled."""
    audit.record(actor, "window.removed", window, closes=window.closes_on)
    try:
        window.delete()
    except ProtectedError as error:
        raise errors.WindowUsed from error


@verb
def create_truck(
    *,
    actor: Actor,
    plate: str,
    driver_name: str,
    leaves_on: date,
    driver_phone: str = "",
    stops: Sequence[tuple[Dealer, date]] = (),
) -> Truck:
    """Write down a goods truck that goes back empty, and the dealers on its way."""
    truck = Truck.objects.create(
        number=next_number("TR", timezone.localdate()),
        plate=plate.strip(),
        driver_name=driver_name.strip(),
        driver_phone=driver_phone,
        leaves_on=leaves_on,
        created_by_id=actor.user_id,
        created_label=actor.label,
    )
    audit.record(actor, "truck.planned", truck, leaves=leaves_on)
    if stops:
        set_stops(actor=actor, truck=truck, stops=stops)
    return truck


@verb
def edit_truck(
    *,
    actor: Actor,
    truck: Truck,
    plate: str,
    driver_name: str,
    leaves_on: date,
    driver_phone: str = "",
) -> Truck:
    truck = locked(truck)
    truck.plate, truck.driver_name = plate.strip(), driver_name.strip()
    truck.leaves_on, truck.driver_phone = leaves_on, driver_phone
    truck.save(update_fields=["plate", "driver_name", "leaves_on", "driver_phone"])
    audit.record(actor, "truck.edited", truck, leaves=leaves_on)
    return truck


@verb
def set_stops(
    *, actor: Actor, truck: Truck, stops: Sequence[tuple[Dealer, date]]
) -> list[TruckStop]:
    """The dealers on the way in their order, each with the day; new ones that owe are told."""
    truck = locked(truck)
    days: dict[int, tuple[Dealer, date]] = {}
    for dealer, passes_on in stops:
        days.setdefault(dealer.pk, (dealer, passes_on))
    before = set(truck.stops.values_list("dealer_id", flat=True))
    truck.stops.exclude(dealer_id__in=days).delete()
    made = []
    for position, (dealer, passes_on) in enumerate(days.values(), start=1):
        stop, _is_new = TruckStop.objects.update_or_create(
            truck=truck,
            dealer=dealer,
            defaults={"position": position, "passes_on": passes_on},
        )
        made.append(stop)
    audit.record(actor, "truck.stops_set", truck, stops=[each.dealer.number for each in made])
    _tell_stops(truck, [stop for stop in made if stop.dealer_id not in before])
    return made


@verb
def add_stop(*, actor: Actor, truck: Truck, dealer: Dealer, passes_on: date) -> list[TruckStop]:
    """One dealer more on the way, or another day for one that is on it."""
    stops = [(stop.dealer, stop.passes_on) for stop in truck.stops.select_related("dealer")]
    kept = [each for each in stops if each[0].pk != dealer.pk]
    ordered = sorted([*kept, (dealer, passes_on)], key=lambda each: each[1])
    return set_stops(actor=actor, truck=truck, stops=ordered)


@verb
def remove_stop(*, actor: Actor, truck: Truck, dealer: Dealer) -> list[TruckStop]:
    stops = [(stop.dealer, stop.passes_on) for stop in truck.stops.select_related("dealer")]
    kept = [each for each in stops if each[0].pk != dealer.pk]
    return set_stops(actor=actor, truck=truck, stops=kept)


@verb
def cancel_truck(*, actor: Actor, truck: Truck) -> Truck:
    """The truck does not run; nothing may have been loaded."""
    truck = locked(truck)
    loaded = ReturnShipment.objects.filter(truck=truck).exclude(state=ShipmentState.CANCELLED)
    if loaded.exists():
        raise errors.TruckUsed
    truck.is_cancelled = True
    truck.save(update_fields=["is_cancelled"])
    audit.record(actor, "truck.cancelled", truck)
    return truck


def _tell_stops(truck: Truck, stops: Iterable[TruckStop]) -> None:
    """Only dealers that have something to give along hear of the truck."""
    told = list(stops)
    owing = set(
        OldPartReturn.objects.filter(
            dealer_id__in=[stop.dealer_id for stop in told], state__in=OWED
        ).values_list("dealer_id", flat=True)
    )
    for stop in told:
        if stop.dealer_id in owing:
            telling.tell(
                telling.owners(stop.dealer_id),
                "truck.passes",
                {"number": truck.number, "plate": truck.plate, "passes_on": stop.passes_on},
                f"truck.passes:{truck.pk}:{stop.dealer_id}:{stop.passes_on}",
            )
