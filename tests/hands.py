"""Many hands at once: the same work in threads, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from core.errors import DomainError
from tests.cast import Cast

HANDS = 8
LONGEST = 300  # seconds until a hand that hangs fails the test


def in_thread(cast: Cast, work: Callable[[], Any]) -> Any:
    """Run in a thread with a transaction of its own; a refusal is an answer, by its class."""
    try:
        with cast.scope():
            return work()
    except (DomainError, PermissionDenied) as error:
        return type(error)
    finally:
        connection.close()


def all_at_once(cast: Cast, works: Sequence[Callable[[], Any]], hands: int = HANDS) -> list[Any]:
    """The answers in the order of the works."""
    with ThreadPoolExecutor(hands) as pool:
        jobs = [pool.submit(in_thread, cast, work) for work in works]
        return [job.result(timeout=LONGEST) for job in jobs]
