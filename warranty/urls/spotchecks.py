"""Addresses of spot checks."""

from django.urls import path

from warranty.views import spotchecks

_CHECK = "spot-checks/<str:number>/"
_ITEM = _CHECK + "<str:claim>/"
urlpatterns = [
    path("spot-checks/", spotchecks.spot_check_list, name="spot-checks"),
    path("spot-checks/draw/", spotchecks.spot_check_draw, name="spot-check-draw"),
    path(_CHECK, spotchecks.spot_check_detail, name="spot-check"),
    *spotchecks.STEPS.urls(_CHECK),
    path(_ITEM + "papers/", spotchecks.item_papers, name="spot-check-papers"),
    path(_ITEM + "papers/<uuid:public_id>/", spotchecks.item_paper, name="spot-check-paper"),
    path(_ITEM + "verdict/", spotchecks.item_verdict, name="spot-check-verdict"),
]
