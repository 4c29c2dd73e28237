"""What was fitted under the guarantee has a cover of its own (R-068, warranty-claims §3)."""

from __future__ import annotations

from typing import Any

from core.actor import Actor
from core.tenancy import verb
from machines.models import Coverage
from machines.services import open_component_coverage
from parts.models import Layer
from warranty.models import Claim, LineDecision
from warranty.queries.settlements import in_force
from warranty.states.claims import LineKind

SOURCE = "claim_line"


@verb
def cover_fitted_parts(*, actor: Actor, claim: Claim, **facts: Any) -> list[Coverage]:
    """Open the cover of each main component that a confirmed claim put in, from that day on.

    A part that was refused gets none; the same claim again opens nothing twice.
    """
    approved = in_force(LineDecision.objects.filter(line__version__claim=claim)).filter(
        approved_cents__gt=0,
        line__kind=LineKind.PART,
        line__part__layer=Layer.MAIN,
        line__report_part__isnull=False,
    )
    return [
        open_component_coverage(
            actor=Actor.system(actor.tenant_id),
            machine=claim.machine,
            layer=Layer.MAIN,
            component=decision.line.part.component or decision.line.part.name,
            serial_number=decision.line.report_part.new_serial,
            starts_on=claim.repaired_on,
            source_kind=SOURCE,
            source_id=decision.line_id,
        )
        for decision in approved.select_related("line__part", "line__report_part")
        if decision.line.part is not None and decision.line.report_part is not None
    ]
