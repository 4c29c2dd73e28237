"""Pages of tickets: the call page, the desk, the list, one ticket."""

from django.urls import path

from tickets import file_urls
from tickets.views import call, desk, detail, export, lists

app_name = "tickets"

urlpatterns = [
    *file_urls.urlpatterns,
    path("calls/new", call.call, name="call"),
    path("calls/regions", call.region_list, name="regions"),
    path("calls/dealers", call.dealer_list, name="dealers"),
    path("desk/", desk.home, name="home"),
    path("tickets/", lists.ticket_list, name="list"),
    path("tickets/bulk", lists.bulk, name="bulk"),
    path("tickets/views/save", lists.save_view, name="save_view"),
    path("tickets/views/delete", lists.delete_view, name="delete_view"),
    path("tickets/export", export.start, name="start_export"),
    path("tickets/exports/<uuid:public_id>/", export.progress, name="export"),
    path("tickets/<str:number>/", detail.detail, name="detail"),
    path("tickets/<str:number>/live/main", detail.live, {"part": "main"}, name="live_main"),
    path("tickets/<str:number>/live/story", detail.live, {"part": "story"}, name="live_story"),
    path("tickets/<str:number>/clocks/", detail.clocks, name="clocks"),
    path("tickets/<str:number>/watch", detail.watch, name="watch"),
    *(
        path(f"tickets/<str:number>/{verb}", view, name=verb)
        for verb, view in detail.ACTION_VIEWS.items()
    ),
]
