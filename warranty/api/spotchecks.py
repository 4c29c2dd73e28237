"""Spot checks in the REST API; papers are handed in on the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from dealers.api import named_dealer
from dealers.models import Dealer
from warranty.access import spotchecks as access
from warranty.filters.spotchecks import SpotCheckFilter
from warranty.models import SpotCheck, SpotCheckItem
from warranty.queries import spotchecks as queries
from warranty.services import spotchecks as services
from warranty.states.cases import SpotCheckState, Verdict


class SpotCheckSerializer(serializers.ModelSerializer[SpotCheck]):
    dealer = serializers.CharField(source="dealer.number")
    item_count = serializers.IntegerField()
    papers_count = serializers.IntegerField()

    class Meta:
        model = SpotCheck
        fields = (
            "number",
            "state",
            "dealer",
            "settled_from",
            "settled_until",
            "population",
            "papers_by",
            "drawn_at",
            "decided_at",
            "item_count",
            "papers_count",
        )


class SpotCheckItemSerializer(serializers.ModelSerializer[SpotCheckItem]):
    claim = serializers.CharField(source="claim.number")
    serial_number = serializers.CharField(source="claim.machine.serial_number")
    paper_count = serializers.SerializerMethodField()
    taken_back_cents = serializers.SerializerMethodField()

    class Meta:
        model = SpotCheckItem
        fields = (
            "claim",
            "serial_number",
            "papers_at",
            "paper_count",
            "asked_user",
            "facts",
            "verdict",
            "taken_back_cents",
            "decided_at",
        )

    def get_paper_count(self, item: SpotCheckItem) -> int:
        return len(vars(item)["papers"])

    def get_taken_back_cents(self, item: SpotCheckItem) -> int:
        return -item.adjustment.cents if item.adjustment else 0


class WholeSpotCheckSerializer(SpotCheckSerializer):
    items = SpotCheckItemSerializer(many=True, source="told_items")

    class Meta(SpotCheckSerializer.Meta):
        fields = (*SpotCheckSerializer.Meta.fields, "items")  # type: ignore[assignment]  # longer


class DrawBody(Body):
    dealer = serializers.CharField(max_length=20)

    def validate_dealer(self, number: str) -> Dealer:
        return named_dealer(self.context["actor"], number)


class VerdictBody(Body):
    verdict = serializers.ChoiceField(choices=[(v.value, v.label) for v in Verdict if v.value])
    facts = serializers.CharField(max_length=2000)
    asked_user = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    cents = serializers.IntegerField(
        required=False, min_value=0, max_value=10**13, help_text="What is taken back."
    )


@extend_schema(tags=["spot checks"])
class SpotCheckViewSet(mixins.ListModelMixin, TenantViewSet):
    """Samples of dealers' settled claims, compared with papers and users."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "spot_check.view",
        "retrieve": "spot_check.view",
        "create": "spot_check.decide",
        "verdict": "spot_check.decide",
        "decide": "spot_check.decide",
    }
    serializer_class = SpotCheckSerializer
    filterset_class = SpotCheckFilter
    lookup_field = "number"
    queryset = SpotCheck.objects.none()

    def get_queryset(self) -> Any:
        return queries.spot_check_list(self.actor)

    def told(self, check: SpotCheck, status: int = 200) -> Response:
        row = queries.spot_check_list(self.actor).get(pk=check.pk)
        items = queries.items_of(row)
        if self.actor.is_dealer and row.state != SpotCheckState.DECIDED:
            # A dealer reads the verdicts when the check is decided.
            for item in items:
                item.verdict = item.facts = item.asked_user = ""
                item.adjustment, item.decided_at = None, None
        vars(row)["told_items"] = items
        return Response(WholeSpotCheckSerializer(row).data, status=status)

    @extend_schema(responses=WholeSpotCheckSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_spot_check(self.actor, number))

    @extend_schema(request=DrawBody, responses={201: WholeSpotCheckSerializer})
    def create(self, request: Request) -> Response:
        """Draw a sample of a dealer's settled claims."""

        def made() -> Response:
            body = DrawBody(data=request.data, context={"actor": self.actor})
            body.is_valid(raise_exception=True)
            check = services.draw_spot_check(actor=self.actor, **body.validated_data)
            return self.told(check, 201)

        return self.once(request, made)

    @extend_schema(request=VerdictBody, responses=WholeSpotCheckSerializer)
    def verdict(self, request: Request, number: str, claim: str) -> Response:
        """What one claim of the sample came to."""
        item = access.get_item(self.actor, number, claim, to="spot_check.decide")
        body = VerdictBody(data=request.data)
        body.is_valid(raise_exception=True)
        services.decide_item(actor=self.actor, item=item, **body.validated_data)
        return self.told(item.spot_check)

    @extend_schema(request=None, responses=WholeSpotCheckSerializer)
    def decide(self, request: Request, number: str) -> Response:
        """End the check; every claim needs its verdict first."""
        check = access.get_spot_check(self.actor, number, to="spot_check.decide")
        return self.told(services.decide_spot_check(actor=self.actor, check=check))
