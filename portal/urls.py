"""The dealers' portal, below /portal/."""

from django.urls import path

from portal import terms, views

app_name = "portal"

urlpatterns = [
    path("portal/", views.home, name="home"),
    path("portal/new/", views.intake, name="new"),
    path("portal/terms/", terms.terms, name="terms"),
    path("portal/jobs/<str:number>/", views.job, name="job"),
    path("portal/jobs/<str:number>/live/", views.live, name="live"),
    *(
        path(f"portal/jobs/<str:number>/{verb}/", view, name=verb)
        for verb, view in views.ACTION_VIEWS.items()
    ),
]
