"""Old parts and their shipments over REST."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from parts.models import Store, Supplier
from warranty.access import oldparts as access
from warranty.api.oldpart_bodies import (
    AppraisalBody,
    DispositionBody,
    FinishBody,
    PhotosBody,
    PieceNoteBody,
    PieceWordsBody,
    ReceiptBody,
    WordsPhotosBody,
)
from warranty.filters.oldparts import OldPartFilter
from warranty.models import Appraisal, OldPartReturn
from warranty.oldpart_words import chance_said
from warranty.queries import oldparts as queries
from warranty.services import oldparts as services


class AppraisalAnswer(serializers.ModelSerializer[Appraisal]):
    by = serializers.CharField(source="by_label")

    class Meta:
        model = Appraisal
        fields = (
            "number",
            "finding",
            "is_covered",
            "cause_class",
            "liable",
            "words",
            "at",
            "by",
        )


class OldPartSerializer(serializers.ModelSerializer[OldPartReturn]):
    part = serializers.CharField(source="part.number")
    part_name = serializers.CharField(source="part.name")
    machine = serializers.CharField(source="machine.serial_number")
    claim = serializers.CharField(source="claim.number")
    report = serializers.CharField(source="report_part.report.number")
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    shipment = serializers.CharField(source="shipment_number", default=None, allow_null=True)

    class Meta:
        model = OldPartReturn
        fields: tuple[str, ...] = (
            "number",
            "state",
            "part",
            "part_name",
            "serial_number",
            "batch",
            "is_causal",
            "piece",
            "machine",
            "claim",
            "report",
            "dealer",
            "duty",
            "gate",
            "due_on",
            "shipment",
            "discrepancy",
            "received_at",
            "keep_until",
        )
        read_only_fields = fields


class OldPartDetail(OldPartSerializer):
    """With the next chance to travel in words, and the appraisals, the newest first."""

    next_chance = serializers.SerializerMethodField()
    appraisals = serializers.SerializerMethodField()

    class Meta(OldPartSerializer.Meta):
        fields = (*OldPartSerializer.Meta.fields, "next_chance", "appraisals")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_next_chance(self, piece: OldPartReturn) -> str | None:
        chance = queries.chances([piece]).get(piece.pk)
        return chance_said(chance) if chance else None

    @extend_schema_field(AppraisalAnswer(many=True))
    def get_appraisals(self, piece: OldPartReturn) -> list[Any]:
        return list(AppraisalAnswer(queries.appraisals_of(piece), many=True).data)


_STEPS = {
    "tag": "old_part.ship",
    "scrap": "old_part.ship",
    "supervise": "old_part.supervise",
    "waive": "old_part.waive",
    "receive": "old_part.receive",
    "miss": "old_part.receive",
    "lose": "old_part.receive",
    "expect_again": "old_part.receive",
    "appraise": "old_part.appraise",
    "dispose": "old_part.appraise",
    "finish": "old_part.move",
    "misjudge": "old_part.overrule",
    "photos": "old_part.photograph",
}


class OldPartViewSet(mixins.ListModelMixin, TenantViewSet):
    """Failed pieces: one record and tag each."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "old_part.view",
        "retrieve": "old_part.view",
        **_STEPS,
    }
    queryset = OldPartReturn.objects.none()
    serializer_class = OldPartSerializer
    filterset_class = OldPartFilter
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[OldPartReturn]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.piece_list(self.actor)

    def _answer(self, number: str, status: int = 200) -> Response:
        piece = queries.piece_list(self.actor).get(number=number)
        return Response(OldPartDetail(piece).data, status=status)

    def _step(
        self, request: Request, number: str, body: type[Body] | None, service: Any
    ) -> Response:
        """Gate, body, service, answer. A step that was taken is not taken twice: 409."""
        piece = access.get_piece(self.actor, number, to=_STEPS[self.action])
        facts: dict[str, Any] = {}
        if body is not None:
            given = body(data=request.data)
            given.is_valid(raise_exception=True)
            facts = dict(given.validated_data)
        service(actor=self.actor, piece=piece, **facts)
        return self._answer(piece.number)

    @extend_schema(responses=OldPartDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        return self._answer(access.get_piece(self.actor, number).number)

    @extend_schema(request=None, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def tag(self, request: Request, number: str) -> Response:
        """The tag is printed and on the piece; it needs a photo."""

        def service(*, actor: Any, piece: OldPartReturn) -> None:
            services.tag_pieces(actor=actor, pieces=[piece])

        return self._step(request, number, None, service)

    @extend_schema(request={"multipart/form-data": PhotosBody}, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def photos(self, request: Request, number: str) -> Response:
        """Keep photos of the piece."""

        def service(*, actor: Any, piece: OldPartReturn, photos: list[Any]) -> None:
            for upload in photos:
                services.attach_photo(actor=actor, piece=piece, upload=upload)

        return self._step(request, number, PhotosBody, service)

    @extend_schema(request={"multipart/form-data": PhotosBody}, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def scrap(self, request: Request, number: str) -> Response:
        """The dealer scraps it, with a photo."""

        def service(*, actor: Any, piece: OldPartReturn, photos: list[Any]) -> None:
            services.scrap_at_dealer(actor=actor, piece=piece, photos_taken=photos)

        return self._step(request, number, PhotosBody, service)

    @extend_schema(request={"multipart/form-data": WordsPhotosBody}, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def supervise(self, request: Request, number: str) -> Response:
        """Scrapped before the representative's eyes, with two photos."""
        return self._step(request, number, WordsPhotosBody, _with_photos(services.scrap_supervised))

    @extend_schema(request={"multipart/form-data": WordsPhotosBody}, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, number: str) -> Response:
        """The technical manager lets it off, with a photo and a reason."""
        return self._step(request, number, WordsPhotosBody, _with_photos(services.waive))

    @extend_schema(request=ReceiptBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, number: str) -> Response:
        """The piece is here."""
        return self._step(request, number, ReceiptBody, services.receive_piece)

    @extend_schema(request=None, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def miss(self, request: Request, number: str) -> Response:
        """The list says it, the box did not hold it."""
        return self._step(request, number, None, services.miss_piece)

    @extend_schema(request=PieceWordsBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, number: str) -> Response:
        """Lost by the carrier."""
        return self._step(request, number, PieceWordsBody, services.lose_piece)

    @extend_schema(request=PieceNoteBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"], url_path="expect-again")
    def expect_again(self, request: Request, number: str) -> Response:
        """It is still with the dealer."""
        return self._step(request, number, PieceNoteBody, services.expect_again)

    @extend_schema(request=AppraisalBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def appraise(self, request: Request, number: str) -> Response:
        """Judge this piece, and no other."""

        def service(*, actor: Any, piece: OldPartReturn, supplier: str = "", **facts: Any) -> None:
            named = Supplier.objects.filter(code=supplier).first() if supplier else None
            if supplier and named is None:
                raise serializers.ValidationError({"supplier": [_unknown(supplier)]})
            services.appraise(actor=actor, piece=piece, supplier=named, **facts)

        return self._step(request, number, AppraisalBody, service)

    @extend_schema(request=DispositionBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def dispose(self, request: Request, number: str) -> Response:
        """Decide where it goes."""
        return self._step(request, number, DispositionBody, _with_store(services.dispose))

    @extend_schema(request=FinishBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, number: str) -> Response:
        """Move it to its last place."""
        return self._step(request, number, FinishBody, _with_store(services.finish))

    @extend_schema(request=PieceWordsBody, responses=OldPartDetail)
    @action(detail=True, methods=["post"])
    def misjudge(self, request: Request, number: str) -> Response:
        """The appraisal was wrong: it is reversed, the dealer credited."""
        return self._step(request, number, PieceWordsBody, services.misjudge)


def _with_photos(service: Any) -> Any:
    def run(*, photos: list[Any], words: str = "", **facts: Any) -> None:
        service(photos_taken=photos, words=words, **facts)

    return run


def _with_store(service: Any) -> Any:
    def run(*, store: str = "", **facts: Any) -> None:
        named = Store.objects.filter(code=store, is_active=True).first() if store else None
        if store and named is None:
            raise serializers.ValidationError({"store": [_unknown(store)]})
        service(store=named, **facts)

    return run


def _unknown(code: str) -> str:
    return _("There is nothing with the code %(code)s.") % {"code": code}
