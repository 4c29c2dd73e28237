"""Reads of old parts: lists, chances to travel, what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models import AuditEvent
from core.options import option
from core.phones import half_width
from core.tenancy import whole_tenant
from parts.rules import fold
from sla.calendars import work_calendar
from sla.models import Calendar
from warranty.access import oldparts as access
from warranty.models import (
    Appraisal,
    Box,
    Disposition,
    Evidence,
    OldPartReturn,
    ReturnShipment,
    ReturnWindow,
    Truck,
    TruckStop,
)
from warranty.rules.oldparts import Chance, TruckDay, WindowDays, next_chance, read_tag
from warranty.services.oldparts.photos import SUBJECT
from warranty.states.oldparts import OWED, OldPartState, ShipmentState
from warranty.states.reports import EvidenceKind
from warranty.worklists import Work

S = OldPartState
DISPOSED = (S.REUSABLE, S.SCRAP, S.TO_SUPPLIER, S.BACK_TO_DEALER)
# Days; no holiday is longer than that.
LONGEST_WALK = 60
SATURDAY = 5


def piece_list(actor: Actor) -> QuerySet[OldPartReturn]:
    """Pieces with what lists show of them, and whether anybody photographed them."""
    seen = Evidence.objects.filter(
        Q(subject=SUBJECT, subject_id=OuterRef("pk"))
        | Q(subject="", report_id=OuterRef("report_part__report_id"), kind=EvidenceKind.OLD_PART)
    )
    return (
        access.visible(actor)
        .select_related(*access.LINKS)
        .annotate(
            has_photo=Exists(seen),
            shipment_number=Subquery(
                Box.objects.filter(pk=OuterRef("box_id")).values("shipment__number")[:1]
            ),
        )
    )


def matching(pieces: QuerySet[OldPartReturn], typed: str) -> QuerySet[OldPartReturn]:
    """By tag, claim, report, part number or name, serial of the machine or of the piece."""
    text = half_width(typed)
    if tag := read_tag(text):
        return pieces.filter(number=tag)
    words = Q(part__number__contains=fold(text)) | Q(part__name__icontains=text)
    words |= Q(number__icontains=text) | Q(claim__number__iexact=text)
    words |= Q(machine__serial_number__icontains=fold(text)) | Q(
        report_part__report__number__iexact=text
    )
    return pieces.filter(words | Q(serial_number__icontains=fold(text)))


def late(today: date | None = None) -> Q:
    """Pieces that their dealer still owes after their day."""
    return Q(state__in=OWED, due_on__lt=today or timezone.localdate()) | Q(state=S.OVERDUE)


def to_appraise(actor: Actor) -> QuerySet[OldPartReturn]:
    """What this person may appraise: received, by somebody else."""
    rows = access.visible(actor).filter(state=S.RECEIVED)
    return rows.exclude(received_by_id=actor.user_id) if actor.user_id else rows


def to_move(actor: Actor) -> QuerySet[OldPartReturn]:
    """What the keeper may carry to its last place: judged by somebody else."""
    rows = access.visible(actor).filter(state__in=DISPOSED)
    return rows.exclude(appraised_by_id=actor.user_id) if actor.user_id else rows


def appraise_before() -> datetime:
    """What was received before this instant waits too long: ten working days by default (R-150)."""
    default = Calendar.objects.filter(is_default=True).first()
    calendar = work_calendar(default) if default else None
    day, left = timezone.localdate(), int(option("old_part.appraise_days"))
    for _step in range(LONGEST_WALK + 3 * left):
        if left <= 0:
            break
        day -= timedelta(days=1)
        # Without a calendar Monday to Friday are working days.
        left -= bool(calendar.windows_on(day)) if calendar else day.weekday() < SATURDAY
    return timezone.make_aware(datetime.combine(day, time.min))


def waiting_too_long(actor: Actor) -> QuerySet[OldPartReturn]:
    rows = access.visible(actor)
    return rows.filter(state=S.RECEIVED, received_at__lt=appraise_before())


def windows_ahead() -> list[ReturnWindow]:
    """Windows that are open or to come, the next first."""
    return list(
        ReturnWindow.objects.filter(closes_on__gte=timezone.localdate()).order_by("opens_on")
    )


def chances(pieces: Iterable[OldPartReturn]) -> dict[int, Chance]:
    """The next chance to travel of each piece that is still to be sent; two queries."""
    owed = [piece for piece in pieces if piece.state in OWED]
    if not owed:
        return {}
    by_dealer = chances_of({piece.dealer_id for piece in owed})
    return {piece.pk: by_dealer[piece.dealer_id] for piece in owed}


def chances_of(dealer_ids: set[int | None]) -> dict[int | None, Chance]:
    """The next chance of each dealer: an open window, else its next truck or the next window."""
    today = timezone.localdate()
    windows = [WindowDays(w.name, w.opens_on, w.closes_on) for w in windows_ahead()]
    trucks: dict[int | None, list[TruckDay]] = defaultdict(list)
    stops = TruckStop.objects.filter(
        dealer_id__in=[each for each in dealer_ids if each is not None],
        passes_on__gte=today,
        truck__is_cancelled=False,
    )
    for stop in stops.select_related("truck"):
        trucks[stop.dealer_id].append(TruckDay(stop.truck.number, stop.truck.plate, stop.passes_on))
    return {each: next_chance(today, windows, trucks[each]) for each in dealer_ids}


def photos_of(piece: OldPartReturn) -> list[Evidence]:
    """Of the piece itself, then what the report shows of old parts."""
    rows = Evidence.objects.filter(
        Q(subject=SUBJECT, subject_id=piece.pk)
        | Q(subject="", report_id=piece.report_part.report_id, kind=EvidenceKind.OLD_PART)
    )
    return list(rows.order_by("-subject", "pk"))


def appraisals_of(piece: OldPartReturn) -> list[Appraisal]:
    """The newest first; only that one is in force."""
    return list(Appraisal.objects.filter(old_part=piece).order_by("-number"))


def disposition_of(piece: OldPartReturn) -> Disposition | None:
    return Disposition.objects.filter(old_part=piece).first()


def events_of(noun: str, pk: int, at_most: int = 60) -> list[AuditEvent]:
    """What was done to a piece, a shipment or a truck, the newest first."""
    with whole_tenant():
        rows = AuditEvent.objects.filter(noun=noun, object_id=pk).order_by("-pk")
        return list(rows[:at_most])


def shipment_list(actor: Actor) -> QuerySet[ReturnShipment]:
    return (
        access.visible_shipments(actor)
        .select_related("dealer", "window", "truck")
        .annotate(
            box_count=Count("boxes", distinct=True),
            piece_count=Count("boxes__pieces", distinct=True),
        )
    )


@dataclass
class PackedBox:
    """A box with its pieces, for the page and the paper."""

    box: Box
    pieces: list[OldPartReturn]

    @property
    def open_count(self) -> int:
        """Pieces that are neither received nor noted as missing yet."""
        return sum(piece.state == S.SHIPPED for piece in self.pieces)


def boxes_of(actor: Actor, shipment: ReturnShipment) -> list[PackedBox]:
    packed: dict[int | None, list[OldPartReturn]] = defaultdict(list)
    pieces = access.visible(actor).filter(box__shipment=shipment).select_related(*access.LINKS)
    for piece in pieces.order_by("number"):
        packed[piece.box_id].append(piece)
    return [PackedBox(box, packed[box.pk]) for box in shipment.boxes.order_by("number")]


def to_pack(actor: Actor, shipment: ReturnShipment, at_most: int = 100) -> list[OldPartReturn]:
    """Tagged pieces of the shipment's dealer that lie in no box."""
    rows = access.visible(actor).filter(dealer=shipment.dealer, state=S.TAGGED)
    return list(rows.select_related("part").order_by("due_on", "number")[:at_most])


def trucks_for(shipment: ReturnShipment) -> QuerySet[Truck]:
    """Runs that may take a shipment along; of the company's own people all of these days."""
    since = timezone.localdate() - timedelta(days=7)
    trucks = Truck.objects.filter(is_cancelled=False)
    if shipment.dealer_id is None:
        return trucks.filter(leaves_on__gte=since).order_by("leaves_on")
    return trucks.filter(stops__dealer_id=shipment.dealer_id, stops__passes_on__gte=since).order_by(
        "stops__passes_on"
    )


def open_windows() -> QuerySet[ReturnWindow]:
    today = timezone.localdate()
    return ReturnWindow.objects.filter(opens_on__lte=today, closes_on__gte=today)


def truck_list(actor: Actor) -> QuerySet[Truck]:
    return access.visible_trucks(actor).annotate(stop_count=Count("stops", distinct=True))


@dataclass
class PickStop:
    """A dealer on the driver's way: what is ready there, box by box."""

    stop: TruckStop
    shipments: list[ReturnShipment]
    loose: int

    @property
    def box_count(self) -> int:
        return sum(vars(each)["box_count"] for each in self.shipments)


def pick_list(actor: Actor, truck: Truck) -> list[PickStop]:
    """What the driver finds at each stop: boxes named for this truck or still being packed."""
    stops = list(truck.stops.select_related("dealer").order_by("position"))
    dealers = [stop.dealer_id for stop in stops]
    by_dealer: dict[int | None, list[ReturnShipment]] = defaultdict(list)
    ready = shipment_list(actor).filter(
        Q(truck=truck) | Q(state=ShipmentState.PACKING), dealer_id__in=dealers
    )
    for shipment in ready.order_by("pk"):
        by_dealer[shipment.dealer_id].append(shipment)
    loose = dict(
        access.visible(actor)
        .filter(dealer_id__in=dealers, state__in=[S.EXPECTED, S.TAGGED, S.OVERDUE])
        .values_list("dealer_id")
        .annotate(count=Count("pk"))
    )
    return [
        PickStop(stop, by_dealer[stop.dealer_id], loose.get(stop.dealer_id, 0)) for stop in stops
    ]


def work(actor: Actor) -> list[Work]:
    """What waits for the actor: to send, to receive, to appraise, to move."""
    if not actor.may("old_part.view"):
        return []
    pieces, list_url = access.visible(actor), reverse("warranty:old-parts")
    lines = []
    if actor.may("old_part.ship"):
        mine = pieces if actor.is_dealer else pieces.filter(dealer=None)
        lines += [
            Work(
                _("Old parts overdue"),
                f"{list_url}?show=late",
                mine.filter(late()).count(),
                is_late=True,
            ),
            Work(
                _("Old parts to send"),
                f"{list_url}?show=to_send",
                mine.filter(state__in=OWED).count(),
            ),
        ]
    if actor.may("old_part.receive"):
        coming = access.visible_shipments(actor).filter(state=ShipmentState.SHIPPED)
        lines.append(
            Work(
                _("Shipments to receive"),
                reverse("warranty:shipments") + "?state=shipped",
                coming.count(),
            )
        )
    if actor.may("old_part.move"):
        moving = to_move(actor).count()
        lines.append(Work(_("Old parts to move"), f"{list_url}?show=to_move", moving))
    if actor.may("old_part.appraise"):
        lines += [
            Work(
                _("Old parts to appraise"),
                f"{list_url}?show=to_appraise",
                to_appraise(actor).count(),
            ),
            Work(
                _("Old parts waiting too long for appraisal"),
                f"{list_url}?show=waiting",
                waiting_too_long(actor).count(),
                is_late=True,
            ),
        ]
    if actor.may("old_part.supervise"):
        lines.append(
            Work(
                _("Overdue old parts to chase"),
                f"{list_url}?show=late",
                pieces.filter(late()).count(),
                is_late=True,
            )
        )
    return lines
