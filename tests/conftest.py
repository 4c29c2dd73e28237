"""Plumbing of every test: which database, which role, which Redis.

db             a transaction that is rolled back: almost every test
committed_db   a database of its own, for threads, processes, locks and real commits
live_url       the address of Sanbao served from this process, on a committed_db
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
from django.core.cache import cache
from django.db import connections
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from pytest_django import DjangoDbBlocker

from config import messages
from config.workshop import static_files
from core.options import OPTIONS
from tests import databases, servers
from tests.cast import api, as_, committed_world, world

__all__ = ["api", "as_", "committed_world", "world"]

_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.drop_leftovers()
        messages.compile_changed()
        if (servers.ROOT / "node_modules").exists():
            # Pages name their files by content; the demo and the tests share what is collected.
            static_files(os.environ)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many requests the access matrix made: a matrix that shrinks unseen proves little."""
    passed = terminalreporter.stats.get("passed", [])
    asked = [int(n) for r in passed for name, n in r.user_properties if name == "requests"]
    if asked:
        line = f"access matrix: {sum(asked)} requests to {len(asked)} URLs, 0 leaks"
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replace pytest-django's own: this worker's database is cloned from the template."""
    name = servers.database_name()
    databases.clone(name)
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        complaint = databases.complaint_about_role(cursor)
    if complaint:
        pytest.exit(complaint, returncode=3)
    yield
    connections.close_all()
    databases.drop(name)


@pytest.fixture
def transactional_db() -> None:
    """Refuse what would TRUNCATE: the ordinary role may not, and `committed_db` is cleaner."""
    pytest.fail("Use the fixture committed_db instead of transactional_db or transaction=True.")


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """The name of a database that only this test uses; what it commits is really committed."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db and db exclude each other: one commits, one rolls back.")
    empty_redis()
    with databases.fresh_database(next(_numbers)) as name, django_db_blocker.unblock():
        yield name
        connections.close_all()
    empty_redis()


@pytest.fixture
def live_url(committed_db: str) -> Iterator[str]:
    """Serve Sanbao on a loopback port, each request in a thread with a connection of its own."""
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """No test sees what another one left in the cache."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _no_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that sends mail passes at night as well; those of the quiet hours say which count."""
    for key in ("quiet.from", "quiet.to"):
        monkeypatch.setitem(OPTIONS, key, replace(OPTIONS[key], default=0))


@pytest.fixture(scope="session", autouse=True)
def _media() -> Iterator[None]:
    media = servers.media_root()
    shutil.rmtree(media, ignore_errors=True)
    media.mkdir(parents=True)
    yield
    shutil.rmtree(media, ignore_errors=True)


def empty_redis() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
