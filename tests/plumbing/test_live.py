"""Sanbao served from the test process, as browsers see it."""

import urllib.request

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse


def test_the_live_server_answers_pages(live_url: str) -> None:
    with urllib.request.urlopen(f"{live_url}/livez", timeout=10) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{live_url}{reverse('account_login')}", timeout=10) as answer:
        assert b"csrfmiddlewaretoken" in answer.read()


def test_static_files_are_served_under_names_that_change_with_them(live_url: str) -> None:
    path = staticfiles_storage.url("vendor/tabler/tabler.min.css")
    assert path != "/static/vendor/tabler/tabler.min.css"
    with urllib.request.urlopen(f"{live_url}{path}", timeout=10) as answer:
        assert len(answer.read()) > 100_000
