"""Settlements and adjustments over REST: the same gates, verbs and sentences as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.money import cents
from dealers.api import named_dealer
from warranty.access import adjustments as adjustment_gate
from warranty.access import settlements as gate
from warranty.api import settlement_bodies as bodies
from warranty.filters_settlements import AdjustmentFilter, SettlementFilter
from warranty.models import Adjustment, Settlement
from warranty.queries import money_work, settlements
from warranty.services import adjustments
from warranty.services import settlements as services

ONE = bodies.SettlementDetailSerializer


def _shown(settlement: Settlement) -> dict[str, Any]:
    lines = settlements.live_lines(settlement)
    vars(settlement)["live_lines"] = list(
        lines.select_related("claim", "adjustment", "carried_from", "behalf")
    )
    vars(settlement)["left_cents"] = settlements.left_of(settlement)
    return dict(ONE(settlement).data)


@extend_schema(tags=["settlements"])
class SettlementViewSet(mixins.ListModelMixin, TenantViewSet):
    """A dealer's periods, from the draft to the closed books."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "settlement.view",
        "retrieve": "settlement.view",
        "create": "settlement.draft",
        "refill": "settlement.draft",
        "take_off": "settlement.draft",
        "discard": "settlement.draft",
        "check": "settlement.check",
        "redraft": "settlement.check",
        "issue": "settlement.check",
        "reissue": "settlement.check",
        "confirm": "settlement.confirm",
        "dispute": "settlement.confirm",
        "paper": "settlement.record_paper",
        "post_entry": "settlement.post",
        "offset": "settlement.offset",
        "credit": "settlement.offset",
        "pay": "settlement.offset",
        "invoice": "settlement.offset",
        "close": "settlement.offset",
        "reverse": "settlement.reverse",
    }
    serializer_class = bodies.SettlementSerializer
    filterset_class = SettlementFilter
    lookup_field = "number"
    queryset = Settlement.objects.none()

    def get_queryset(self) -> Any:
        return money_work.settlement_list(self.actor)

    @extend_schema(responses=ONE)
    def retrieve(self, request: Request, number: str) -> Response:
        return Response(_shown(gate.get_settlement(self.actor, number)))

    @extend_schema(request=bodies.DraftBody, responses={201: ONE})
    def create(self, request: Request) -> Response:
        """Draft what a dealer is owed up to a day."""
        body = bodies.DraftBody(data=request.data)
        body.is_valid(raise_exception=True)

        def draft() -> Response:
            facts = dict(body.validated_data)
            dealer = named_dealer(self.actor, facts.pop("dealer"))
            made = services.draft_settlement(actor=self.actor, dealer=dealer, **facts)
            return Response(_shown(made), status=status.HTTP_201_CREATED)

        return self.once(request, draft)

    def _take(
        self,
        request: Request,
        number: str,
        body_class: type[bodies.Body],
        service: Callable[..., Any],
    ) -> Response:
        settlement = gate.get_settlement(self.actor, number, to=self.permissions[self.action])
        body = body_class(data=request.data)
        body.is_valid(raise_exception=True)
        service(actor=self.actor, settlement=settlement, **body.validated_data)
        return Response(_shown(gate.get_settlement(self.actor, number)))

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def refill(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.refill_settlement)

    @extend_schema(request=bodies.TakeOffBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def take_off(self, request: Request, number: str) -> Response:
        def take_off(*, lines: list[int], **given: Any) -> Any:
            return services.take_off_lines(line_ids=lines, **given)

        return self._take(request, number, bodies.TakeOffBody, take_off)

    @extend_schema(request=bodies.ReasonBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ReasonBody, services.discard_settlement)

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.check_settlement)

    @extend_schema(request=bodies.ReasonBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def redraft(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ReasonBody, services.redraft_settlement)

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.issue_settlement)

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def reissue(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.reissue_settlement)

    @extend_schema(request=bodies.ConfirmBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ConfirmBody, services.confirm_settlement)

    @extend_schema(request=bodies.DisputeBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def dispute(self, request: Request, number: str) -> Response:
        def dispute(*, lines: list[dict[str, Any]], **given: Any) -> Any:
            words = {line["id"]: line["words"] for line in lines}
            return services.dispute_settlement(lines=words, **given)

        return self._take(request, number, bodies.DisputeBody, dispute)

    @extend_schema(request=bodies.PaperBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def paper(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.PaperBody, services.record_paper)

    @extend_schema(request=bodies.PostBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def post_entry(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.PostBody, services.post_settlement)

    @extend_schema(request=bodies.OffsetBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def offset(self, request: Request, number: str) -> Response:
        def offset(*, amounts: list[dict[str, Any]], **given: Any) -> Any:
            used: dict[str, int] = {}
            for row in amounts:
                used[row["item"]] = used.get(row["item"], 0) + cents(row["amount"])
            return services.offset_settlement(amounts=used, **given)

        return self._take(request, number, bodies.OffsetBody, offset)

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def credit(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.credit_parts)

    @extend_schema(request=bodies.PayBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.PayBody, services.pay_settlement)

    @extend_schema(request=bodies.InvoiceBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def invoice(self, request: Request, number: str) -> Response:
        def invoice(*, step: str, **given: Any) -> Any:
            return services.move_invoice(name=step, **given)

        return self._take(request, number, bodies.InvoiceBody, invoice)

    @extend_schema(request=bodies.NothingBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, services.close_settlement)

    @extend_schema(request=bodies.ReverseBody, responses=ONE)
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.ReverseBody, services.reverse_settlement)


@extend_schema(tags=["settlements"])
class AdjustmentViewSet(mixins.ListModelMixin, TenantViewSet):
    """Deductions, additions, rewards and penalties."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "adjustment.view",
        "retrieve": "adjustment.view",
        "create": "adjustment.create",
        "approve": "adjustment.approve",
        "object_to": "adjustment.object",
        "uphold": "adjustment.approve",
        "drop": "adjustment.approve",
        "withdraw": "adjustment.create",
    }
    serializer_class = bodies.AdjustmentSerializer
    filterset_class = AdjustmentFilter
    lookup_field = "number"
    queryset = Adjustment.objects.none()

    def get_queryset(self) -> Any:
        return money_work.adjustment_list(self.actor)

    def retrieve(self, request: Request, number: str) -> Response:
        adjustment = adjustment_gate.get_adjustment(self.actor, number)
        return Response(bodies.AdjustmentSerializer(adjustment).data)

    @extend_schema(request=bodies.AdjustmentBody, responses={201: bodies.AdjustmentSerializer})
    def create(self, request: Request) -> Response:
        """Write one; somebody else approves it."""
        body = bodies.AdjustmentBody(data=request.data)
        body.is_valid(raise_exception=True)

        def write() -> Response:
            facts = dict(body.validated_data)
            dealer = named_dealer(self.actor, facts.pop("dealer"))
            amount = cents(facts.pop("amount"))
            made = adjustments.create_adjustment(
                actor=self.actor, dealer=dealer, cents=amount, **facts
            )
            shown = bodies.AdjustmentSerializer(made).data
            return Response(shown, status=status.HTTP_201_CREATED)

        return self.once(request, write)

    def _take(
        self,
        request: Request,
        number: str,
        body_class: type[bodies.Body],
        service: Callable[..., Any],
    ) -> Response:
        gated = adjustment_gate.get_adjustment
        adjustment = gated(self.actor, number, to=self.permissions[self.action])
        body = body_class(data=request.data)
        body.is_valid(raise_exception=True)
        service(actor=self.actor, adjustment=adjustment, **body.validated_data)
        return Response(bodies.AdjustmentSerializer(gated(self.actor, number)).data)

    @extend_schema(request=bodies.NothingBody, responses=bodies.AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.NothingBody, adjustments.approve_adjustment)

    @extend_schema(request=bodies.MoneyWordsBody, responses=bodies.AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def object_to(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.MoneyWordsBody, adjustments.object_to_adjustment)

    @extend_schema(request=bodies.AnswerBody, responses=bodies.AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.AnswerBody, adjustments.uphold_adjustment)

    @extend_schema(request=bodies.AnswerBody, responses=bodies.AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, number: str) -> Response:
        return self._take(request, number, bodies.AnswerBody, adjustments.drop_adjustment)

    @extend_schema(request=bodies.AnswerBody, responses=bodies.AdjustmentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, number: str) -> Response:
        """Drop a draft of the house."""
        return self._take(request, number, bodies.AnswerBody, adjustments.drop_adjustment)
