"""Pages. The API stands in `config.api_urls`."""

from django.urls import include, path

from accounts.views.entrance import closed, home
from core import health, metrics, views
from portal.search import search_page

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", home, name="home"),
    path("accounts/email/", closed, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("dealers/", include("dealers.urls")),
    path("search/", search_page, name="search"),
    path("knowledge/", include("knowledge.urls")),
    path("ledger/", include("ledger.urls")),
    path("imports/", include("machines.import_urls")),
    path("", include("machines.urls")),
    path("", include("notifications.urls")),
    path("", include("parts.urls")),
    path("", include("sla.urls")),
    path("", include("tickets.urls")),
    path("", include("visits.urls")),
    path("warranty/", include("warranty.urls")),
    path("dashboard/", include("dashboards.urls")),
    path("", include("portal.urls")),
    path("api/v1/", include("config.api_urls")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
