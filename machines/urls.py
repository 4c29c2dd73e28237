"""Pages of customers, machines and products."""

from django.urls import path

from machines.views import customers, machines, products

app_name = "machines"
urlpatterns = [
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/options/", customers.customer_options, name="customer_options"),
    path("customers/export/", customers.customers_export, name="customers_export"),
    path("customers/<str:number>/", customers.customer_detail, name="customer"),
    path("customers/<str:number>/edit/", customers.customer_edit, name="customer_edit"),
    path("customers/<str:number>/merge/", customers.customer_merge, name="customer_merge"),
    path("machines/", machines.machine_list, name="machines"),
    path("machines/new/", machines.machine_new, name="machine_new"),
    path("machines/export/", machines.machines_export, name="machines_export"),
    # A serial number may hold a slash: what hangs below it stands first.
    path("machines/<path:serial_number>/edit/", machines.machine_edit, name="machine_edit"),
    path(
        "machines/<path:serial_number>/sell-on/", machines.machine_sell_on, name="machine_sell_on"
    ),
    path("machines/<path:serial_number>/", machines.machine_detail, name="machine"),
    path("products/", products.product_list, name="products"),
    path("products/lines/new/", products.line_new, name="line_new"),
    path("products/lines/<str:code>/", products.line_edit, name="line_edit"),
    path("products/models/new/", products.model_new, name="model_new"),
    path("products/models/<path:code>/", products.model_edit, name="model_edit"),
    path("dealers/<str:number>/territories/new/", products.territory_new, name="territory_new"),
]
