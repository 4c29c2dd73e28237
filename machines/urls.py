"""Pages of customers, machines and products."""

from django.urls import path

from machines.views import coverage, customers, machines, plans, products, registrations

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
    path("machines/<path:serial_number>/label/", coverage.machine_label, name="machine_label"),
    path("machines/<path:serial_number>/scan/", coverage.machine_scan, name="machine_scan"),
    path(
        "machines/<path:serial_number>/coverage/<int:place>/extend/",
        coverage.coverage_extend,
        name="coverage_extend",
    ),
    path("machines/<path:serial_number>/", machines.machine_detail, name="machine"),
    path("products/", products.product_list, name="products"),
    path("products/lines/new/", products.line_new, name="line_new"),
    path("products/lines/<str:code>/", products.line_edit, name="line_edit"),
    path("products/models/new/", products.model_new, name="model_new"),
    path("products/models/<path:code>/", products.model_edit, name="model_edit"),
    path("dealers/<str:number>/territories/new/", products.territory_new, name="territory_new"),
    path("registrations/", registrations.registration_list, name="registrations"),
    path("registrations/new/", registrations.registration_new, name="registration_new"),
    path("registrations/look/", registrations.registration_look, name="registration_look"),
    path("registrations/export/", registrations.registrations_export, name="registrations_export"),
    path("registrations/compliance/", registrations.compliance, name="compliance"),
    path("registrations/missing/", registrations.not_registered, name="not_registered"),
    path("registrations/<str:number>/", registrations.registration_detail, name="registration"),
    path(
        "registrations/<str:number>/waive/",
        registrations.registration_waive,
        name="registration_waive",
    ),
    path(
        "registrations/<str:number>/void/",
        registrations.registration_void,
        name="registration_void",
    ),
    path(
        "registrations/<str:number>/card.pdf",
        registrations.registration_paper,
        name="registration_paper",
    ),
    path(
        "registrations/<str:number>/certificate.pdf",
        registrations.registration_certificate,
        name="registration_certificate",
    ),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:version>/<path:scope>/withdraw/", plans.plan_withdraw, name="plan_withdraw"),
]
