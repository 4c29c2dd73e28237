"""Tags for the pieces of a claim, and what the money of a claim waits for."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.numbering import next_numbers
from core.options import option
from core.states import locked
from core.tenancy import verb
from parts.models import Gate
from warranty.models import (
    Adjustment,
    Appraisal,
    Claim,
    ClaimLine,
    LineDecision,
    OldPartReturn,
    ReturnWindow,
    WorkReportPart,
)
from warranty.rules.oldparts import due_day, gate_of, lots
from warranty.services.moving import take
from warranty.states.oldparts import (
    EXCUSED,
    JUDGED,
    OLD_PART_ACTIONS,
    OWED,
    OldPartState,
)
from warranty.states.settlements import AdjustmentKind


@verb
def make_pieces(*, actor: Actor, claim: Claim) -> list[OldPartReturn]:
    """One record and tag per piece of each part that the newest version claims.

    Idempotent; a piece whose line is claimed no more is called off. Returns the live pieces.
    """
    # One at a time for each claim, so that doubled filings make no piece twice.
    claim = locked(claim)
    rows = WorkReportPart.objects.filter(
        pk__in=ClaimLine.objects.filter(
            version__claim=claim, version__number=claim.version_count
        ).values("report_part")
    )
    live = {
        (piece.report_part_id, piece.piece): piece
        for piece in claim.old_parts.exclude(state=OldPartState.CANCELLED)
    }
    wanted = [
        (row, place)
        for row in rows.select_related("part").order_by("position")
        for place, _quantity in enumerate(lots(row.quantity, row.part.unit), start=1)
    ]
    called_off = set(live) - {(row.pk, place) for row, place in wanted}
    for key in sorted(called_off):
        _cancel(actor, live[key])
    missing = [(row, place) for row, place in wanted if (row.pk, place) not in live]
    if missing:
        _make(actor, claim, missing)
    return list(claim.old_parts.exclude(state=OldPartState.CANCELLED).order_by("pk"))


def _make(actor: Actor, claim: Claim, missing: list[tuple[WorkReportPart, int]]) -> None:
    today = timezone.localdate()
    closes = ReturnWindow.objects.filter(closes_on__gte=today).values_list("closes_on", flat=True)
    due_on = due_day(
        today,
        closes,
        lead_days=option("old_part.lead_days"),
        days=option("old_part.days"),
    )
    level_gate = claim.dealer.level.old_part_gate if claim.dealer else ""
    numbers = next_numbers("OP", today, len(missing))
    for number, (row, place) in zip(numbers, missing, strict=True):
        piece = OldPartReturn.objects.create(
            number=number,
            claim=claim,
            report_part=row,
            piece=place,
            dealer_id=claim.dealer_id,
            machine_id=claim.machine_id,
            part=row.part,
            serial_number=row.old_serial,
            batch=row.old_batch,
            is_causal=row.is_causal,
            duty=row.part.return_duty,
            gate=gate_of(row.part.gate, level_gate),
            due_on=due_on,
        )
        audit.record(
            actor, "old_part.expected", piece, claim=claim.number, part=row.part.number, due=due_on
        )


@verb
def cancel_pieces(*, actor: Actor, claim: Claim) -> int:
    """Call off the pieces of a claim that is void; what has arrived stays as it is."""
    open_states = OLD_PART_ACTIONS["cancel"].before
    pieces = list(claim.old_parts.filter(state__in=open_states).order_by("pk"))
    for piece in pieces:
        _cancel(actor, piece)
    return len(pieces)


def _cancel(actor: Actor, piece: OldPartReturn) -> None:
    # The claim's owner acts on the claim; that its pieces follow is the system's doing.
    if piece.state not in OLD_PART_ACTIONS["cancel"].before:
        return
    system = Actor.system(actor.tenant_id)
    row = take(system, piece, OLD_PART_ACTIONS, "cancel")
    row.box = None
    row.save(update_fields=["state", "box", "changed_at"])
    audit.record(actor, "old_part.cancelled", row)


def quantity_of(piece: OldPartReturn) -> Decimal:
    """How much travels under one tag: one piece, or the whole lot of its row."""
    row = piece.report_part
    return lots(row.quantity, piece.part.unit)[piece.piece - 1]


def pieces_of_row(piece: OldPartReturn) -> int:
    """Under how many tags the row of the report travels."""
    return len(lots(piece.report_part.quantity, piece.part.unit))


def approved_by_row(claim: Claim) -> dict[int, int]:
    """The cents approved in the decision in force, by row of the report; undecided ones lack."""
    found = (
        LineDecision.objects.filter(adjudication__claim=claim, line__report_part__isnull=False)
        .order_by("adjudication__number", "pk")
        .values_list("line__report_part_id", "approved_cents")
    )
    # The newest review comes last and stands.
    return {row: cents for row, cents in found if row is not None}


def gate_met(claim: Claim) -> bool:
    """Whether all money of a claim that waits for old parts may go on (R-149).

    A piece no longer stands in the way when it was approved or excused, when its refusal is
    charged to the dealer, or when nothing was approved for its line.
    """
    gated = list(claim.old_parts.filter(gate=Gate.BEFORE_PAYABLE).exclude(state__in=EXCUSED))
    if not gated:
        return True
    approved = approved_by_row(claim)
    open_pieces = [piece for piece in gated if approved.get(piece.report_part_id) != 0]
    if any(piece.state not in JUDGED for piece in open_pieces):
        return False
    refused = refused_among(open_pieces)
    if claim.dealer_id is None:
        # Nobody is charged: the cost of the company's own people is booked.
        return True
    return refused <= charged_among(refused)


def refused_among(pieces: list[OldPartReturn]) -> set[int]:
    """Those whose appraisal in force does not cover them."""
    newest: dict[int, bool] = {}
    found = Appraisal.objects.filter(old_part__in=pieces).order_by("number")
    for piece_id, is_covered in found.values_list("old_part_id", "is_covered"):
        newest[piece_id] = is_covered
    return {piece_id for piece_id, is_covered in newest.items() if not is_covered}


def charged_among(pieces: set[int]) -> set[int]:
    """Those with a deduction; one that was dropped was decided in the dealer's favour."""
    return set(
        Adjustment.objects.filter(
            old_part_id__in=pieces, kind=AdjustmentKind.DEDUCTION
        ).values_list("old_part_id", flat=True)
    )


def overdue_dealer(dealer_id: int) -> bool:
    """Whether a dealer still owes old parts after their day; new claims wait for them (K13)."""
    today = timezone.localdate()
    late = Q(state=OldPartState.OVERDUE) | Q(state__in=OWED, due_on__lt=today)
    return OldPartReturn.objects.filter(late, dealer_id=dealer_id).exists()
