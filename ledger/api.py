"""The books over REST, to read: accounts, their statements, entries. Money in yuan, as text."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from ledger import access, queries
from ledger.forms import DaysForm
from ledger.models import Account, JournalEntry, JournalLine

PLACES: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}


class AccountSerializer(serializers.ModelSerializer[Account]):
    name = serializers.CharField(source="__str__")
    kind = serializers.CharField()
    role = serializers.CharField()
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    balance = serializers.DecimalField(
        **PLACES, help_text="Debit less credit of assets and expenses; else the other way round."
    )

    class Meta:
        model = Account
        fields = ("code", "name", "kind", "role", "dealer", "currency", "balance")


class JournalLineSerializer(serializers.ModelSerializer[JournalLine]):
    account = serializers.CharField(source="account.code")
    debit = serializers.DecimalField(**PLACES, allow_null=True)
    credit = serializers.DecimalField(**PLACES, allow_null=True)
    behalf = serializers.CharField(source="behalf.number", default=None, allow_null=True)

    class Meta:
        model = JournalLine
        fields = ("account", "debit", "credit", "currency", "behalf", "item", "note")


class JournalEntrySerializer(serializers.ModelSerializer[JournalEntry]):
    """With the lines on accounts that the asker sees."""

    reverses = serializers.CharField(source="reverses.number", default=None, allow_null=True)
    lines = JournalLineSerializer(many=True, source="seen_lines")

    class Meta:
        model = JournalEntry
        fields = (
            "number",
            "on",
            "source_kind",
            "source_number",
            "purpose",
            "narration",
            "reverses",
            "lines",
        )


class StatementRowSerializer(serializers.Serializer[queries.StatementRow]):
    on = serializers.DateField(source="line.on")
    entry = serializers.CharField(source="line.entry.number")
    narration = serializers.CharField(source="line.entry.narration")
    item = serializers.CharField(source="line.item")
    amount = serializers.DecimalField(**PLACES)
    balance = serializers.DecimalField(**PLACES)


class StatementSerializer(serializers.Serializer[queries.Statement]):
    """Oldest first; ask again with `after` = `next_after` until that is empty."""

    opening = serializers.DecimalField(**PLACES)
    rows = StatementRowSerializer(many=True)
    closing = serializers.DecimalField(**PLACES)
    next_after = serializers.CharField()


@extend_schema(tags=["ledger"])
class AccountViewSet(TenantViewSet):
    """Accounts: the house's and its dealers', or a dealer's own."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "ledger.view",
        "retrieve": "ledger.view",
        "statement": "ledger.view",
    }
    serializer_class = AccountSerializer
    lookup_field = "code"
    queryset = Account.objects.none()

    @extend_schema(responses=AccountSerializer(many=True))
    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(queries.account_list(self.actor)) or []
        queries.name_balances(list(rows))
        return self.get_paginated_response(AccountSerializer(rows, many=True).data)

    def retrieve(self, request: Request, code: str) -> Response:
        account = access.get_account(self.actor, code)
        queries.name_balances([account])
        return Response(AccountSerializer(account).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATE),
            OpenApiParameter("until", OpenApiTypes.DATE),
            OpenApiParameter("after", OpenApiTypes.STR),
        ],
        responses=StatementSerializer,
        filters=False,
    )
    @action(detail=True)
    def statement(self, request: Request, code: str) -> Response:
        account = access.get_account(self.actor, code)
        form = DaysForm(request.query_params)
        if not form.is_valid():
            raise serializers.ValidationError(cast(Any, form.errors))
        days: dict[str, date | None] = form.cleaned_data
        after = request.query_params.get("after", "")
        shown = queries.statement(
            self.actor, account, since=days["since"], until=days["until"], after=after
        )
        return Response(StatementSerializer(shown).data)


@extend_schema(tags=["ledger"])
class EntryViewSet(TenantViewSet):
    """Journal entries, one by its number."""

    permissions: ClassVar[dict[str, str]] = {"retrieve": "ledger.view"}
    serializer_class = JournalEntrySerializer
    lookup_field = "number"
    queryset = JournalEntry.objects.none()

    def retrieve(self, request: Request, number: str) -> Response:
        entry = access.get_entry(self.actor, number)
        lines = access.visible_lines(self.actor).filter(entry=entry)
        seen = lines.select_related("account", "behalf").order_by("position")
        vars(entry)["seen_lines"] = list(seen)
        return Response(JournalEntrySerializer(entry).data)
