"""One review of one version, written once: who decided what of each line, with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.utils import timezone

from core.actor import Actor
from warranty.models import Adjudication, Claim, ClaimVersion, CutReason, LineDecision
from warranty.rules.decisions import Decision


def newest_version(claim: Claim) -> ClaimVersion:
    """The filing that is judged."""
    return ClaimVersion.objects.get(claim=claim, number=claim.version_count)


def reasons_by_code() -> dict[str, CutReason]:
    """The reasons that a cut may have now."""
    return {reason.code: reason for reason in CutReason.objects.filter(is_active=True)}


def adjudicate(
    actor: Actor,
    claim: Claim,
    version: ClaimVersion,
    *,
    kind: str,
    level: int,
    decisions: Iterable[Decision],
    reasons: Mapping[str, CutReason],
    words: str = "",
) -> Adjudication:
    """Append a review with its decisions; the caller has checked and locked the claim."""
    ordered = sorted(decisions, key=lambda decision: decision.line_id)
    now = timezone.now()
    row = Adjudication.objects.create(
        claim=claim,
        version=version,
        number=Adjudication.objects.filter(claim=claim).count() + 1,
        kind=kind,
        level=level,
        at=now,
        by_id=actor.user_id,
        by_label=actor.label,
        words=words.strip(),
        digest=digest_of(version, kind, level, ordered, words),
    )
    LineDecision.objects.bulk_create(
        LineDecision(
            adjudication=row,
            line_id=decision.line_id,
            outcome=decision.outcome,
            approved_cents=decision.approved_cents,
            reason=reasons[decision.reason_code] if decision.reason_code else None,
            words=decision.words.strip(),
        )
        for decision in ordered
    )
    return row


def digest_of(
    version: ClaimVersion, kind: str, level: int, decisions: Iterable[Decision], words: str
) -> str:
    """SHA-256 of what was decided, on top of the digest of what was filed."""
    body = {
        "version": version.digest,
        "kind": str(kind),
        "level": level,
        "words": words.strip(),
        "lines": [
            [
                decision.line_id,
                str(decision.outcome),
                decision.approved_cents,
                decision.reason_code,
                decision.words.strip(),
            ]
            for decision in decisions
        ],
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
