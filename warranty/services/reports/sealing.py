"""The digest of a report: all that was signed, in one spelling, as one SHA-256."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models

from warranty.models import Evidence, WorkReport, WorkReportLabour, WorkReportPart

# What is no part of the content: names of rows, and what the server notes beside it.
BESIDE = frozenset(
    {
        "id",
        "tenant",
        "report",
        "state",
        "digest",
        "client_key",
        "sealed_at",
        "arrived_here_at",
        "created_at",
        "created_by",
        "created_label",
    }
)


def digest_of(report: WorkReport) -> str:
    """SHA-256 over facts, rows, signature and the hashes of the evidence that was there."""
    return _hashed(_written(report) | {"evidence": _evidence(report)})


def stamp_of(report: WorkReport) -> str:
    """A short name of a draft's present entries; two people at once are told apart by it."""
    return _hashed(_written(report))[:16]


def _written(report: WorkReport) -> dict[str, Any]:
    return {
        "report": content_of(report),
        "parts": [content_of(row) for row in _rows(WorkReportPart, report)],
        "labour": [content_of(row) for row in _rows(WorkReportLabour, report)],
    }


def _hashed(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def content_of(row: models.Model) -> dict[str, Any]:
    """The fields of a row in one spelling, however they were given."""
    return {
        field.attname: _plain(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in BESIDE
    }


def _rows(model: Any, report: WorkReport) -> Iterable[models.Model]:
    rows: Iterable[models.Model] = model.objects.filter(report=report).order_by("position")
    return rows


def _evidence(report: WorkReport) -> list[list[str]]:
    kept = Evidence.objects.filter(report=report)
    if report.sealed_at is not None:
        kept = kept.filter(uploaded_at__lte=report.sealed_at)
    rows = kept.values_list("kind", "sha256", "original_sha256")
    return sorted([kind, own, original] for kind, own, original in rows)


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.DecimalField) and value is not None:
        return f"{Decimal(value):.{field.decimal_places}f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
