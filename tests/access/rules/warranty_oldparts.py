"""Old parts: who ships sees its own; keeper, engineer and representative see all."""

from tests.access.rule import Rule
from warranty.views.oldparts.steps import STEPS

VIEW = {"GET": "old_part.view"}
SHIP = {"POST": "old_part.ship"}
RECEIVE = {"POST": "old_part.receive"}
WINDOWS = {"GET": "return_window.edit", "POST": "return_window.edit"}
TRUCKS = {"GET": "truck.manage", "POST": "truck.manage"}
TRUCK = {"POST": "truck.manage"}
# Written out, not read from the steps.
STEP_PERMISSIONS = {
    "appraise": "old_part.appraise",
    "dispose": "old_part.appraise",
    "finish": "old_part.move",
    "receive": "old_part.receive",
    "miss": "old_part.receive",
    "lose": "old_part.receive",
    "expect-again": "old_part.receive",
    "scrap": "old_part.ship",
    "supervise": "old_part.supervise",
    "waive": "old_part.waive",
    "misjudge": "old_part.overrule",
}
API_STEPS = {
    "tag": "old_part.ship",
    "photos": "old_part.photograph",
} | STEP_PERMISSIONS

assert {step.name for step in STEPS} == set(STEP_PERMISSIONS)
RULES = [
    Rule("warranty:old-parts", VIEW),
    Rule("warranty:old-parts-export", {"GET": "old_part.export"}),
    Rule("warranty:old-parts-tag", SHIP),
    Rule("warranty:old-parts-tags", VIEW),
    Rule("warranty:old-part", VIEW, "old_part"),
    Rule("warranty:old-part-photos", {"POST": "old_part.photograph"}, "old_part"),
    Rule("warranty:old-part-photo", VIEW, "old_part_photo"),
    Rule("warranty:old-part-unbox", SHIP, "old_part", also=frozenset({409})),
    *(
        Rule(f"warranty:old-part-{name}", {"GET": may, "POST": may}, "old_part")
        for name, may in STEP_PERMISSIONS.items()
    ),
    Rule("warranty:shipments", VIEW),
    Rule("warranty:shipment-new", SHIP),
    Rule("warranty:shipment", VIEW, "shipment"),
    Rule("warranty:shipment-paper", VIEW, "shipment"),
    Rule("warranty:shipment-ship", {"POST": "old_part.send"}, "shipment"),
    Rule("warranty:shipment-cancel", SHIP, "shipment"),
    Rule("warranty:shipment-receive", RECEIVE, "shipment"),
    Rule("warranty:box-add", SHIP, "shipment"),
    Rule("warranty:box-pack", SHIP, "box"),
    Rule("warranty:box-close", SHIP, "box", also=frozenset({409})),
    Rule("warranty:box-open", SHIP, "box"),
    Rule("warranty:box-remove", SHIP, "box"),
    Rule(
        "warranty:box-receive",
        {"GET": "old_part.receive", "POST": "old_part.receive"},
        "box",
    ),
    Rule("warranty:box-surplus", RECEIVE, "box"),
    Rule("warranty:box-finish", RECEIVE, "box"),
    Rule("warranty:return-windows", VIEW),
    Rule("warranty:return-window-new", WINDOWS),
    Rule("warranty:return-window", WINDOWS, "return_window"),
    Rule("warranty:return-window-remove", {"POST": "return_window.edit"}, "return_window"),
    Rule("warranty:trucks", {"GET": "truck.manage"}),
    Rule("warranty:truck-new", TRUCKS),
    Rule("warranty:truck", {"GET": "truck.manage"}, "truck"),
    Rule("warranty:truck-edit", TRUCKS, "truck"),
    Rule("warranty:truck-stop-add", TRUCK, "truck"),
    # The matrix names no dealer in its empty body.
    Rule("warranty:truck-stop-remove", TRUCK, "truck", also=frozenset({404})),
    Rule("warranty:truck-cancel", TRUCK, "truck"),
    Rule("warranty:truck-paper", {"GET": "truck.manage"}, "truck"),
    Rule("api-old-part-list", VIEW),
    Rule("api-old-part-detail", VIEW, "old_part"),
    *(
        Rule(
            f"api-old-part-{name}",
            {"POST": may},
            "old_part",
            also=frozenset({409, 422}),
        )
        for name, may in API_STEPS.items()
    ),
    Rule("api-shipments", {"GET": "old_part.view", "POST": "old_part.ship"}),
    Rule("api-shipment", VIEW, "shipment"),
    Rule("api-shipment-ship", {"POST": "old_part.send"}, "shipment", also=frozenset({409, 422})),
    Rule("api-shipment-cancel", SHIP, "shipment", also=frozenset({409})),
    Rule("api-shipment-receive", RECEIVE, "shipment", also=frozenset({409})),
    Rule("api-shipment-boxes", SHIP, "shipment"),
    Rule("api-shipment-box", {"DELETE": "old_part.ship"}, "box", also=frozenset({409})),
    Rule("api-box-pack", SHIP, "box"),
    Rule("api-box-unpack", SHIP, "box"),
    Rule("api-box-close", SHIP, "box", also=frozenset({409})),
    Rule("api-box-open", SHIP, "box"),
    Rule("api-box-tags", RECEIVE, "box", also=frozenset({409})),
    Rule("api-box-surplus", RECEIVE, "box", also=frozenset({409})),
    Rule("api-box-finish", RECEIVE, "box", also=frozenset({409})),
]
