"""Parts and operations for everybody, prices for finance; suppliers and stores for the house."""

from tests.access.rule import Rule

VIEW = {"GET": "part.view"}
EDIT = {"GET": "part.edit", "POST": "part.edit"}
PRICE = {"GET": "part.price", "POST": "part.price"}
SUPPLIER_EDIT = {"GET": "supplier.edit", "POST": "supplier.edit"}
STORE_EDIT = {"GET": "store.edit", "POST": "store.edit"}
MOVE = {"GET": "stock.move", "POST": "stock.move"}
OPERATION_EDIT = {"GET": "operation.edit", "POST": "operation.edit"}

RULES = [
    Rule("parts:list", VIEW),
    Rule("parts:options", VIEW),
    Rule("parts:export", {"GET": "part.export"}),
    Rule("parts:new", EDIT),
    Rule("parts:detail", VIEW, "part"),
    Rule("parts:edit", EDIT, "part"),
    Rule("parts:price", PRICE, "part"),
    Rule("parts:fits", EDIT, "part"),
    # The matrix names no model in its empty body.
    Rule("parts:unfit", {"POST": "part.edit"}, "part", also=frozenset({404})),
    Rule("parts:serials", VIEW, "part"),
    Rule("parts:serials_new", EDIT, "part"),
    Rule("parts:suppliers", {"GET": "supplier.view"}),
    Rule("parts:suppliers_export", {"GET": "supplier.export"}),
    Rule("parts:supplier_new", SUPPLIER_EDIT),
    Rule("parts:supplier", {"GET": "supplier.view"}, "supplier", desk_only=True),
    Rule("parts:supplier_edit", SUPPLIER_EDIT, "supplier", desk_only=True),
    Rule("parts:supplier_confirm", {"POST": "supplier.edit"}, "supplier", desk_only=True),
    Rule("parts:stores", {"GET": "stock.view"}),
    Rule("parts:store_new", STORE_EDIT),
    Rule("parts:store", {"GET": "stock.view"}, "store", desk_only=True),
    Rule("parts:store_edit", STORE_EDIT, "store", desk_only=True),
    Rule("parts:moves", {"GET": "stock.view"}, "store", desk_only=True),
    Rule("parts:move_new", MOVE, "store", desk_only=True),
    Rule("parts:stock_export", {"GET": "stock.export"}, "store", desk_only=True),
    Rule("parts:operations", VIEW),
    Rule("parts:operation_options", VIEW),
    Rule("parts:operations_export", {"GET": "part.export"}),
    Rule("parts:operation_new", OPERATION_EDIT),
    Rule("parts:operation", VIEW, "operation"),
    Rule("parts:operation_edit", OPERATION_EDIT, "operation"),
    Rule("parts:operation_time", {"POST": "operation.edit"}, "operation"),
    Rule("parts:operation_untime", {"POST": "operation.edit"}, "operation"),
    Rule("parts:operation_include", {"POST": "operation.edit"}, "operation"),
    Rule(
        "parts:operation_exclude",
        {"POST": "operation.edit"},
        "operation",
        also=frozenset({404}),
    ),
    Rule("api-parts", {"GET": "part.view", "POST": "part.edit"}),
    Rule("api-part", {"GET": "part.view", "PATCH": "part.edit"}, "part"),
    Rule("api-part-prices", {"POST": "part.price"}, "part"),
    # Without a model in the query there is nothing to take away.
    Rule(
        "api-part-fits",
        {"POST": "part.edit", "DELETE": "part.edit"},
        "part",
        also=frozenset({404}),
    ),
    Rule("api-part-serials", {"GET": "part.view", "POST": "part.edit"}, "part"),
    Rule("api-suppliers", {"GET": "supplier.view", "POST": "supplier.edit"}),
    Rule(
        "api-supplier",
        {"GET": "supplier.view", "PATCH": "supplier.edit"},
        "supplier",
        desk_only=True,
    ),
    Rule("api-supplier-confirm", {"POST": "supplier.edit"}, "supplier", desk_only=True),
    Rule("api-stores", {"GET": "stock.view"}),
    Rule("api-store-stock", {"GET": "stock.view"}, "store", desk_only=True),
    Rule("api-store-moves", {"GET": "stock.view", "POST": "stock.move"}, "store", desk_only=True),
    Rule("api-operations", {"GET": "part.view", "POST": "operation.edit"}),
    Rule("api-operation", {"GET": "part.view", "PATCH": "operation.edit"}, "operation"),
    Rule(
        "api-operation-times",
        {"POST": "operation.edit", "DELETE": "operation.edit"},
        "operation",
    ),
    Rule(
        "api-operation-includes",
        {"POST": "operation.edit", "DELETE": "operation.edit"},
        "operation",
        also=frozenset({404}),
    ),
]
