"""A process that would pass the walls does not start; health says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Heartbeat
from core.startup import refuse_powerful_role


@pytest.mark.django_db
def test_the_ordinary_role_may_start() -> None:
    refuse_powerful_role()


def test_the_owner_may_not_start_the_web(committed_db: str) -> None:
    owner = os.environ["SANBAO_TEST_BASE_URL"]
    started = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=os.environ | {"DATABASE_URL": owner, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "passes the row policies" in started.stderr


@pytest.mark.django_db
def test_ready_only_while_the_sweep_ticks(client: Client) -> None:
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").json()["checks"] == {
        "database": True,
        "redis": True,
        "migrations": True,
        "sweep": False,
    }
    heart = Heartbeat.objects.create(name="sla.sweep", at=timezone.now())
    assert client.get("/readyz").status_code == 200
    heart.at -= timedelta(minutes=2)
    heart.save()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["sweep"] is False
