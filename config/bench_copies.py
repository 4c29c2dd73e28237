"""Fresh copies of one filled database, so that every side of a benchmark finds the same rows."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import perf_counter
from typing import Any

from config.embedded import ROOT
from config.workshop import manage

FILLED, COPY = "bench_filled", "bench_copy"


def prepare_empty() -> None:
    """An empty filled-to-be database with all tables; Django will connect to it."""
    sql(f"DROP DATABASE IF EXISTS {FILLED} WITH (FORCE)")
    sql(f"CREATE DATABASE {FILLED}")
    connect_to(FILLED)
    done = manage("prepare_database", "--quiet")
    subprocess.run(done, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def copied() -> Iterator[None]:
    """A fresh copy of the filled database, with Django connected to it."""
    from django.db import connections

    connections.close_all()
    sql(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)", who="postgres")
    sql(f"CREATE DATABASE {COPY} TEMPLATE {FILLED} STRATEGY file_copy")
    sql("CHECKPOINT", who="postgres")
    connect_to(COPY)
    connections["default"].ensure_connection()
    yield
    connections.close_all()


def connect_to(name: str) -> None:
    """This process from now on, and its children, use another database."""
    for variable in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        base, _mark, host = os.environ[variable].partition("?")
        os.environ[variable] = f"{base.rpartition('/')[0]}/{name}?{host}"
    if "django" in sys.modules:
        from django.conf import settings

        if settings.configured:
            from django.db import connections

            connections.close_all()
            connections["default"].settings_dict["NAME"] = name


def vacuum() -> None:
    import psycopg2

    with closing(psycopg2.connect(os.environ["OWNER_DATABASE_URL"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def sql(statement: str, who: str = "sanbao_owner") -> None:
    import psycopg2

    base, _mark, host = os.environ["OWNER_DATABASE_URL"].partition("?")
    url = base.rpartition("/")[0].replace("sanbao_owner", who)
    with closing(psycopg2.connect(f"{url}/postgres?{host}")) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(statement)


def timed(work: Callable[[], Any]) -> float:
    """How long it took, seconds."""
    began = perf_counter()
    work()
    return perf_counter() - began


def forget_start() -> None:
    """Give the start's garbage back to nobody: later collections do not walk through it."""
    from config.celery import forget_start

    forget_start()
