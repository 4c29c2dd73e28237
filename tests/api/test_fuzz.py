"""Whatever a client sends: no answer is the server's fault, and each is one the schema knows.

Short by default, with the same cases on every run; SANBAO_PROVE=1 tries a hundred per address.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sla.defaults import install_defaults
from sla.models import Calendar, Policy
from tests.access.things import NO_UUID, THINGS
from tests.cast import Cast, World, a_ticket, with_token
from tests.visits.builders import a_callback, a_visit
from tickets.models import Ticket

PROVE = os.environ.get("SANBAO_PROVE") == "1"
EXAMPLES = 50 if PROVE else 4  # of each of the two kinds: what fits the schema, what does not
KINDS = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PEOPLE = ["administrator", "supervisor", "clerk", "dealer_principal"]
PARTS = [
    "calendars callbacks clocks customers dashboard exports me",
    "dealers grades lines machines models notifications rate-cards",
    "coverage-plans registrations",
    "people policies regions remedies symptoms tokens visits",
    "absences accounts entries webhooks",
    "parts suppliers stores operations",
    "claims preauthorisations",
    "reports",
    "cases spot-checks recoveries",
    "old-parts shipments",
    "settlements adjustments receivables",
    "tickets",
]


# Parts of an address that are words, not things.
FIXED = {"subject": "ticket", "promise": "arrange", "box": 1}


class Api:
    """The API of a company that has one of everything; what each example does is taken back."""

    def __init__(self, cast: Cast) -> None:
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())
        self.headers = {who: dict(_headers(cast, who)) for who in PEOPLE}
        self.answers = Counter[int]()
        self.failures: list[str] = []
        self.last = ""
        with cast.scope():
            tickets = _tickets(cast)
            self.real: dict[str, list[str]] = {
                "tickets": tickets,
                "callbacks": [_callback(cast)],
                "visits": [_visit(cast)],
                "clocks": [tickets[0]],
                "customers": [cast.customer.number, cast.neighbour_customer.number],
                "machines": [cast.machine.serial_number],
                "dealers": [cast.dealer.number, cast.neighbour.number],
                "rate-cards": [THINGS["rate_card"].owned(cast)["code"]],
                "registrations": [THINGS["registration"].owned(cast)["number"]],
                "lines": [cast.line.code],
                "models": [cast.model.code],
                "symptoms": [cast.symptom.code],
                "calendars": list(Calendar.objects.values_list("code", flat=True)),
                "policies": list(Policy.objects.values_list("code", flat=True)),
                "people": [str(THINGS["person"].owned(cast)["public_id"])],
                "notifications": [str(THINGS["notification"].owned(cast)["public_id"])],
                "webhooks": [str(each) for each in THINGS["webhook"].owned(cast).values()],
                "accounts": [THINGS["account"].owned(cast)["code"]],
                "entries": [THINGS["entry"].owned(cast)["number"]],
                "parts": [THINGS["part"].owned(cast)["number"]],
                "suppliers": [THINGS["supplier"].owned(cast)["code"]],
                "stores": [THINGS["store"].owned(cast)["code"]],
                "operations": [THINGS["operation"].owned(cast)["code"]],
                "claims": [THINGS["claim"].owned(cast)["number"]],
                "preauthorisations": [THINGS["consent"].owned(cast)["number"]],
                "reports": [THINGS["report"].owned(cast)["number"]],
                "cases": [THINGS["case"].owned(cast)["number"]],
                "spot-checks": list(THINGS["spot_check_item"].owned(cast).values()),
                "recoveries": [THINGS["recovery"].owned(cast)["number"]],
                "old-parts": [THINGS["old_part"].owned(cast)["number"]],
                "shipments": [THINGS["shipment"].owned(cast)["number"]],
                "settlements": [THINGS["settlement"].owned(cast)["number"]],
                "adjustments": [THINGS["adjustment"].owned(cast)["number"]],
                "exports": [str(THINGS["export"].owned(cast)["public_id"])],
            }
        real = self.real
        self.words: dict[str, list[Any]] = {
            "customer": real["customers"],
            "machine": real["machines"],
            "dealer": real["dealers"],
            "product_line": real["lines"],
            "line": real["lines"],
            "model": real["models"],
            "symptom": real["symptoms"],
            "tickets": [real["tickets"]],
            "part": real["parts"],
            "replaces": real["parts"],
            "supplier": real["suppliers"],
            "ticket": real["tickets"],
            "included": real["operations"],
            "into": [real["tickets"][0], real["customers"][0]],
            "level": [cast.level.code],
            "parent": real["dealers"],
            "region_code": ["371402", "37"],
            "phones": [[{"number": "13700137000"}]],
            "phone": ["0534-7654321"],
            "caller_phone": ["13800138000"],
            "technician_phone": [""],
            "version": [1],
        }

    def operations(self, parts: str) -> Iterator[Any]:
        for each in self.schema.get_all_operations():
            operation = each.ok()
            if _part(operation.path) in parts.split():
                yield operation

    def try_out(self, operation: Any, kind: Any) -> None:
        """Some cases of one address; a failure is kept, the other addresses are tried too."""

        @given(
            case=operation.as_strategy(generation_mode=kind),
            who=st.sampled_from(PEOPLE),
            is_real=st.sampled_from([True, True, False]),
            pick=st.integers(0, 9),
        )
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        def attempt(case: Any, who: str, is_real: bool, pick: int) -> None:
            if is_real:
                self.fill(case, pick)
            self.last = case.as_curl_command()
            with transaction.atomic():
                answer = case.call(headers=self.headers[who])
                transaction.set_rollback(True)
            self.answers[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS, headers=self.headers[who])

        try:
            attempt()
        except FailureGroup as found:
            # The last case is the smallest one that fails.
            self.failures += [f"{self.last}\n{each}" for each in found.exceptions]
        except Exception as error:
            self.failures.append(f"{self.last}\n{error!r}")

    def fill(self, case: Any, pick: int) -> None:
        """Put in what the company has, so that a case comes past the first refusal."""
        rows = self.real.get(_part(case.path), [])
        for name in case.path_parameters or {}:
            if name in FIXED:
                case.path_parameters[name] = FIXED[name]
            elif rows:
                case.path_parameters[name] = rows[pick % len(rows)]
        if isinstance(case.body, dict):
            for name in set(case.body) & set(self.words):
                case.body[name] = self.words[name][pick % len(self.words[name])]


@pytest.fixture
def fuzzed(world: World) -> Iterator[Api]:
    signals = (request_started, request_finished)
    # A server puts old connections away; here the one of the test's transaction would be lost.
    for signal in signals:
        signal.disconnect(close_old_connections)
    install_defaults(world.owner.tenant)
    yield Api(world.owner)
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("parts", PARTS)
def test_no_answer_is_the_servers_fault_or_unknown_to_the_schema(
    fuzzed: Api, parts: str, record_property: Any
) -> None:
    operations = list(fuzzed.operations(parts))
    assert operations
    for operation in operations:
        for kind in KINDS:
            if (
                kind.is_negative
                and not operation.body
                and not len(list(operation.iter_parameters()))
            ):
                continue
            fuzzed.try_out(operation, kind)
    record_property("operations", len(operations))
    record_property("answers", dict(fuzzed.answers))
    # Cases that all end at the gate would prove nothing.
    assert {200, 403, 422} <= set(fuzzed.answers)
    assert fuzzed.failures == [], "\n\n".join(fuzzed.failures)


def test_every_address_is_tried(fuzzed: Api) -> None:
    every = {_part(each.ok().path) for each in fuzzed.schema.get_all_operations()}
    assert every == set(" ".join(PARTS).split())


def test_nothing_is_told_to_who_has_no_token(fuzzed: Api, client: Any) -> None:
    asked = 0
    for each in fuzzed.schema.get_all_operations():
        operation = each.ok()
        path = operation.path
        known = fuzzed.real.get(_part(operation.path), [""])[0]
        for name in re.findall(r"\{(\w+)\}", path):
            path = path.replace(f"{{{name}}}", str(FIXED.get(name, known)))
        path = re.sub(r"(attachments|exports)/[^/]+/$", rf"\1/{NO_UUID}/", path)
        for credentials in ({}, {"Authorization": "Bearer sb_wrong"}, {"Authorization": "Basic x"}):
            answer = client.generic(
                operation.method.upper(), path, content_type="application/json", headers=credentials
            )
            asked += 1
            assert answer.status_code == 401, f"{operation.label} {credentials}"
            assert set(answer.json()) == {"error"}
            assert answer["WWW-Authenticate"] == "Bearer"
    assert asked > 200


def _part(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/")[0]


def _headers(cast: Cast, who: str) -> Iterator[tuple[str, str]]:
    client: Any = with_token(cast, who)
    yield "Authorization", client._credentials["HTTP_AUTHORIZATION"]


def _tickets(cast: Cast) -> list[str]:
    """One in each state of the main job, with the offer that waits for its answer."""
    offered = Ticket.objects.get(number=THINGS["ticket"].owned(cast)["number"])
    held = {"dealer": cast.dealer, "team": "dealer"}
    named = {"arranged_at": offered.reported_at, "visit_at": offered.reported_at}
    rows = [
        offered,
        a_ticket(cast),
        a_ticket(cast, state="accepted", **held),
        *(a_ticket(cast, state=state, **held, **named) for state in ("arranged", "waiting")),
        a_ticket(cast, state="done", done_at=offered.reported_at, **held),
        a_ticket(cast, state="cancelled"),
    ]
    return [str(ticket.number) for ticket in rows]


def _callback(cast: Cast) -> str:
    ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="done")
    return str(a_callback(cast, ticket).number)


def _visit(cast: Cast) -> str:
    ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="accepted")
    return str(a_visit(cast, ticket).number)
