"""Pages of the books, under /ledger/."""

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("periods/", views.periods, name="periods"),
    path("periods/close/", views.period_close, name="period-close"),
    path("periods/reopen/", views.period_reopen, name="period-reopen"),
    path("accounts/<str:code>/", views.account, name="account"),
    path("accounts/<str:code>/export/", views.export, name="export"),
    path("entries/<str:number>/", views.entry, name="entry"),
]
