"""Pages of the guarantee, under /warranty/: one module per noun."""

from django.urls import path

from warranty.urls import (
    cases,
    check_rules,
    claims,
    consents,
    oldparts,
    recoveries,
    reports,
    settlements,
    spotchecks,
)
from warranty.views.home import home

app_name = "warranty"
urlpatterns = [
    path("", home, name="home"),
    *check_rules.urlpatterns,
    *claims.urlpatterns,
    *consents.urlpatterns,
    *oldparts.urlpatterns,
    *reports.urlpatterns,
    *settlements.urlpatterns,
    *cases.urlpatterns,
    *recoveries.urlpatterns,
    *spotchecks.urlpatterns,
]
