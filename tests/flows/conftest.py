"""The whole of Sanbao for the browser: gunicorn, a Celery worker and beat on a database of its own.

`site` starts them and has the cast in it; `person` opens a Chromium page of one of the cast.
Screenshots and recordings go to var/flows/.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    sync_playwright,
)

from config.workshop import find_browser
from sla.defaults import install_defaults
from tests.cast import PASSWORD, World
from tests.servers import ROOT

FLOWS = ROOT / "var" / "flows"
START_SECONDS = 60
STOP_SECONDS = 3  # the database goes as well: nobody waits for a warm shutdown
DESK, PHONE = (1440, 900), (390, 844)
# What a page may log without being broken.
HARMLESS = ("favicon.ico", "htmx:sendAbort", "htmx:afterRequest", "Applying inline style")


@dataclass
class Site:
    """A running Sanbao and who works in it."""

    url: str
    world: World
    complaints: list[str] = field(default_factory=list)


Person = Callable[..., Page]


@pytest.fixture
def site(chromium: Browser, committed_world: World) -> Iterator[Site]:
    """Web, worker and beat as in production, with the standing cast."""
    for cast in (committed_world.owner, committed_world.stranger):
        with cast.scope():
            install_defaults(cast.tenant)
    FLOWS.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    celery = ["celery", "--app=config.celery"]
    commands = {
        "web": ["gunicorn", "config.wsgi:application", f"--bind=127.0.0.1:{port}"]
        + ["--worker-class=gthread", "--workers=1", "--threads=8"],
        "worker": [*celery, "worker", "--concurrency=1", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", f"--schedule={FLOWS / 'beat'}", "--pidfile="],
    }
    children = [_start(name, command) for name, command in commands.items()]
    site = Site(f"http://127.0.0.1:{port}", committed_world)
    try:
        _wait_for(f"{site.url}/livez", children)
        yield site
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
    assert site.complaints == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    assert path is not None, "No Chromium was found; name one with CHROMIUM=/path/to/chromium."
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs a loop in this thread; the database is only used between its calls.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def person(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    """`person("clerk")`: a page of the clerk, signed in; `size` is DESK or PHONE.

    Every step is recorded: `playwright show-trace var/flows/<test>-<who>.zip` plays it back.
    """
    contexts: dict[str, BrowserContext] = {}

    def sign_in(
        who: str, size: tuple[int, int] = DESK, language: str = "zh-CN", *, scripts: bool = True
    ) -> Page:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            has_touch=size == PHONE,
        )
        contexts[f"{request.node.name}-{who}-{width}-{len(contexts)}"] = context
        context.tracing.start(screenshots=True, snapshots=True)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: site.complaints.append(f"{who}: {error}"))
        page.on("console", lambda message: _listen(site, who, message))
        page.goto(f"{site.url}/accounts/login/")
        page.fill("[name=login]", site.world.owner.people[who].email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    for name, context in contexts.items():
        context.tracing.stop(path=FLOWS / f"{name}.zip")
        context.close()


def snap(page: Page, name: str) -> None:
    """A picture for whoever reads var/flows/."""
    page.screenshot(path=str(FLOWS / f"{name}.png"), full_page=True, caret="initial")


def _listen(site: Site, who: str, message: ConsoleMessage) -> None:
    text = message.text
    if message.type == "error" and not any(word in text for word in HARMLESS):
        site.complaints.append(f"{who} at {message.location.get('url')}: {text}")


def _start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    log = (FLOWS / f"{name}.log").open("wb")
    # The tests' settings, so that the cast's passwords are understood; all else is real.
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUNBUFFERED": "1"}
    Path(FLOWS / "beat").unlink(missing_ok=True)
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environ, stdout=log, stderr=log
        )


def _wait_for(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = [child.args for child in children if child.poll() is not None]
        assert not ended, f"{ended} ended; see {FLOWS}"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"Sanbao does not answer; see {FLOWS}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
