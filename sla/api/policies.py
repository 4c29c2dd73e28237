"""Policies for REST clients: read with their versions; a PUT makes the next version."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from sla import access, editions, services
from sla.models import Calendar, Policy, PolicyVersion, Target
from sla.queries import newest_versions
from sla.services import NewTarget
from sla.states import Promise


class RungSerializer(serializers.Serializer[Any]):
    """One step of a ladder, at minutes around the due time or at percent of the time."""

    after = serializers.IntegerField(required=False)
    percent = serializers.IntegerField(required=False)
    action = serializers.CharField(max_length=10, required=False)
    role = serializers.CharField(max_length=20, required=False, allow_blank=True)
    webhook = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The step as it is kept, with what it names and nothing else."""
        return dict(instance)


class TargetSerializer(serializers.ModelSerializer[Target]):
    """One promise: its minutes, the calendar of its own, the ladder around its due time."""

    calendar = serializers.SlugRelatedField(
        slug_field="code", queryset=Calendar.objects.none(), required=False, allow_null=True
    )
    promise = serializers.ChoiceField(choices=Promise.choices)
    minutes = serializers.IntegerField(min_value=1, max_value=366 * 24 * 60)
    warn_percent = serializers.IntegerField(min_value=1, max_value=99, default=75)
    ladder = RungSerializer(many=True, default=list)

    class Meta:
        model = Target
        fields = ["promise", "minutes", "calendar", "warn_percent", "ladder"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        field: Any = fields["calendar"]
        field.queryset = Calendar.objects.all()
        return fields


class PolicySerializer(serializers.ModelSerializer[PolicyVersion]):
    """A version of a policy, the newest where nothing else is said."""

    code = serializers.CharField(source="policy.code")
    name = serializers.CharField(source="policy.name")
    version = serializers.IntegerField(source="number")
    calendar = serializers.CharField(source="calendar.code")
    targets = TargetSerializer(many=True)

    class Meta:
        model = PolicyVersion
        fields = [
            "code",
            "name",
            "position",
            "conditions",
            "calendar",
            "is_active",
            "version",
            "valid_from",
            "valid_to",
            "reason",
            "author_label",
            "targets",
        ]


class WholePolicySerializer(PolicySerializer):
    """The newest version, and every version before it."""

    versions = serializers.SerializerMethodField()

    class Meta(PolicySerializer.Meta):
        fields = [*PolicySerializer.Meta.fields, "versions"]

    @extend_schema(responses=PolicySerializer(many=True))
    def get_versions(self, newest: PolicyVersion) -> list[dict[str, Any]]:
        rows = PolicySerializer(editions.versions(newest.policy), many=True).data
        return [dict(row) for row in rows]


class PolicyChangeSerializer(serializers.Serializer[Any]):
    """The next version of a policy; `version` is the newest that was read."""

    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=80)
    position = serializers.IntegerField(min_value=1, max_value=9999)
    conditions = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=40)), default=dict
    )
    calendar = serializers.SlugRelatedField(slug_field="code", queryset=Calendar.objects.none())
    is_active = serializers.BooleanField(default=True)
    reason = serializers.CharField(max_length=200)
    valid_from = serializers.DateTimeField(required=False, allow_null=True)
    targets = TargetSerializer(many=True, allow_empty=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        field: Any = fields["calendar"]
        field.queryset = Calendar.objects.all()
        return fields


class PolicyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """The promised times in their order; a change is a new version (running clocks keep theirs)."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "policy.manage",
        "retrieve": "policy.manage",
        "update": "policy.manage",
    }
    serializer_class = PolicySerializer
    queryset = PolicyVersion.objects.none()
    lookup_field = "policy__code"
    lookup_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return newest_versions()

    def get_serializer_class(self) -> type[PolicySerializer]:
        return WholePolicySerializer if self.action == "retrieve" else PolicySerializer

    @extend_schema(request=PolicyChangeSerializer, responses=PolicySerializer)
    def update(self, request: Request, code: str) -> Response:
        policy: Policy = access.get_policy(self.actor, code)
        asked = PolicyChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        targets = [NewTarget(**target) for target in given.pop("targets")]
        services.save_policy(actor=self.actor, policy=policy, targets=targets, **given)
        newest = newest_versions().get(policy=policy)
        return Response(PolicySerializer(newest).data)
