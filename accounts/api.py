"""People, tokens and oneself in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import access, queries
from accounts.filters import PeopleFilter
from accounts.models import Absence, ApiToken, Membership, User
from accounts.roles import Role
from core.api import TenantViewSet
from core.models import Tenant
from core.permissions import SIGNED_IN


class CompanySerializer(serializers.ModelSerializer[Tenant]):
    class Meta:
        model = Tenant
        fields = ("slug", "name", "name_en", "hotline", "language", "time_zone")


class MeSerializer(serializers.Serializer[Any]):
    """Who the token or session is, where, and what it may."""

    name = serializers.CharField()
    email = serializers.EmailField()
    phone = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    permissions = serializers.ListField(child=serializers.CharField())
    company = CompanySerializer()


class MeViewSet(TenantViewSet):
    """The person on whose behalf this client calls."""

    permissions: ClassVar[dict[str, str]] = {"retrieve": SIGNED_IN}
    serializer_class = MeSerializer

    def retrieve(self, request: Request) -> Response:
        user = User.objects.get(pk=self.actor.user_id or 0)
        told = {
            "name": user.name,
            "email": user.email,
            "phone": user.phone,
            "language": user.language,
            "time_zone": user.time_zone,
            "role": self.actor.role,
            "permissions": sorted(self.actor.permissions),
            "company": Tenant.objects.get(pk=self.actor.tenant_id),
        }
        return Response(MeSerializer(told).data)


class PersonSerializer(serializers.ModelSerializer[Membership]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    phone = serializers.CharField(source="user.phone")

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "phone", "role", "is_active", "created_at")


@extend_schema(tags=["people"])
class PeopleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Everybody who works or worked in the company."""

    permissions: ClassVar[dict[str, str]] = {"list": "user.manage", "retrieve": "user.manage"}
    serializer_class = PersonSerializer
    filterset_class = PeopleFilter
    lookup_field = "public_id"
    queryset = Membership.objects.none()

    def get_queryset(self) -> Any:
        return queries.people(self.actor)


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret, which nobody sees twice."""

    id = serializers.UUIDField(source="public_id")
    acts_as = serializers.CharField(source="membership.user.name")
    role = serializers.ChoiceField(source="membership.role", choices=Role.choices)

    class Meta:
        model = ApiToken
        fields = (
            "id",
            "name",
            "prefix",
            "acts_as",
            "role",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        )


@extend_schema(tags=["people"])
class TokenViewSet(mixins.ListModelMixin, TenantViewSet):
    """The company's tokens."""

    permissions: ClassVar[dict[str, str]] = {"list": "token.manage"}
    serializer_class = TokenSerializer
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> Any:
        return queries.api_tokens(self.actor)


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """When a colleague is away, and who stands in; without a deputy the supervisors do."""

    id = serializers.UUIDField(source="public_id")
    person = serializers.UUIDField(source="member.public_id")
    name = serializers.CharField(source="member.user.name")
    deputy = serializers.UUIDField(source="deputy.public_id", default=None)
    deputy_name = serializers.CharField(source="deputy.user.name", default=None)

    class Meta:
        model = Absence
        fields = (
            "id",
            "person",
            "name",
            "deputy",
            "deputy_name",
            "starts_at",
            "ends_at",
            "reason",
            "withdrawn_at",
        )


@extend_schema(tags=["people"])
class AbsenceViewSet(mixins.ListModelMixin, TenantViewSet):
    """Absences of the house, past and coming, the newest entry first (R-014)."""

    permissions: ClassVar[dict[str, str]] = {"list": SIGNED_IN}
    serializer_class = AbsenceSerializer
    queryset = Absence.objects.none()

    def get_queryset(self) -> Any:
        found = access.visible_absences(self.actor)
        return found.filter(member__dealer_id=self.actor.dealer_id).order_by("-id")
