"""manage.py demo_logins: who can sign in to the demo, company by company."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from core.models import Tenant
from portal.demo.loading import COMPANIES
from portal.demo.people import PASSWORD, logins


class Command(BaseCommand):
    help = "Print one login per role of each demo company."

    def handle(self, *args: Any, **options: Any) -> None:
        there = set(Tenant.objects.values_list("slug", flat=True))
        for company in COMPANIES:
            if company.slug not in there:
                continue
            self.stdout.write(f"{company.name} ({company.name_en})")
            for login in logins(company):
                with override("en"):
                    role = str(login.role.label)
                self.stdout.write(f"  {role:22} {login.email:28} {PASSWORD}")
