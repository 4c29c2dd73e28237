"""Pages of settlements and adjustments."""

from django.urls import path

from warranty.views import adjustments as a
from warranty.views import settlements as s
from warranty.views.settlement_steps import VIEWS

urlpatterns = [
    path("settlements/", s.settlement_list, name="settlements"),
    path("settlements/waiting/", s.settlements_waiting, name="settlements-waiting"),
    path("settlements/export/", s.settlements_export, name="settlements-export"),
    path("settlements/<str:number>/", s.settlement, name="settlement"),
    path("settlements/<str:number>/lines/", s.settlement_lines, name="settlement-lines"),
    path("settlements/<str:number>/dispute/", s.settlement_dispute, name="settlement-dispute"),
    path(
        "settlements/<str:number>/notices/<int:edition>/",
        s.settlement_notice,
        name="settlement-notice",
    ),
    *(
        path(f"settlements/<str:number>/{name}/", view, name=f"settlement-{name}")
        for name, view in VIEWS.items()
    ),
    path("adjustments/", a.adjustment_list, name="adjustments"),
    path("adjustments/new/", a.adjustment_new, name="adjustment-new"),
    path("adjustments/export/", a.adjustments_export, name="adjustments-export"),
    path("adjustments/<str:number>/", a.adjustment, name="adjustment"),
    path("adjustments/<str:number>/approve/", a.approve, name="adjustment-approve"),
    path("adjustments/<str:number>/object/", a.object_to, name="adjustment-object"),
    path("adjustments/<str:number>/uphold/", a.uphold, name="adjustment-uphold"),
    path("adjustments/<str:number>/drop/", a.drop, name="adjustment-drop"),
    path("adjustments/<str:number>/withdraw/", a.withdraw, name="adjustment-withdraw"),
]
