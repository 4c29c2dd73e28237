"""Pages of notifications and of the outbox."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.bell_list, name="list"),
    path("notifications/bell/", views.bell, name="bell"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/<uuid:public_id>/", views.open_one, name="open"),
    path("settings/notifications/", views.preferences, name="preferences"),
    path("settings/messages/", views.outbox, name="outbox"),
    path("settings/messages/<uuid:public_id>/send/", views.send_again, name="send_again"),
]
