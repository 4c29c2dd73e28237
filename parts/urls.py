"""Pages of parts, suppliers, stores and labour operations."""

from django.urls import path

from parts.views import catalogue, operations, stores, suppliers

app_name = "parts"
# A number or code may hold a slash: what hangs below it stands first.
urlpatterns = [
    path("parts/", catalogue.part_list, name="list"),
    path("parts/new/", catalogue.part_new, name="new"),
    path("parts/options/", catalogue.part_options, name="options"),
    path("parts/export/", catalogue.part_export, name="export"),
    path("parts/<path:number>/edit/", catalogue.part_edit, name="edit"),
    path("parts/<path:number>/price/", catalogue.part_price, name="price"),
    path("parts/<path:number>/fits/", catalogue.part_fits, name="fits"),
    path("parts/<path:number>/fits/remove/", catalogue.part_unfit, name="unfit"),
    path("parts/<path:number>/serials/", catalogue.part_serials, name="serials"),
    path("parts/<path:number>/serials/new/", catalogue.part_serials_new, name="serials_new"),
    path("parts/<path:number>/", catalogue.part_detail, name="detail"),
    path("suppliers/", suppliers.supplier_list, name="suppliers"),
    path("suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path("suppliers/export/", suppliers.suppliers_export, name="suppliers_export"),
    path("suppliers/<path:code>/edit/", suppliers.supplier_edit, name="supplier_edit"),
    path("suppliers/<path:code>/confirm/", suppliers.supplier_confirm, name="supplier_confirm"),
    path("suppliers/<path:code>/", suppliers.supplier_detail, name="supplier"),
    path("stores/", stores.store_list, name="stores"),
    path("stores/new/", stores.store_new, name="store_new"),
    path("stores/<path:code>/edit/", stores.store_edit, name="store_edit"),
    path("stores/<path:code>/moves/", stores.store_moves, name="moves"),
    path("stores/<path:code>/move/", stores.move_new, name="move_new"),
    path("stores/<path:code>/export/", stores.stock_export, name="stock_export"),
    path("stores/<path:code>/", stores.store_detail, name="store"),
    path("operations/", operations.operation_list, name="operations"),
    path("operations/new/", operations.operation_new, name="operation_new"),
    path("operations/options/", operations.operation_options, name="operation_options"),
    path("operations/export/", operations.operations_export, name="operations_export"),
    path("operations/<path:code>/edit/", operations.operation_edit, name="operation_edit"),
    path("operations/<path:code>/time/", operations.operation_time, name="operation_time"),
    path("operations/<path:code>/untime/", operations.operation_untime, name="operation_untime"),
    path("operations/<path:code>/include/", operations.operation_include, name="operation_include"),
    path("operations/<path:code>/exclude/", operations.operation_exclude, name="operation_exclude"),
    path("operations/<path:code>/", operations.operation_detail, name="operation"),
]
