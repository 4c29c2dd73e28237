"""Is the process alive, and is the whole ready to serve?"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core.models import Heartbeat

# The sweep ticks every few seconds; a minute of silence is an alarm.
SWEEP_LATE = timedelta(seconds=60)

# When the sweep last ran, kept where every page can look without asking the database.
LAST_SWEEP = "sweep.last"

_is_migrated = False


def beat(name: str, *, handled: int, lag: float = 0) -> None:
    """Leave word that what runs by itself has run: what it did, how late (seconds) it was."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": timezone.now(), "lag_seconds": lag, "handled": handled}
    )


def note_sweep() -> None:
    """Remember that the sweep has run; the heartbeat in the database is the truth, this a copy."""
    with suppress(RedisError, OSError):  # pages then show no banner; /readyz names Redis
        cache.set(LAST_SWEEP, timezone.now(), 24 * 3600)


def still_since() -> datetime | None:
    """Since when nothing fires by itself; None while all is well, or nobody can say."""
    try:
        last = cache.get(LAST_SWEEP)
    except (RedisError, OSError):
        return None
    return last if last is not None and timezone.now() - last > SWEEP_LATE else None


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, Redis, sweep and migrations are in order, else 503; says which."""
    checks = {
        "database": _database(),
        "redis": _redis(),
        "migrations": False,
        "sweep": False,
    }
    if checks["database"]:
        checks["migrations"] = _migrated()
    if checks["migrations"]:
        last = Heartbeat.objects.filter(name="sla.sweep").values_list("at", flat=True).first()
        checks["sweep"] = last is not None and timezone.now() - last < SWEEP_LATE
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrated() -> bool:
    """Whether nothing waits to be migrated; what has been applied once is not asked again."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_migrated


def _redis() -> bool:
    try:
        cache.set("readyz", 1, 5)
    except (RedisError, OSError):
        return False
    return True
