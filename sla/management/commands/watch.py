"""The watcher of the sweep, a process of its own beside worker and beat."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from sla.watch import look

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Mail the administrators when reminders and escalations stand still, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=15, help="seconds between two looks")
        parser.add_argument("--pulse", type=Path, help="a file to touch at each look")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                look()
                if options["pulse"]:
                    options["pulse"].touch()
            except DatabaseError:
                # A watcher that dies of what it watches is none: it looks again.
                log.exception("sla.watch_failed")
            if options["once"]:
                return
            close_old_connections()
            time.sleep(options["every"])
