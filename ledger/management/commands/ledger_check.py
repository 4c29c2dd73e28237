"""Re-add the books and say what is wrong; exit 1 when anything is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.models import Tenant
from core.tenancy import tenant_scope
from ledger.check import check


class Command(BaseCommand):
    help = "Re-add every account, entry, reversal, month and number; exit 1 on any finding."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", metavar="SLUG", help="only this one, by its slug")

    def handle(self, *args: Any, **options: Any) -> None:
        companies = Tenant.objects.order_by("slug")
        if options["company"]:
            companies = companies.filter(slug=options["company"])
            if not companies:
                raise CommandError(f"There is no company {options['company']}.")
        found = 0
        for tenant in companies:
            with tenant_scope(tenant.pk):
                result = check()
            self.stdout.write(
                f"{tenant.slug}: {result.accounts} accounts, {result.entries} entries,"
                f" {result.lines} lines, {len(result.findings)} findings"
            )
            for place, finding in enumerate(result.findings, start=1):
                self.stdout.write(f"  {place}. {finding}")
            found += len(result.findings)
        if found:
            raise CommandError(f"{found} findings: the books are not as they must be.")
