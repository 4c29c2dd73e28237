"""Pages of dealers, under /dealers/."""

from django.urls import path

from dealers.views import contracts, dealers, rates

app_name = "dealers"
urlpatterns = [
    path("", dealers.dealer_list, name="list"),
    path("new/", dealers.dealer_new, name="new"),
    path("export/", dealers.dealer_export, name="export"),
    path("options/", dealers.dealer_options, name="options"),
    path("regions/", dealers.region_options, name="regions"),
    path("grades/", rates.levels, name="levels"),
    path("grades/<str:code>/", rates.level, name="level"),
    path("rates/", rates.cards, name="rate_cards"),
    path("rates/new/", rates.card_new, name="rate_card_new"),
    path("rates/<str:code>/", rates.card, name="rate_card"),
    path("rates/<str:code>/new/", rates.version_new, name="rate_card_version"),
    path("rates/<str:code>/<str:from_on>/end/", rates.version_end, name="rate_card_end"),
    path("<str:number>/", dealers.dealer_detail, name="detail"),
    path("<str:number>/edit/", dealers.dealer_edit, name="edit"),
    path("<str:number>/territories/remove/", dealers.territory_remove, name="territory_remove"),
    path("<str:number>/contracts/new/", contracts.contract_new, name="contract_new"),
    path(
        "<str:number>/contracts/<path:contract>/end/", contracts.contract_end, name="contract_end"
    ),
    path("<str:number>/outlets/new/", dealers.outlet_new, name="outlet_new"),
    path("<str:number>/outlets/<int:place>/", dealers.outlet_edit, name="outlet_edit"),
]
