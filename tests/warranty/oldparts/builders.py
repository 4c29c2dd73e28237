"""Signed reports, filed claims and their old parts as rows; stories go through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from dealers.models import Dealer
from parts import services as parts
from parts.models import Part, Store, StoreKind
from tests.cast import Cast
from warranty.models import (
    Adjudication,
    Claim,
    ClaimLine,
    ClaimVersion,
    Evidence,
    LineDecision,
    OldPartReturn,
    ReturnShipment,
    ReturnWindow,
    WorkReport,
    WorkReportPart,
)
from warranty.services import oldparts
from warranty.services.oldparts.photos import SUBJECT

_serial = count(1)


def a_photo(shade: int = 0) -> SimpleUploadedFile:
    """A real picture; each shade is another one."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (next(_serial) % 256, shade % 256, 60)).save(out, "PNG")
    return SimpleUploadedFile("photo.png", out.getvalue(), "image/png")


def a_part(cast: Cast, number: str = "", **facts: Any) -> Part:
    return parts.create_part(
        actor=cast.system(),
        number=number or f"XJ-{next(_serial):05d}{cast.mark}",
        name=f"轴承座 {cast.mark}".strip(),
        **({"return_duty": "return_to_factory"} | facts),
    )


def a_report(
    cast: Cast, rows: list[tuple[Part, str]], dealer: Dealer | None, machine: Any = None
) -> WorkReport:
    """A signed report with the parts that were changed."""
    report = WorkReport.objects.create(
        number=f"WR-20261101-{next(_serial):05d}",
        client_key=uuid4(),
        dealer=dealer,
        machine=machine or cast.machine,
        technician_name=f"赵师傅 {cast.mark}".strip(),
        finished_at=timezone.now(),
    )
    for position, (part, quantity) in enumerate(rows, start=1):
        WorkReportPart.objects.create(
            report=report,
            position=position,
            part=part,
            quantity=Decimal(quantity),
            old_batch=f"B{cast.mark}"[:40],
            is_causal=position == 1,
        )
    WorkReport.objects.filter(pk=report.pk).update(
        state="signed", signed_at=timezone.now(), digest="0" * 64, signer_name="张丰收"
    )
    report.refresh_from_db()
    return report


def a_claim(
    cast: Cast,
    rows: list[tuple[Part, str]] | None = None,
    *,
    dealer: Dealer | None = None,
    by_own_people: bool = False,
    machine: Any = None,
    state: str = "review",
    cents: int = 30_000,
) -> Claim:
    """A claim as filed, one part line per row; `by_own_people`: of the company itself."""
    rows = rows or [(a_part(cast), "1")]
    by = None if by_own_people else dealer or cast.dealer
    report = a_report(cast, rows, by, machine)
    claim = Claim.objects.create(
        number=f"CL-20261101-{next(_serial):05d}",
        state=state,
        dealer=by,
        payee=by,
        machine=report.machine,
        report=report,
        repaired_on=timezone.localdate(),
        file_by=timezone.localdate(),
        version_count=1,
        claimed_cents=cents * len(rows),
        computed_cents=cents * len(rows),
    )
    version = ClaimVersion.objects.create(
        claim=claim, number=1, body={}, digest="0" * 64, filed_at=timezone.now()
    )
    for row in report.parts.order_by("position"):
        ClaimLine.objects.create(
            version=version,
            position=row.position,
            kind="part",
            part=row.part,
            report_part=row,
            quantity=row.quantity,
            unit_cents=cents,
            claimed_cents=cents,
            computed_cents=cents,
        )
    return claim


def decide(cast: Cast, claim: Claim, approved: int | None = None, state: str = "finance") -> None:
    """A review that approves every line, or so many cents of each."""
    last = claim.adjudications.count()
    review = Adjudication.objects.create(
        claim=claim,
        version=claim.versions.get(number=claim.version_count),
        number=last + 1,
        kind="review",
        at=timezone.now(),
        digest="0" * 64,
    )
    from tests.warranty.settlements.builders import a_reason

    for line in ClaimLine.objects.filter(version=review.version):
        cents = line.claimed_cents if approved is None else approved
        is_full = cents == line.claimed_cents
        LineDecision.objects.create(
            adjudication=review,
            line=line,
            outcome="approve" if is_full else "reduce" if cents else "reject",
            approved_cents=cents,
            reason=None if is_full else a_reason(),
            words="" if is_full else "核减",
        )
    # The table of claims is another test's: here only the state counts.
    walk = {"decided": ["decided"], "finance": ["decided", "finance"]}[state]
    for step in walk:
        Claim.objects.filter(pk=claim.pk).update(state=step)
    claim.refresh_from_db()


def a_piece(cast: Cast, **facts: Any) -> OldPartReturn:
    """One piece, expected, of a claim of its own; `part` facts by name with `part_`."""
    of_part = {name[5:]: facts.pop(name) for name in list(facts) if name.startswith("part_")}
    claim = a_claim(cast, [(a_part(cast, **of_part), "1")], **facts)
    return oldparts.make_pieces(actor=cast.system(), claim=claim)[0]


def photographed(cast: Cast, piece: OldPartReturn) -> Evidence:
    oldparts.attach_photo(actor=cast.system(), piece=piece, upload=a_photo())
    return Evidence.objects.filter(subject=SUBJECT, subject_id=piece.pk).latest("pk")


def put(piece: OldPartReturn, state: str, **facts: Any) -> OldPartReturn:
    """The piece as a row in a state, past the table: a fresh row is made of it."""
    kept = {
        field.attname: getattr(piece, field.attname)
        for field in piece._meta.concrete_fields
        if field.name != "id" and field.name not in facts
    }
    OldPartReturn.objects.filter(pk=piece.pk).delete()
    return OldPartReturn.objects.create(**(kept | {"state": state} | facts))


def open_window(cast: Cast) -> ReturnWindow:
    """A window that is open today."""
    today = timezone.localdate()
    window, _is_new = ReturnWindow.objects.get_or_create(
        closes_on=today + timedelta(days=5),
        defaults={"name": f"旧件返厂期 {cast.mark}", "opens_on": today},
    )
    return window


def tagged(cast: Cast, piece: OldPartReturn, who: str = "dealer_clerk") -> OldPartReturn:
    photographed(cast, piece)
    return oldparts.tag_pieces(actor=cast.actor(who), pieces=[piece])[0]


def boxed(cast: Cast, pieces: list[OldPartReturn], who: str = "dealer_clerk") -> ReturnShipment:
    """Tagged, boxed, the box closed."""
    actor = cast.actor(who)
    shipment = oldparts.start_shipment(actor=actor, dealer=pieces[0].dealer)
    box = shipment.boxes.get()
    for piece in pieces:
        tagged(cast, piece, who)
        oldparts.box_piece(actor=actor, piece=piece, box=box)
    oldparts.close_box(actor=actor, box=box)
    return shipment


def shipped(cast: Cast, pieces: list[OldPartReturn], who: str = "dealer_clerk") -> ReturnShipment:
    shipment = boxed(cast, pieces, who)
    return oldparts.ship(actor=cast.actor(who), shipment=shipment, window=open_window(cast))


def received(cast: Cast, piece: OldPartReturn) -> OldPartReturn:
    shipped(cast, [piece])
    piece.refresh_from_db()
    return oldparts.receive_piece(actor=cast.actor("keeper"), piece=piece)


def appraised(cast: Cast, piece: OldPartReturn, **facts: Any) -> OldPartReturn:
    row = received(cast, piece)
    judgement: dict[str, Any] = {
        "finding": "accepted",
        "is_covered": True,
        "cause_class": "material",
        "liable": "producer",
    }
    oldparts.appraise(actor=cast.actor("engineer"), piece=row, **(judgement | facts))
    row.refresh_from_db()
    return row


REFUSED: dict[str, Any] = {
    "finding": "no_fault",
    "is_covered": False,
    "cause_class": "unknown",
    "liable": "dealer",
    "words": "试验台上未发现故障",
}


def a_store(cast: Cast, kind: str = StoreKind.SCRAP) -> Store:
    code = f"{kind.upper()}{cast.mark}"[:20]
    found = Store.objects.filter(code=code).first()
    return found or parts.create_store(
        actor=cast.system(), code=code, name=f"{kind} {cast.mark}".strip(), kind=kind
    )
