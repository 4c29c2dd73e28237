"""Receipt cards for the tests."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from machines import services
from machines.models import Registration
from tests.cast import Cast


def today(days_ago: int = 0) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


def card_of(cast: Cast, **facts: Any) -> Registration:
    given: dict[str, Any] = {
        "actor": cast.system(),
        "machine": cast.machine,
        "dealer": cast.dealer,
        "customer": cast.customer,
    }
    with cast.scope():
        return services.register_machine(**(given | facts))
