"""Pages of notifications and of the outbox."""

from django.urls import path

from notifications import views, webhook_views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.bell_list, name="list"),
    path("notifications/bell/", views.bell, name="bell"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/<uuid:public_id>/", views.open_one, name="open"),
    path("settings/notifications/", views.preferences, name="preferences"),
    path("settings/messages/", views.outbox, name="outbox"),
    path("settings/messages/<uuid:public_id>/send/", views.send_again, name="send_again"),
    path("settings/webhooks/", webhook_views.webhooks, name="webhooks"),
    path("settings/webhooks/new/", webhook_views.webhook_new, name="webhook_new"),
    path("settings/webhooks/<slug:code>/", webhook_views.webhook, name="webhook"),
    path("settings/webhooks/<slug:code>/edit/", webhook_views.webhook_edit, name="webhook_edit"),
    path("settings/webhooks/<slug:code>/test/", webhook_views.webhook_test, name="webhook_test"),
    path("settings/webhooks/<slug:code>/pause/", webhook_views.webhook_pause, name="webhook_pause"),
    path(
        "settings/webhooks/<slug:code>/resume/",
        webhook_views.webhook_resume,
        name="webhook_resume",
    ),
    path(
        "settings/webhooks/<slug:code>/secret/",
        webhook_views.webhook_secret,
        name="webhook_secret",
    ),
    path(
        "settings/webhooks/<slug:code>/calls/<uuid:public_id>/send/",
        webhook_views.call_again,
        name="call_again",
    ),
]
