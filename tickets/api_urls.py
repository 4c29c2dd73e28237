"""Addresses of tickets below /api/v1/."""

from rest_framework.routers import SimpleRouter

from tickets.api import ExportViewSet, TicketViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="api-ticket")
router.register("exports", ExportViewSet, basename="api-export")

urlpatterns = router.urls
