"""Addresses of callbacks and visits in the REST API."""

from rest_framework.routers import SimpleRouter

from visits.api import CallbackViewSet, VisitViewSet

router = SimpleRouter()
router.register("callbacks", CallbackViewSet, basename="api-callback")
router.register("visits", VisitViewSet, basename="api-visit")
urlpatterns = router.urls
