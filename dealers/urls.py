"""Pages of dealers, under /dealers/."""

from django.urls import path

from dealers import views

app_name = "dealers"
urlpatterns = [
    path("", views.dealer_list, name="list"),
    path("new/", views.dealer_new, name="new"),
    path("export/", views.dealer_export, name="export"),
    path("options/", views.dealer_options, name="options"),
    path("regions/", views.region_options, name="regions"),
    path("<str:number>/", views.dealer_detail, name="detail"),
    path("<str:number>/edit/", views.dealer_edit, name="edit"),
    path("<str:number>/territories/remove/", views.territory_remove, name="territory_remove"),
    path("<str:number>/outlets/new/", views.outlet_new, name="outlet_new"),
    path("<str:number>/outlets/<int:place>/", views.outlet_edit, name="outlet_edit"),
]
