"""The guarantee's part of /api/v1/: one module per noun."""

from warranty.api_urls import remedies, reports

urlpatterns = [
    *remedies.urlpatterns,
    *reports.urlpatterns,
]
