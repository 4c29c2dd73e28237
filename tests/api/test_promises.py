"""What the API promises of all its addresses: creating is repeatable, lists filter as pages do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

import accounts.views.people
import dealers.views.dealers
import dealers.views.rates
import knowledge.views
import machines.views.customers
import machines.views.machines
import machines.views.registrations
import parts.views.catalogue
import parts.views.operations
import parts.views.stores
import parts.views.suppliers
import sla.views.clocks
import tickets.views.lists
import visits.views
import warranty.views.adjustments
import warranty.views.cases
import warranty.views.claims.lists
import warranty.views.consents
import warranty.views.oldparts.pieces
import warranty.views.oldparts.shipments
import warranty.views.recoveries
import warranty.views.reports.pages
import warranty.views.settlements
import warranty.views.spotchecks
from core.api import KEY_HEADER
from sla.defaults import install_defaults
from tests.access.test_matrix import URLS
from tests.access.things import THINGS
from tests.cast import World, a_ticket, with_token

CALL = {"kind": "repair", "summary": "收割机不启动", "route": False}
# A good body for every address that creates: who sends it, what the address points at, the body.
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "/callbacks/{number}/attempts/": ("clerk", "callback", {"outcome": "no_answer"}),
    "/callbacks/{number}/complete/": ("clerk", "callback", {"score": 5, "is_resolved": True}),
    "/customers/": ("clerk", "", {"name": "赵铁柱", "phones": [{"number": "13700137000"}]}),
    "/dealers/": (
        "administrator",
        "",
        {"name": "禹城金田", "level": "A", "phone": "0534-7654321", "region_code": "371482"},
    ),
    "/dealers/{number}/territories/": ("administrator", "dealer", {"region_code": "3715"}),
    "/exports/": ("supervisor", "", {"query": "open=1", "file_type": "csv"}),
    "/lines/": ("administrator", "", {"code": "TRICYCLE", "name": "三轮车"}),
    "/machines/": ("clerk", "", {"serial_number": "X-1", "model": "4LZ-6.0"}),
    "/models/": ("administrator", "", {"code": "DS-1", "name": "大运", "line": "HARVESTER"}),
    "/operations/": (
        "engineer",
        "",
        {"code": "R09", "name": "更换皮带", "standard_minutes": 30},
    ),
    "/parts/": ("engineer", "", {"number": "pd-1", "name": "皮带"}),
    "/parts/{number}/prices/": (
        "administrator",
        "part",
        {"reason": "新价", "amount": "12.50", "from_on": "2026-01-01"},
    ),
    "/parts/{number}/serials/": ("keeper", "part", {"batch": "B1", "numbers": ["S1", "S2"]}),
    "/spot-checks/": ("technical_manager", "settled_claim", {"dealer": "D-0001"}),
    "/shipments/": ("dealer_clerk", "", {"note": "第一批"}),
    "/shipments/{number}/boxes/": ("dealer_clerk", "shipment", {}),
    "/stores/{code}/moves/": (
        "keeper",
        "store",
        {"quantity": "2", "part": "DJ-72/1500", "reason": "盘点"},
    ),
    "/suppliers/": ("engineer", "", {"code": "JT", "name": "金田轴承"}),
    "/reports/": (
        "dealer_technician",
        "",
        {
            "complaint": "打不着火",
            "machine": "4LZ2026000001",
            "client_key": "6f1c9a52-6c0e-4d8e-9d39-0b9f6f2d5c11",
        },
    ),
    "/reports/{number}/claims/": ("dealer_clerk", "signed_report", {}),
    "/preauthorisations/": (
        "dealer_clerk",
        "",
        {"asked_for": "换变速箱", "asked": "1200.00", "machine": "4LZ2026000001"},
    ),
    "/reports/{number}/evidence/": ("dealer_technician", "report", {}),
    "/reports/{number}/versions/": ("dealer_technician", "signed_report", {"reason": "写错"}),
    "/registrations/": (
        "clerk",
        "",
        {
            "signed_name": "张丰收",
            "serial_number": "4LZ2026000001",
            "invoice_on": "2026-05-01",
        },
    ),
    "/settlements/": (
        "finance",
        "payable_claim",
        {"dealer": "D-0001", "from_on": "2026-01-01", "until_on": "2099-01-01"},
    ),
    "/adjustments/": (
        "finance",
        "",
        {"dealer": "D-0001", "kind": "deduction", "amount": "10.00", "words": "旧件未返还"},
    ),
    "/receivables/": (
        "finance",
        "",
        {"dealer": "D-0001", "invoice": "XS-1", "amount": "10.00", "on": "2026-11-01"},
    ),
    "/symptoms/": (
        "administrator",
        "",
        {"code": "T1", "name": "不充电", "severity": "general"},
    ),
    "/tickets/": ("clerk", "", CALL),
    "/tickets/{number}/attachments/": ("clerk", "ticket", {}),
    "/tickets/{number}/notes/": ("clerk", "ticket", {"text": "带电瓶"}),
}
# Filters of pages and of the API's lists; a link may lead to more than the page's bar shows.
PAGES = {
    "api-claims": warranty.views.claims.lists.ClaimFilter,
    "api-preauthorisations": warranty.views.consents.PreAuthorisationFilter,
    "api-reports": warranty.views.reports.pages.ReportFilter,
    "api-people": accounts.views.people.PeopleFilter,
    "api-dealers": dealers.views.dealers.DealerFilter,
    "api-rate-cards": dealers.views.rates.RateCardFilter,
    "api-customers": machines.views.customers.CustomerFilter,
    "api-machines": machines.views.machines.MachineFilter,
    "api-parts": parts.views.catalogue.PartFilter,
    "api-part-serials": parts.views.catalogue.SerialFilter,
    "api-suppliers": parts.views.suppliers.SupplierFilter,
    "api-store-stock": parts.views.stores.StockFilter,
    "api-store-moves": parts.views.stores.MoveFilter,
    "api-operations": parts.views.operations.OperationFilter,
    "api-cases": warranty.views.cases.CaseFilter,
    "api-spot-checks": warranty.views.spotchecks.SpotCheckFilter,
    "api-recoveries": warranty.views.recoveries.RecoveryFilter,
    "api-registrations": machines.views.registrations.RegistrationFilter,
    "api-settlements": warranty.views.settlements.SettlementFilter,
    "api-adjustments": warranty.views.adjustments.AdjustmentFilter,
    "api-symptoms": knowledge.views.SymptomFilter,
    "api-clock-list": sla.views.clocks.BoardFilter,
    "api-ticket-list": tickets.views.lists.TicketFilter,
    "api-callback-list": visits.views.CallbackFilter,
    "api-old-part-list": warranty.views.oldparts.pieces.OldPartFilter,
    "api-shipments": warranty.views.oldparts.shipments.ShipmentFilter,
}
# Lists that no page filters: a handful of rows, or the API's alone.
UNFILTERED = {
    "api-receivables",
    "api-tokens",
    "api-regions",
    "api-contracts",
    "api-grades",
    "api-territories",
    "api-lines",
    "api-models",
    "api-stores",
    "api-coverage-plans",
    "api-policy-list",
    "api-calendar-list",
    "api-absences",
    "api-accounts",
    "api-webhooks",
}
ALONE = {"api-visit-list", "api-notifications"}


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    schema = SchemaGenerator().get_schema(public=True)
    return {
        (method, path.removeprefix("/api/v1")): told
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }


def test_every_creating_address_is_known_and_says_that_it_takes_a_key(
    operations: dict[tuple[str, str], dict[str, Any]],
) -> None:
    keyed = {
        path
        for (_method, path), told in operations.items()
        if any(each["name"] == KEY_HEADER for each in told.get("parameters", []))
    }
    creating = {path for (method, path), told in operations.items() if "201" in told["responses"]}
    actions = {
        name
        for name, view in URLS.items()
        if getattr(view, "actions", {}).get("post") == "create" and name.startswith("api-")
    }
    assert len(actions) == sum("{" not in p or "territories" in p for p in creating)
    assert creating <= keyed == set(BODIES)


@pytest.mark.parametrize("path", BODIES)
def test_a_repeated_post_creates_once(world: World, path: str) -> None:
    install_defaults(world.owner.tenant)
    who, thing, body = BODIES[path]
    with world.owner.scope():
        named = THINGS[thing].owned(world.owner) if thing else {}
    url = f"/api/v1{path.format(**named)}"
    client = with_token(world.owner, who)

    def post(key: str, **changes: Any) -> Any:
        sent, how = body | changes, "json"
        if path.endswith(("/attachments/", "/evidence/")):
            how, content = "multipart", str(changes).encode()
            sent = {"file": SimpleUploadedFile("a.txt", content)}
        return client.post(url, sent, format=how, headers={KEY_HEADER: key})

    first, again = post("k1"), post("k1")
    assert first.status_code in {200, 201}, first.content
    assert again.status_code == first.status_code
    assert again.json() == first.json() and again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    name = next(iter(body), "text")
    other = {name: "4" if isinstance(body.get(name), str) else 4}
    changed = post("k1", **other)
    assert changed.status_code == 422, changed.content
    assert changed.json()["error"]["code"] == "idempotency.key_reused"
    assert post("k" * 256).status_code == 422


def test_lists_of_the_api_have_the_filters_of_the_pages() -> None:
    lists = {
        name: view.cls
        for name, view in URLS.items()
        if name.startswith("api-") and getattr(view, "actions", {}).get("get") == "list"
    }
    assert set(lists) == set(PAGES) | UNFILTERED | ALONE
    for name, cls in lists.items():
        filters: Any = getattr(cls, "filterset_class", None)
        if name in PAGES:
            # The board asks two of the API's questions: the one stands on the other.
            assert issubclass(filters, PAGES[name]), name
        else:
            assert (filters is not None) == (name in ALONE), name


def _template(name: str) -> str:
    """The address of a view as the schema writes it, such as /parts/{number}/serials/."""
    template, names = get_resolver().reverse_dict.getlist(name)[0][0][0]
    return str(template % {each: f"{{{each}}}" for each in names})


def test_the_schema_names_every_filter(operations: dict[tuple[str, str], dict[str, Any]]) -> None:
    for name, view in URLS.items():
        filters = getattr(getattr(view, "cls", None), "filterset_class", None)
        if filters is None or view.actions.get("get") != "list":
            continue
        path = _template(name).removeprefix("api/v1")
        parameters = operations["get", path]["parameters"]
        told = {each["name"] for each in parameters if each["in"] == "query"}
        assert told == {*filters.base_filters, "cursor", "page_size"}, path


def test_a_key_belongs_to_one_token(world: World) -> None:
    with world.owner.scope():
        a_ticket(world.owner)
    numbers = set()
    for client in (with_token(world.owner, "clerk"), with_token(world.owner, "clerk")):
        assert isinstance(client, APIClient)
        answer = client.post("/api/v1/tickets/", CALL, headers={KEY_HEADER: "same"})
        numbers.add(answer.json()["number"])
    assert len(numbers) == 2
