"""Customers, machines and products."""

from tests.access.rule import Rule

EDIT_CUSTOMER = {"GET": "customer.edit", "POST": "customer.edit"}
EDIT_MACHINE = {"GET": "machine.edit", "POST": "machine.edit"}
EDIT_PRODUCT = {"GET": "product.edit", "POST": "product.edit"}
CREATE_CARD = {"GET": "registration.create", "POST": "registration.create"}
MERGE = {"GET": "customer.merge", "POST": "customer.merge"}

RULES = [
    Rule("machines:customers", {"GET": "customer.view"}),
    Rule("machines:customer_options", {"GET": "customer.view"}),
    Rule("machines:customers_export", {"GET": "customer.export"}),
    Rule("machines:customer_new", EDIT_CUSTOMER),
    Rule("machines:customer", {"GET": "customer.view"}, thing="customer"),
    Rule("machines:customer_edit", EDIT_CUSTOMER, thing="customer"),
    Rule("machines:customer_merge", MERGE, thing="customer"),
    Rule("machines:machines", {"GET": "machine.view"}),
    Rule("machines:machines_export", {"GET": "machine.export"}),
    Rule("machines:machine_new", EDIT_MACHINE),
    Rule("machines:machine", {"GET": "machine.view"}, thing="machine"),
    Rule("machines:machine_edit", EDIT_MACHINE, thing="machine"),
    Rule("machines:machine_sell_on", EDIT_MACHINE, thing="machine"),
    Rule("machines:machine_label", {"GET": "machine.view"}, thing="machine"),
    Rule("machines:machine_scan", {"GET": "machine.view"}, thing="machine"),
    Rule(
        "machines:coverage_extend",
        {"GET": "coverage.extend", "POST": "coverage.extend"},
        thing="coverage",
    ),
    Rule("machines:registrations", {"GET": "registration.view"}),
    Rule("machines:registrations_export", {"GET": "registration.export"}),
    Rule("machines:registration_new", CREATE_CARD),
    Rule("machines:registration_look", {"GET": "registration.create"}),
    Rule("machines:compliance", {"GET": "registration.view"}),
    Rule("machines:not_registered", {"GET": "registration.view"}),
    Rule("machines:registration", {"GET": "registration.view"}, thing="registration"),
    Rule(
        "machines:registration_waive",
        {"GET": "registration.waive", "POST": "registration.waive"},
        thing="registration",
    ),
    Rule(
        "machines:registration_void",
        {"GET": "registration.void", "POST": "registration.void"},
        thing="registration",
    ),
    Rule("machines:registration_paper", {"GET": "registration.view"}, thing="registration"),
    Rule("machines:registration_certificate", {"GET": "registration.view"}, thing="registration"),
    Rule("machines:plans", {"GET": "plan.view"}),
    Rule("machines:plan_new", {"GET": "plan.edit", "POST": "plan.edit"}),
    Rule(
        "machines:plan_withdraw",
        {"POST": "plan.edit"},
        kwargs={"version": "1", "scope": "all"},
        also=frozenset({404}),
    ),
    Rule("machines:products", {"GET": "machine.view"}),
    Rule("machines:line_new", EDIT_PRODUCT),
    Rule("machines:line_edit", EDIT_PRODUCT, kwargs={"code": "HARVESTER"}),
    Rule("machines:model_new", EDIT_PRODUCT),
    Rule("machines:model_edit", EDIT_PRODUCT, kwargs={"code": "4LZ-6.0"}),
    Rule(
        "machines:territory_new",
        {"GET": "dealer.edit", "POST": "dealer.edit"},
        thing="dealer",
    ),
    Rule("api-customers", {"GET": "customer.view", "POST": "customer.edit"}),
    Rule("api-customer", {"GET": "customer.view", "PATCH": "customer.edit"}, thing="customer"),
    Rule("api-customer-merge", {"POST": "customer.merge"}, thing="customer"),
    Rule("api-machines", {"GET": "machine.view", "POST": "machine.edit"}),
    Rule("api-machine", {"GET": "machine.view", "PATCH": "machine.edit"}, thing="machine"),
    Rule("api-machine-sell-on", {"POST": "machine.edit"}, thing="machine"),
    Rule("api-machine-coverage", {"GET": "machine.view"}, thing="machine"),
    Rule("api-registrations", {"GET": "registration.view", "POST": "registration.create"}),
    Rule("api-registration", {"GET": "registration.view"}, thing="registration"),
    Rule("api-registration-waive", {"POST": "registration.waive"}, thing="registration"),
    Rule("api-registration-void", {"POST": "registration.void"}, thing="registration"),
    Rule("api-coverage-plans", {"GET": "plan.view"}),
    Rule("api-lines", {"GET": "machine.view", "POST": "product.edit"}),
    Rule(
        "api-line",
        {"GET": "machine.view", "PATCH": "product.edit"},
        kwargs={"code": "HARVESTER"},
    ),
    Rule("api-models", {"GET": "machine.view", "POST": "product.edit"}),
    Rule("api-model", {"GET": "machine.view", "PATCH": "product.edit"}, kwargs={"code": "4LZ-6.0"}),
]
