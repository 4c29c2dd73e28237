"""The entry fields of a page about a claim: decisions of lines, and words of an appeal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warranty.forms.decisions import DecisionSheet
from warranty.models import CheckRule, Claim, ClaimLine, CutReason
from warranty.queries.claim_pages import ShownLine
from warranty.queries.claims import Said
from warranty.queries.decisions import appealed_lines, decisions_in_force
from warranty.states.claims import ClaimState


def sheet_for(
    claim: Claim,
    lines: Sequence[ClaimLine],
    findings: Sequence[Said],
    data: Mapping[str, str] | None = None,
) -> DecisionSheet:
    """The lines to be decided now: all of them, or those of the appeal."""
    before = decisions_in_force(claim)
    if claim.state == ClaimState.APPEALED:
        asked = appealed_lines(claim).keys()
        open_lines = [
            line
            for line in lines
            if line.pk in asked and before[line.pk].approved_cents < line.claimed_cents
        ]
    else:
        open_lines = list(lines)
    reasons = list(CutReason.objects.filter(is_active=True).order_by("code"))
    return DecisionSheet(
        open_lines, reasons, data=data, before=before, proposed_reason=_reasons(lines, findings)
    )


def _reasons(lines: Sequence[ClaimLine], findings: Sequence[Said]) -> dict[int, str]:
    """The reason that the first finding about each line has in the check table."""
    codes = {finding.code for finding in findings if finding.line is not None}
    if not codes:
        return {}
    rules = CheckRule.objects.filter(code__in=codes, reason__isnull=False).order_by("from_on")
    by_code = dict(rules.values_list("code", "reason__code"))
    places = {line.position: line.pk for line in lines}
    found: dict[int, str] = {}
    for finding in findings:
        if finding.line in places and finding.code in by_code:
            found.setdefault(places[finding.line], by_code[finding.code])
    return found


@dataclass(frozen=True, slots=True)
class AppealEntry:
    """A cut line that may be appealed, with what was typed."""

    shown: ShownLine
    words: str
    is_chosen: bool

    @property
    def name(self) -> str:
        return f"appeal-{self.shown.line.pk}"


def appeal_lines(
    lines: Sequence[ShownLine], data: Mapping[int, str] | None = None
) -> list[AppealEntry]:
    """The lines that are open to appeal, each with its field."""
    typed = data or {}
    return [
        AppealEntry(each, typed.get(each.line.pk, ""), each.line.pk in typed)
        for each in lines
        if each.is_open
    ]
