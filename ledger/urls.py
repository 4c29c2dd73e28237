"""Pages of the books, under /ledger/."""

from django.urls import path

from ledger import receivable_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("receivables/", receivable_views.receivables, name="receivables"),
    path("receivables/book/", receivable_views.receivable_book, name="receivable-book"),
    path("receivables/import/", receivable_views.receivables_import, name="receivables-import"),
    path("receivables/export/", receivable_views.receivables_export, name="receivables-export"),
    path("periods/", views.periods, name="periods"),
    path("periods/close/", views.period_close, name="period-close"),
    path("periods/reopen/", views.period_reopen, name="period-reopen"),
    path("accounts/<str:code>/", views.account, name="account"),
    path("accounts/<str:code>/export/", views.export, name="export"),
    path("entries/<str:number>/", views.entry, name="entry"),
]
