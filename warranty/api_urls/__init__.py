"""The guarantee's part of /api/v1/: one module per noun."""

from warranty.api_urls import (
    cases,
    claims,
    oldparts,
    recoveries,
    remedies,
    reports,
    settlements,
    spotchecks,
)

urlpatterns = [
    *cases.urlpatterns,
    *claims.urlpatterns,
    *oldparts.urlpatterns,
    *recoveries.urlpatterns,
    *remedies.urlpatterns,
    *reports.urlpatterns,
    *spotchecks.urlpatterns,
    *settlements.urlpatterns,
]
