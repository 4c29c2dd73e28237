"""PostgreSQL and Redis below a directory: they start, are shared, and end with their last user."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from config import embedded
from config.embedded.processes import wait_for
from tests.servers import ROOT

NOTHING_GIVEN: dict[str, str] = {}
USER = (
    "import sys, time; from pathlib import Path; from config.embedded import start;"
    "s = start(Path(sys.argv[1]), durable=False, environ={});"
    "print('up', flush=True); time.sleep(60)"
)


def start(directory: Path) -> embedded.Servers:
    return embedded.start(directory, durable=False, environ=NOTHING_GIVEN)


def test_both_servers_answer_and_both_roles_exist(tmp_path: Path) -> None:
    servers = start(tmp_path)
    try:
        for variable, role in [
            ("DATABASE_URL", "sanbao_app"),
            ("OWNER_DATABASE_URL", "sanbao_owner"),
        ]:
            session = psycopg2.connect(servers.urls[variable])
            with session.cursor() as cursor:
                cursor.execute(
                    "SELECT current_user::text, rolsuper FROM pg_roles WHERE rolname = current_user"
                )
                assert cursor.fetchone() == (role, False)
            session.close()
        with redis.Redis.from_url(servers.urls["REDIS_URL"]) as client:
            assert client.ping()
    finally:
        servers.stop()
    assert embedded.running(tmp_path) is None


def test_redis_refuses_who_has_no_password(tmp_path: Path) -> None:
    servers = start(tmp_path)
    port = servers.urls["REDIS_URL"].rpartition(":")[2].split("/")[0]
    try:
        with (
            redis.Redis(port=int(port)) as client,
            pytest.raises(redis.exceptions.AuthenticationError),
        ):
            client.ping()
    finally:
        servers.stop()


def test_the_second_user_keeps_the_servers_when_the_first_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "up\n"
        second = start(tmp_path)
        first.send_signal(signal.SIGKILL)
    assert not wait_for(lambda: not second.alive(), 1)
    second.stop()
    assert embedded.running(tmp_path) is None


def test_the_servers_end_when_their_only_user_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "up\n"
        state = embedded.running(tmp_path)
        assert state is not None
        user.send_signal(signal.SIGKILL)
    assert wait_for(lambda: embedded.running(tmp_path) is None, 10)


def test_a_killed_supervisor_takes_the_servers_along_and_a_start_finds_its_data(
    tmp_path: Path,
) -> None:
    servers = start(tmp_path)
    owner = psycopg2.connect(servers.urls["OWNER_DATABASE_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id integer)")
    owner.close()
    state = embedded.running(tmp_path)
    assert state is not None
    os.kill(int(state["pid"]), signal.SIGKILL)
    assert wait_for(lambda: not servers.alive(), 10)
    servers.stop()

    again = start(tmp_path)
    try:
        owner = psycopg2.connect(again.urls["OWNER_DATABASE_URL"])
        with owner.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            assert cursor.fetchone() == (0,)
        owner.close()
    finally:
        again.stop()


def test_a_deep_directory_gets_a_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    servers = start(deep)
    try:
        psycopg2.connect(servers.urls["DATABASE_URL"]).close()
        assert str(deep) not in servers.urls["DATABASE_URL"]
    finally:
        servers.stop()


def test_given_urls_start_nothing(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "a", "OWNER_DATABASE_URL": "b", "REDIS_URL": "c"}
    servers = embedded.start(tmp_path, environ=given)
    assert servers.urls == given
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_its_owner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(embedded.EmbeddedError, match="OWNER_DATABASE_URL"):
        embedded.start(tmp_path, environ={"DATABASE_URL": "a"})
