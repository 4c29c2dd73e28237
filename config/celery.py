"""Celery: `celery -A config worker`, `celery -A config beat`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init

from config.schedule import SCHEDULE
from core.startup import refuse_powerful_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sanbao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _start_as_ordinary_role(**kwargs: Any) -> None:
    refuse_powerful_role()


@worker_process_init.connect
def forget_start(**kwargs: Any) -> None:
    """What was loaded at the start stays: the collector need not walk it in every batch."""
    gc.collect()
    gc.freeze()
