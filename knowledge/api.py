"""Symptoms in the REST API."""

from __future__ import annotations

from typing import ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from knowledge import services
from knowledge.filters import SymptomFilter
from knowledge.models import Severity, Symptom
from machines.products_api import known_line


class SymptomSerializer(serializers.ModelSerializer[Symptom]):
    class Meta:
        model = Symptom
        fields = ("code", *services.FIELDS)


class SymptomInput(Body):
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    product_line_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=Severity.choices)
    is_unusual = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)

    def validate_product_line_code(self, code: str) -> str:
        return known_line(code).code if code else ""


class NewSymptomInput(SymptomInput):
    code = serializers.CharField(max_length=20)


@extend_schema(tags=["knowledge"])
class SymptomViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """What customers see go wrong, in agreed words."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "knowledge.view",
        "retrieve": "knowledge.view",
        "create": "knowledge.edit",
        "partial_update": "knowledge.edit",
    }
    serializer_class = SymptomSerializer
    filterset_class = SymptomFilter
    lookup_field = "code"
    queryset = Symptom.objects.all()

    @extend_schema(request=NewSymptomInput, responses={201: SymptomSerializer})
    def create(self, request: Request) -> Response:
        body = NewSymptomInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            symptom = services.create_symptom(actor=self.actor, **body.validated_data)
            return Response(SymptomSerializer(symptom).data, status=201)

        return self.once(request, made)

    @extend_schema(request=SymptomInput, responses=SymptomSerializer)
    def partial_update(self, request: Request, code: str) -> Response:
        symptom = get_object_or_404(Symptom, code=code)
        body = SymptomInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        symptom = services.edit_symptom(actor=self.actor, symptom=symptom, **body.validated_data)
        return Response(SymptomSerializer(symptom).data)
