"""Pages of tickets."""

from tickets import file_urls

app_name = "tickets"
urlpatterns = [*file_urls.urlpatterns]
