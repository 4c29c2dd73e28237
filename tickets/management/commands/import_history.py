"""manage.py import_history FILE --tenant SLUG [--zone Asia/Shanghai] [--report FILE.csv]"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor
from core.models import Tenant
from core.tenancy import tenant_scope
from tickets.history_import import FINDINGS, NotAnEventLog
from tickets.history_services import HistoryReport, import_history

# Said with counts by column, not line by line: an export has thousands of them.
ONLY_COUNTED = "unknown"


class Command(BaseCommand):
    help = "Load an incident event log (CSV, one line per change) into a tenant as tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, help="the company's slug")
        parser.add_argument(
            "--zone",
            default="Asia/Shanghai",
            help="zone of the file's times, which name none (default %(default)s)",
        )
        parser.add_argument("--report", type=Path, help="write every finding as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no company “{options['tenant']}”.")
        report = self._import(tenant, options["file"], _zone(options["zone"]))
        self._tell(report)
        if options["report"]:
            _write(report, options["report"])

    def _import(self, tenant: Tenant, path: Path, zone: ZoneInfo) -> HistoryReport:
        try:
            with (
                path.open(encoding="utf-8-sig", newline="") as lines,
                tenant_scope(tenant.pk),
            ):
                return import_history(
                    actor=Actor.system(tenant.pk, "import_history"),
                    tenant=tenant,
                    lines=lines,
                    zone=zone,
                    source=path.name,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (NotAnEventLog, UnicodeDecodeError) as error:
            raise CommandError(f"{path} is no event log: {error}") from error

    def _tell(self, report: HistoryReport) -> None:
        write = self.stdout.write
        for finding in report.findings:
            if finding.about != ONLY_COUNTED:
                where = f"line {finding.line}" if finding.line else "all lines"
                what = f"{finding.column}={finding.value}" if finding.value else ""
                write(f"{where}: {finding.incident} {finding.about} {what}".rstrip())
        write("\nCould not be taken over as it stood:")
        for about, count in sorted(report.counts().items()):
            write(f"{count:7,}  {about}: {FINDINGS[about]}")
        columns: dict[str, int] = {}
        for finding in report.findings:
            if finding.about == ONLY_COUNTED:
                columns[finding.column] = columns.get(finding.column, 0) + 1
        for column, count in sorted(columns.items(), key=lambda item: -item[1]):
            write(f"{count:16,}  {column}")
        write(
            f"\n{report.lines:,} lines of {report.incidents:,} incidents read; "
            f"{report.tickets:,} tickets with {report.entries:,} entries imported "
            f"({report.reopened:,} reopened, {report.reassigned:,} reassigned, "
            f"{report.kept_promise:,} kept their promise); "
            f"{report.already_there:,} were there already."
        )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"There is no time zone “{name}”.") from error


def _write(report: HistoryReport, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "incident", "about", "column", "value"])
        for finding in report.findings:
            writer.writerow(
                [
                    finding.line or "",
                    finding.incident,
                    finding.about,
                    finding.column,
                    finding.value,
                ]
            )
