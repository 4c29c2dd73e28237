"""Pages of imports, under /imports/."""

from django.urls import path

from machines.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.import_list, name="list"),
    path("new/", imports.import_new, name="new"),
    path("templates/<str:kind>.xlsx", imports.import_template, name="template"),
    path("<uuid:public_id>/", imports.import_detail, name="detail"),
    path("<uuid:public_id>/confirm/", imports.import_confirm, name="confirm"),
    path("<uuid:public_id>/again/", imports.import_again, name="again"),
]
