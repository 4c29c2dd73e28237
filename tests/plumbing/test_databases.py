"""The walls the tests themselves stand on."""

import os
import subprocess
import sys
import threading
from contextlib import closing

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, connections
from django.utils.timezone import now

from tests import databases
from tests.servers import ROOT


@pytest.mark.django_db
def test_the_tests_run_as_a_role_that_row_policies_bind() -> None:
    with connection.cursor() as cursor:
        assert databases.complaint_about_role(cursor) is None


@pytest.mark.django_db
def test_the_owner_would_be_turned_away() -> None:
    with (
        closing(psycopg2.connect(os.environ["OWNER_DATABASE_URL"])) as owner,
        owner.cursor() as cursor,
    ):
        complaint = databases.complaint_about_role(cursor)
    assert complaint is not None
    assert "bypassrls=True" in complaint


@pytest.mark.django_db
def test_the_ordinary_role_cannot_make_tables() -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE public.mine (id integer)")


def test_what_a_committed_db_commits_other_threads_and_processes_see(committed_db: str) -> None:
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now())
    seen: list[int] = []

    def look() -> None:
        seen.append(Session.objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    program = (
        "import django; django.setup();"
        "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen == [1]
    assert other.stdout.strip() == "1"
    assert connection.settings_dict["NAME"] == committed_db


@pytest.mark.django_db
def test_the_worker_is_back_in_its_own_database() -> None:
    assert Session.objects.count() == 0
    assert "_".join(connection.settings_dict["NAME"].split("_")[:2]) == "sanbao_test"
