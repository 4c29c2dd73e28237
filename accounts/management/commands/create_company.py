"""The first step of a new installation: a company and its administrator."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug
from django.forms import ValidationError
from django.urls import reverse

from accounts import services
from core.models import Tenant


class Command(BaseCommand):
    help = "Create a company with the defaults of every part, and invite its administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of the company, as it stands on papers")
        parser.add_argument("slug", help="short name in addresses: letters, digits, - and _")
        parser.add_argument("admin_email", help="address of its first administrator")
        parser.add_argument("--admin-name", default="", help="name of the administrator")
        parser.add_argument(
            "--language", default="zh-hans", choices=[code for code, _name in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["slug"])
            validate_email(options["admin_email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if Tenant.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"There is a company {options['slug']} already.")
        tenant, invitation, secret = services.create_company(
            name=options["name"],
            slug=options["slug"],
            admin_email=options["admin_email"],
            admin_name=options["admin_name"],
            language=options["language"],
        )
        link = settings.BASE_URL.rstrip("/") + reverse("accounts:accept", args=[secret])
        self.stdout.write(f"{tenant.name} ({tenant.slug}) is created.")
        self.stdout.write(f"Invitation of {invitation.email}, valid for 72 hours, once:")
        self.stdout.write(link)
