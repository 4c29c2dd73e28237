"""bin/bench: the busiest pages at 100,000 tickets, as ratios to a bare Django page.

Absolute times say little about another machine. The floor is the cheapest page that shows the
same fifty tickets: one query by the ORM behind the tenant's wall, one plain template, no
middleware, nobody signed in. Floor and product are timed in turns within the same rounds.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter

from config import bench_claims, bench_sweep, embedded
from config.embedded import ROOT
from config.workshop import VAR, StepFailed, manage, secret_key, step

HOME = VAR / "bench"
TENANT = "fenghe"
CALLS = 12
FLOOR = """<!doctype html><table>{% for t in tickets %}<tr><td>{{ t.number }}<td>{{ t.state }}
<td>{{ t.summary }}<td>{{ t.customer }}<td>{{ t.dealer }}<td>{{ t.reported_at }}{% endfor %}"""
# What is measured: name, who asks, address.
CASES = (
    ("list", "clerk", "/tickets/"),
    ("list, one state", "clerk", "/tickets/?state=closed"),
    ("list, searched", "clerk", "/tickets/?q=割台"),
    ("list of a dealer", "dealer", "/tickets/"),
    ("one ticket", "clerk", "/tickets/{number}/"),
    ("API list", "clerk", "/api/v1/tickets/"),
)
COPY = """
INSERT INTO tickets_ticket (number, source_key, {columns})
SELECT number || '-' || %s, '', {columns} FROM tickets_ticket
WHERE tenant_id = %s AND number ~ '^T-[0-9]{{8}}-[0-9]{{4}}$' ORDER BY id LIMIT %s
"""


def main() -> int:
    if sys.argv[1:2] == ["sweep"]:
        return bench_sweep.main(sys.argv[2:])
    if sys.argv[1:2] == ["claims"]:
        return bench_claims.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    servers = embedded.start(HOME, durable=True)
    try:
        os.environ.update(
            {"SECRET_KEY": secret_key(), "LOG_LEVEL": "ERROR", "BASE_URL": "http://testserver"}
            | {"ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "config.settings"}
            | servers.urls
        )
        for words in (
            ("prepare_database", "--quiet"),
            ("load_demo", "--side-by-side", "--no-stage"),
        ):
            with step(f"manage.py {words[0]}"):
                subprocess.run(manage(*words), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        with step(f"Filling up to {options.tickets:,} tickets"):
            fill(options.tickets)
        report(options.rounds)
    except (embedded.EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        servers.stop()
    return 0


def fill(wanted: int) -> None:
    """Copy the year's tickets until there are enough; the owner then counts the tables anew."""
    import psycopg2
    from django.db import connection

    from core.models import Tenant
    from core.tenancy import tenant_scope
    from tickets.models import Ticket

    tenant = Tenant.objects.get(slug=TENANT)
    names = [field.column for field in Ticket._meta.local_concrete_fields]
    kept = [name for name in names if name not in ("id", "number", "source_key")]
    columns = ", ".join(f'"{name}"' for name in kept)
    while True:
        with tenant_scope(tenant.pk):
            there = Ticket.objects.count()
            if there >= wanted:
                break
            with connection.cursor() as cursor:
                turn = f"{there}"
                cursor.execute(COPY.format(columns=columns), [turn, tenant.pk, wanted - there])
    with psycopg2.connect(os.environ["OWNER_DATABASE_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE")


def report(rounds: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from core.models import Tenant
    from core.tenancy import tenant_scope
    from tickets.models import Ticket

    tenant = Tenant.objects.get(slug=TENANT)
    with tenant_scope(tenant.pk):
        number = Ticket.objects.filter(state="closed").order_by("-reported_at")[0].number
        count = Ticket.objects.count()
    people = {"clerk": f"clerk@{TENANT}.example", "dealer": f"d0002@{TENANT}.example"}
    floor = bare_page(tenant.pk)
    print(f"\n{count:,} tickets, {rounds} rounds of {CALLS} calls; ratio to the bare page\n")
    print(f"{'':18} {'queries':>8} {'ms':>8} {'floor ms':>9} {'ratio':>7}  [range]")
    for name, who, path in CASES:
        client = Client()
        client.force_login(User.objects.get(email=people[who]))
        address = path.format(number=number)

        def page(client: Client = client, address: str = address) -> int:
            return client.get(address).status_code

        status = page()
        if status != HTTPStatus.OK:
            raise StepFailed(f"{name}: {address} answers {status} to {people[who]}.")
        with CaptureQueriesContext(connection) as captured:
            page()
        queries = len(captured)  # the next request empties the log
        pairs = [(median_of(page), median_of(floor)) for _round in range(rounds)]
        ratios = sorted(own / bare for own, bare in pairs)
        print(
            f"{name:18} {queries:8} "
            f"{statistics.median(own for own, _bare in pairs) * 1e3:8.1f} "
            f"{statistics.median(bare for _own, bare in pairs) * 1e3:9.1f} "
            f"{statistics.median(ratios):7.1f}  [{ratios[0]:.1f}..{ratios[-1]:.1f}]"
        )


def bare_page(tenant_id: int) -> Callable[[], int]:
    """The cheapest page of fifty tickets."""
    from django.http import HttpResponse
    from django.template import Context, Template

    from core.tenancy import tenant_scope
    from tickets.models import Ticket

    template = Template(FLOOR)

    def page() -> int:
        with tenant_scope(tenant_id):
            rows = Ticket.objects.select_related("customer", "dealer")
            newest = rows.order_by("-reported_at", "-id")[:50]
            return HttpResponse(template.render(Context({"tickets": newest}))).status_code

    return page


def median_of(page: Callable[[], int]) -> float:
    """The median time of some calls, seconds."""
    times = []
    for _call in range(CALLS):
        began = perf_counter()
        page()
        times.append(perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
