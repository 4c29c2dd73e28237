"""The REST API under /api/v1/: one router list per app."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api import AbsenceViewSet, MeViewSet, PeopleViewSet, TokenViewSet
from dealers.api import DealerViewSet, RegionViewSet
from dealers.terms_api import DealerTermsViewSet, LevelViewSet, RateCardViewSet
from knowledge.api import SymptomViewSet
from machines.api import CustomerViewSet, MachineViewSet
from machines.products_api import LineViewSet, ModelViewSet, TerritoryViewSet
from machines.registrations_api import MachineCoverageViewSet, PlanViewSet, RegistrationViewSet
from notifications.api import NotificationViewSet, WebhookViewSet

_LIST: dict[str, Any] = {"get": "list"}
_ONE: dict[str, Any] = {"get": "retrieve"}
_MANY: dict[str, Any] = _LIST | {"post": "create"}
_EDITED: dict[str, Any] = _ONE | {"patch": "partial_update"}

urlpatterns = [
    path("me/", MeViewSet.as_view(_ONE), name="api-me"),
    path("people/", PeopleViewSet.as_view(_LIST), name="api-people"),
    path("people/<uuid:public_id>/", PeopleViewSet.as_view(_ONE), name="api-person"),
    path("absences/", AbsenceViewSet.as_view(_LIST), name="api-absences"),
    path("tokens/", TokenViewSet.as_view(_LIST), name="api-tokens"),
    path("notifications/", NotificationViewSet.as_view(_LIST), name="api-notifications"),
    path(
        "notifications/read/",
        NotificationViewSet.as_view({"post": "read_all"}),
        name="api-notifications-read",
    ),
    path(
        "notifications/<uuid:public_id>/",
        NotificationViewSet.as_view(_ONE),
        name="api-notification",
    ),
    path(
        "notifications/<uuid:public_id>/read/",
        NotificationViewSet.as_view({"post": "read"}),
        name="api-notification-read",
    ),
    path("webhooks/", WebhookViewSet.as_view(_LIST), name="api-webhooks"),
    path("webhooks/<slug:code>/", WebhookViewSet.as_view(_ONE), name="api-webhook"),
    path("regions/", RegionViewSet.as_view(_LIST), name="api-regions"),
    path("dealers/", DealerViewSet.as_view(_MANY), name="api-dealers"),
    path("dealers/<str:number>/", DealerViewSet.as_view(_EDITED), name="api-dealer"),
    path(
        "dealers/<str:number>/territories/",
        TerritoryViewSet.as_view(_MANY | {"delete": "destroy"}),
        name="api-territories",
    ),
    path(
        "dealers/<str:number>/contracts/",
        DealerTermsViewSet.as_view(_LIST),
        name="api-contracts",
    ),
    path(
        "dealers/<str:number>/rates/",
        DealerTermsViewSet.as_view({"get": "rates"}),
        name="api-dealer-rates",
    ),
    path("grades/", LevelViewSet.as_view(_LIST), name="api-grades"),
    path("rate-cards/", RateCardViewSet.as_view(_LIST), name="api-rate-cards"),
    path("rate-cards/<str:code>/", RateCardViewSet.as_view(_ONE), name="api-rate-card"),
    path("customers/", CustomerViewSet.as_view(_MANY), name="api-customers"),
    path("customers/<str:number>/", CustomerViewSet.as_view(_EDITED), name="api-customer"),
    path(
        "customers/<str:number>/merge/",
        CustomerViewSet.as_view({"post": "merge"}),
        name="api-customer-merge",
    ),
    path("machines/", MachineViewSet.as_view(_MANY), name="api-machines"),
    # A serial number may hold a slash: what hangs below it stands first.
    path(
        "machines/<path:serial_number>/sell-on/",
        MachineViewSet.as_view({"post": "sell_on"}),
        name="api-machine-sell-on",
    ),
    path(
        "machines/<path:serial_number>/coverage/",
        MachineCoverageViewSet.as_view(_ONE),
        name="api-machine-coverage",
    ),
    path("machines/<path:serial_number>/", MachineViewSet.as_view(_EDITED), name="api-machine"),
    path("registrations/", RegistrationViewSet.as_view(_MANY), name="api-registrations"),
    path("registrations/<str:number>/", RegistrationViewSet.as_view(_ONE), name="api-registration"),
    path(
        "registrations/<str:number>/waive/",
        RegistrationViewSet.as_view({"post": "waive"}),
        name="api-registration-waive",
    ),
    path(
        "registrations/<str:number>/void/",
        RegistrationViewSet.as_view({"post": "void"}),
        name="api-registration-void",
    ),
    path("coverage-plans/", PlanViewSet.as_view(_LIST), name="api-coverage-plans"),
    path("lines/", LineViewSet.as_view(_MANY), name="api-lines"),
    path("lines/<str:code>/", LineViewSet.as_view(_EDITED), name="api-line"),
    path("models/", ModelViewSet.as_view(_MANY), name="api-models"),
    path("models/<path:code>/", ModelViewSet.as_view(_EDITED), name="api-model"),
    path("symptoms/", SymptomViewSet.as_view(_MANY), name="api-symptoms"),
    path("symptoms/<str:code>/", SymptomViewSet.as_view(_EDITED), name="api-symptom"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema"),
        name="api-docs",
    ),
    path("", include("ledger.api_urls")),
    path("", include("parts.api_urls")),
    path("", include("sla.api_urls")),
    path("", include("tickets.api_urls")),
    path("", include("visits.api_urls")),
    path("", include("warranty.api_urls")),
    path("", include("dashboards.api_urls")),
]
