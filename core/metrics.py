"""Figures for a monitoring system, in the text form of Prometheus (R-009).

Which figures there are stands in `config.wiring.METRICS`: functions of the apps that know them.
Only numbers of the whole installation leave here, never a company's name or rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.models import Heartbeat


@dataclass(frozen=True, slots=True)
class Figure:
    """One value now; those of one name differ in their labels."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever sends `Authorization: Bearer METRICS_TOKEN`; else 404."""
    sent = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(sent, wanted):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def heartbeats() -> Iterator[Figure]:
    """How long ago each thing that runs by itself last ran, and what it did then."""
    now = timezone.now()
    for beat in Heartbeat.objects.order_by("name"):
        labels = {"name": beat.name}
        age = (now - beat.at).total_seconds()
        yield Figure("sanbao_heartbeat_age_seconds", "Seconds since the last run", age, labels)
        yield Figure(
            "sanbao_heartbeat_lag_seconds",
            "Longest time that something handled in the last run had been due",
            beat.lag_seconds,
            labels,
        )
        yield Figure("sanbao_heartbeat_handled", "What the last run handled", beat.handled, labels)


class _Figures(Collector):
    def collect(self) -> Iterable[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for source in _sources():
            for figure in source():
                family = families.get(figure.name)
                if family is None:
                    family = families[figure.name] = GaugeMetricFamily(
                        figure.name, figure.help, labels=list(figure.labels)
                    )
                family.add_metric(list(figure.labels.values()), figure.value)
        return families.values()


@cache
def _sources() -> list[Callable[[], Iterable[Figure]]]:
    paths: list[Any] = import_string(settings.METRICS)
    return [import_string(path) for path in paths]
