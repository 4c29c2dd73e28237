"""Pages of the guarantee, under /warranty/: one module per noun."""

from django.urls import path

from warranty.urls import check_rules, claims, consents, reports, settlements
from warranty.views.home import home

app_name = "warranty"
urlpatterns = [
    path("", home, name="home"),
    *check_rules.urlpatterns,
    *claims.urlpatterns,
    *consents.urlpatterns,
    *reports.urlpatterns,
    *settlements.urlpatterns,
]
