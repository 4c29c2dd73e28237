"""Addresses of callbacks and visits."""

from django.urls import path

from visits import views

app_name = "visits"
urlpatterns = [
    path("callbacks/", views.callbacks, name="callbacks"),
    path("callbacks/now/", views.callbacks_now, name="callbacks_now"),
    path("callbacks/export/", views.export, name="callbacks_export"),
    path("callbacks/<str:number>/", views.callback, name="callback"),
    path("callbacks/<str:number>/call/", views.call, name="call"),
    path("tickets/<str:number>/visits/", views.of_ticket, name="of_ticket"),
    path("visits/<str:number>/check-in/", views.check_in, name="check_in"),
    path("visits/<str:number>/finish/", views.finish, name="finish"),
    path("visits/<str:number>/cancel/", views.cancel, name="cancel"),
]
