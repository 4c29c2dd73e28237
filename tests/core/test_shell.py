"""The shell of the pages: sign-in, errors and languages, through HTTP."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import translation

from core import views

# What the Content-Security-Policy would refuse, and what would show only in a browser.
REFUSED = re.compile(r"<script(?![^>]*\b(?:src|type)=)|<style|\sstyle=|\son[a-z]+=\"|hx-on")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "chinese"),
    [
        ("/accounts/login/", 200, "登录"),
        ("/accounts/signup/", 200, "未开放注册"),
        ("/accounts/password/reset/", 200, "重置密码"),
        ("/nowhere/", 404, "页面不存在，或您无权查看。"),
    ],
)
def test_pages_without_a_menu_speak_the_browsers_language(
    client: Client, path: str, status: int, chinese: str
) -> None:
    answer = client.get(path, headers={"accept-language": "zh-CN,zh;q=0.9"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert '<html lang="zh-hans">' in page
    assert chinese in page
    english = client.get(path, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in english
    assert chinese not in english


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/"])
def test_no_page_carries_what_the_content_policy_refuses(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert REFUSED.findall(page) == []
    assert "unsafe" not in client.get(path).headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_an_error_page_quotes_the_number_of_the_request(client: Client) -> None:
    page = client.get("/nowhere/").content.decode()
    assert re.search(r"<code>[0-9a-f]{8}-[0-9a-f-]{27}</code>", page)


def test_the_page_of_a_failed_server_needs_nothing_but_its_template() -> None:
    request = HttpRequest()
    request.path = "/tickets/"
    with translation.override("zh-hans"):
        answer = views.server_error(request)
    assert answer.status_code == 500
    assert "系统出错了。" in answer.content.decode()


@pytest.mark.django_db
def test_a_visitor_keeps_the_language_of_their_choice(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert answer.headers["location"] == "/accounts/login/"
    page = client.get("/accounts/login/", headers={"accept-language": "zh-CN"})
    assert '<html lang="en">' in page.content.decode()


@pytest.mark.django_db
def test_choosing_a_language_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["location"] == "/"
