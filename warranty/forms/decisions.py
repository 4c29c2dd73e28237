"""What a reviewer types behind the lines, kept as typed until it can stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import BadAmount, TooFine, TooLarge, parse_amount, yuan
from warranty.models import ClaimLine, CutReason, LineDecision
from warranty.rules.decisions import Decision
from warranty.states.claims import LineOutcome


@dataclass(slots=True)
class LineEntry:
    """The fields of one line: what is chosen and typed, and what is wrong with it."""

    line: ClaimLine
    outcome: str
    approved: str
    reason: str = ""
    words: str = ""
    error: str = ""
    floor_cents: int = 0

    @property
    def prefix(self) -> str:
        return f"line-{self.line.pk}"

    @property
    def claimed(self) -> str:
        return f"{yuan(self.line.claimed_cents):.2f}"

    @property
    def computed(self) -> str:
        return f"{yuan(self.line.computed_cents):.2f}"

    @property
    def is_cut(self) -> bool:
        return self.outcome in (LineOutcome.REDUCE, LineOutcome.REJECT)


class DecisionSheet:
    """The decisions of all lines that are asked, bound to what was sent or proposed by rule."""

    def __init__(
        self,
        lines: Sequence[ClaimLine],
        reasons: Sequence[CutReason],
        *,
        data: Mapping[str, str] | None = None,
        before: Mapping[int, LineDecision] | None = None,
        proposed_reason: Mapping[int, str] | None = None,
    ) -> None:
        self.reasons = reasons
        self.data = data
        self.is_bound = data is not None
        self.words = (data or {}).get("words", "")
        self.words_error = ""
        self.error = ""
        before, proposed = before or {}, proposed_reason or {}
        self.entries = [
            _typed(line, data) if data is not None else _proposed(line, before, proposed)
            for line in lines
        ]
        for entry in self.entries:
            decision = before.get(entry.line.pk)
            entry.floor_cents = decision.approved_cents if decision else 0

    def decisions(self) -> list[Decision]:
        """What was typed as decisions; an amount that is none marks its line."""
        return [decision for entry in self.entries if (decision := _decision(entry)) is not None]

    def mark(self, problems: Mapping[int, Any]) -> None:
        """Put each sentence at its line, as far as none stands there."""
        for entry in self.entries:
            if entry.line.pk in problems and not entry.error:
                entry.error = str(problems[entry.line.pk])

    @property
    def is_sound(self) -> bool:
        return not any(entry.error for entry in self.entries)


def _typed(line: ClaimLine, data: Mapping[str, str]) -> LineEntry:
    def said(name: str) -> str:
        return data.get(f"line-{line.pk}-{name}", "").strip()

    return LineEntry(line, said("outcome"), said("approved"), said("reason"), said("words"))


def _proposed(
    line: ClaimLine, before: Mapping[int, LineDecision], reasons: Mapping[int, str]
) -> LineEntry:
    """What was decided before, else what the rules say: as claimed, or as computed."""
    if (decision := before.get(line.pk)) is not None:
        return LineEntry(
            line,
            decision.outcome,
            f"{yuan(decision.approved_cents):.2f}",
            decision.reason.code if decision.reason else "",
            decision.words,
        )
    if line.computed_cents >= line.claimed_cents:
        return LineEntry(line, LineOutcome.APPROVE, f"{yuan(line.claimed_cents):.2f}")
    outcome = LineOutcome.REDUCE if line.computed_cents else LineOutcome.REJECT
    reason = reasons.get(line.pk, "")
    return LineEntry(line, outcome, f"{yuan(line.computed_cents):.2f}", reason)


def _decision(entry: LineEntry) -> Decision | None:
    """The line's decision; approved and rejected lines need no amount, it follows."""
    line = entry.line
    if entry.outcome == LineOutcome.APPROVE:
        return Decision(line.pk, LineOutcome.APPROVE, line.claimed_cents)
    if entry.outcome == LineOutcome.REJECT:
        return Decision(line.pk, LineOutcome.REJECT, 0, entry.reason, entry.words)
    if entry.outcome != LineOutcome.REDUCE:
        entry.error = _("Approve, reduce or reject this line.")
        return None
    try:
        cents = parse_amount(entry.approved)
    except (BadAmount, TooFine, TooLarge) as error:
        entry.error = str(error)
        return None
    return Decision(line.pk, LineOutcome.REDUCE, cents, entry.reason, entry.words)


class WordsForm(forms.Form):
    """A reason in words."""

    words = forms.CharField(
        label=gettext_lazy("Reason in words"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why in words.")},
    )


class LongWordsForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("What is to be corrected or supplied"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say what is to be corrected.")},
    )


class OptionalWordsForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Note to the next level"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
