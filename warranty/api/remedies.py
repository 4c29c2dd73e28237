"""The remedies engine over REST: one case in, two answers out; nothing is stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from warranty.api.remedy_bodies import EXAMPLES, RemedyAnswer, RemedyCaseBody
from warranty.remedies import assess, assess_claim
from warranty.remedies.compare import Difference, differences
from warranty.remedies.dealer import Verdict
from warranty.remedies.fields import Flaw, shown
from warranty.remedies.reading import Expected, Told, Unreadable, read_case
from warranty.remedies.values import Entitlement, Reason
from warranty.remedies_words import claim_sentence, flaw_said, sentence


class RemedyViewSet(TenantViewSet):
    """What a user may demand under the three guarantees, and whether the dealer is paid."""

    permissions: ClassVar[dict[str, str]] = {"assess": "remedy.assess"}
    serializer_class = RemedyAnswer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        tags=["remedies"],
        operation_id="remedies_assess",
        request=RemedyCaseBody,
        responses=RemedyAnswer,
        examples=EXAMPLES,
    )
    def assess(self, request: Request) -> Response:
        """Assess one case. Reads nothing of the company and stores nothing."""
        try:
            told = read_case(request.data)
        except Unreadable as error:
            raise exceptions.ValidationError(nested(error.flaws)) from error
        return Response(_answer(told))


def nested(flaws: list[Flaw]) -> dict[str, Any]:
    """Flaws by field, those of lists as lists of objects, in the shape of every other body."""
    tree: dict[Any, Any] = {}
    for flaw in flaws:
        path = flaw.path or ("non_field_errors",)
        place = tree
        for part in path[:-1]:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else place
        last = place.setdefault(path[-1], [])
        if isinstance(last, list):
            last.append(flaw_said(flaw))
    return {str(key): value for key, value in _listed(tree).items()}


def _listed(tree: dict[Any, Any]) -> Any:
    if tree and all(isinstance(key, int) for key in tree):
        return [_plain(tree.get(n, {})) for n in range(max(tree) + 1)]
    # A name that the client made up may hold anything.
    return {shown(key): _plain(value) for key, value in tree.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return _listed(value)
    return value


def _answer(told: Told) -> dict[str, Any]:
    entitlement = assess(told.case)
    verdict = assess_claim(told.case, entitlement, told.claim) if told.claim else None
    found = differences(told.expected, entitlement)
    return {
        "id": told.case.id,
        "entitlement": _entitlement(entitlement),
        "claim": _verdict(verdict) if verdict else None,
        "agrees": None if told.expected == Expected() else not found,
        "differences": [_difference(each) for each in found],
    }


def _entitlement(answer: Entitlement) -> dict[str, Any]:
    payer = answer.payer
    return {
        "options": sorted(answer.options),
        "payer": {
            "liable_to_user": payer.liable_to_user,
            "recourse_against": payer.recourse_against,
            "user_pays": payer.user_pays,
            "return_freight": payer.return_freight,
        },
        "dates": {key: _day(value) for key, value in answer.dates.items()},
        # Numbers, as in the schema of the examples; two places fit a float exactly enough.
        "amounts": {key: float(value) for key, value in answer.amounts.items()},
        "articles": list(answer.articles),
        "reasons": [_reason(each) for each in answer.reasons],
        "warnings": [_reason(each) for each in answer.warnings],
        "provisional": sorted(answer.provisional),
        "is_certain": answer.is_certain,
        "trace": [
            {"row": each.row, "problem": each.problem, "outcome": each.outcome}
            for each in answer.trace
        ],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "law": reason.law,
        "articles": list(reason.articles),
        "text": sentence(reason),
        "problem": reason.problem,
        "options": sorted(reason.options),
        "holds": reason.holds,
        "is_certain": reason.is_certain,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.name.lower(),
        "is_payable": verdict.is_payable,
        "pays_parts": verdict.pays_parts,
        "findings": [
            {
                "code": each.code,
                "outcome": each.outcome.name.lower(),
                "pays_parts": each.pays_parts,
                "is_breach": each.is_breach,
                "text": claim_sentence(each),
            }
            for each in verdict.findings
        ],
    }


def _difference(difference: Difference) -> dict[str, str]:
    return {
        "key": shown(difference.key),
        "expected": _said(difference.expected),
        "found": _said(difference.found),
    }


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return "" if value is None else shown(_day(value))


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
