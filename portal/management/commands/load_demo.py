"""manage.py load_demo: the demo's two companies, once per database."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.demo.companies import Company
from portal.demo.loading import COMPANIES, SEED, load, missing, prepare
from portal.demo.stage import set_stage


class Command(BaseCommand):
    help = "Load the demo data once; each later run lets a few promises fall due again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="0.01 is a hundredth")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--company", help="only this one, by its slug, and no live part")
        parser.add_argument("--no-stage", action="store_true", help="no promises falling due")
        parser.add_argument(
            "--side-by-side", action="store_true", help="each company in a process of its own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        companies = missing()
        if options["company"]:
            self._load([one for one in companies if one.slug == options["company"]], options)
            return
        if companies:
            prepare()
        if options["side_by_side"] and len(companies) > 1:
            self._side_by_side(companies, options)
        else:
            self._load(companies, options)
        for company in () if options["no_stage"] else COMPANIES:
            set_stage(company, say=self._say)

    def _load(self, companies: list[Company], options: dict[str, Any]) -> None:
        for company in companies:
            load(company, scale=options["scale"], seed=options["seed"], say=self._say)

    def _side_by_side(self, companies: list[Company], options: dict[str, Any]) -> None:
        """Two companies share no row, so two processes load them at once."""
        connection.close()
        command = [sys.executable, sys.argv[0], "load_demo"]
        command += [f"--scale={options['scale']}", f"--seed={options['seed']}"]
        children = [
            subprocess.Popen([*command, f"--company={company.slug}"]) for company in companies
        ]
        if any([child.wait() for child in children]):
            raise CommandError("The demo data could not be loaded; see above.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
