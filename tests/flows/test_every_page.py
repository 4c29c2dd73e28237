"""Every page, by the rules of the access matrix: a new page is looked at by itself.

Each page is opened in Chinese on a phone and in English on a desk screen by somebody of the house
whose role grants it, and by a dealer on the phone; each role's home by its role. Nothing may fail,
complain in the console, reach beyond the window, be refused by axe, show raw text, or stand in the
other language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from accounts.roles import DEALER_ROLES, PERMISSIONS, Role
from core.base import TenantModel
from dealers.models import Region
from sla.profiles import PROFILES
from tests.access.rule import PUBLIC, SIGNED_IN, Rule
from tests.access.test_matrix import LIBRARIES, RULES, URLS
from tests.access.things import THINGS, Kwargs
from tests.cast import signed_in
from tests.flows.conftest import DESK, PHONE, Site

# Who is sent: the first that may. Those who can do most see most of a page.
LOOKERS = [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DEALER_PRINCIPAL, *Role.values]
# Whose the things of `tests.access.things` are, where they are one person's alone.
OWNERS = {"export": Role.CLERK, "notification": Role.CLERK}
# Pages where a dealer writes what only it may; the house's own writers write their own papers.
OF_DEALERS = {"warranty:claim-edit", "warranty:pre-authorisation-edit"}
NOBODY = ""
IN_CHINESE, IN_ENGLISH = ("zh-hans", PHONE), ("en", DESK)
SEEN = (Path(__file__).parent / "crawl.js").read_text()
# Neither files nor machine answers nor a page that leads on elsewhere by design.
NO_PAGES = ("api-", "livez", "readyz", "account_logout", "socialaccount_")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][a-z'’]+(?:[ ,]+[A-Za-z'’]+){2,}")
WORD = re.compile(r"[A-Za-z]{3,}")
# What a Chinese page rightly says in Latin letters.
LATIN = re.compile(
    r"English|Sanbao|Excel|CSV|PDF|API|SLA|Ctrl|Enter|Tab|Esc|Shift|HARVESTER|GENSET|xlsx|QR"
    r"|TOO_MUCH|Webhook|ERP|token|OpenAPI|Bearer|\S+@\S+|[A-Z]+-?\d[\w.-]*|https?:\S+|/\S+|[a-z]+[._][a-z._]+"
)
RAW = re.compile(
    r"Traceback|Exception|DoesNotExist|\bNone\b|\bundefined\b|\bNaN\b|\{\{|\{%|%\(|\[object|None;"
)


@dataclass(frozen=True)
class Stop:
    """One page and who looks at it."""

    name: str
    url: str
    who: str
    status: int = 200
    looks: tuple[tuple[str, tuple[int, int]], ...] = (IN_CHINESE, IN_ENGLISH)
    may_be_missing: bool = False


def _may(who: str, permission: str) -> bool:
    return permission in (PUBLIC, SIGNED_IN) or permission in PERMISSIONS.get(who, ())


def _stops_at(rule: Rule, url: str) -> Iterator[Stop]:
    """Somebody of the house who may see it, and a dealer who may."""
    permission = rule.methods["GET"]
    missing = 404 in rule.also
    if permission == PUBLIC:
        yield Stop(rule.name, url, NOBODY, may_be_missing=missing)
        return
    who = [role for role in LOOKERS if _may(role, permission)]
    if rule.thing in OWNERS:
        who = [OWNERS[rule.thing]]
    elif rule.name.startswith("portal:") or rule.name in OF_DEALERS:
        who = [Role.DEALER_PRINCIPAL]
    house = [role for role in who if role not in DEALER_ROLES][:1]
    dealer = [role for role in who if role in DEALER_ROLES][:1]
    for role in house:
        yield Stop(rule.name, url, role, may_be_missing=missing)
    for role in [] if rule.desk_only else dealer:
        looks = (IN_CHINESE,) if house else (IN_CHINESE, IN_ENGLISH)
        yield Stop(rule.name, url, role, looks=looks, may_be_missing=missing)


def _stops(site: Site) -> Iterator[Stop]:
    made: dict[str, Kwargs] = {}
    owner = site.world.owner
    with owner.scope():
        for rule in RULES:
            if "GET" not in rule.methods or rule.name.startswith(NO_PAGES):
                continue
            if rule.thing and rule.thing not in made:
                made[rule.thing] = THINGS[rule.thing].owned(owner)
            url = reverse(rule.name, kwargs={**rule.kwargs, **made.get(rule.thing, {})})
            yield from _stops_at(rule, url)
    for role in Role.values:
        yield Stop("home", reverse("home"), role)
    for name in URLS:
        if name.startswith(LIBRARIES) and not name.startswith(NO_PAGES):
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            for who in (NOBODY, Role.CLERK):
                # What is closed, or needs a second factor first.
                yield Stop(name, url, who, may_be_missing=True)
    for who in (NOBODY, Role.CLERK):
        yield Stop("nowhere", "/no/such/page/", who, 404)
    yield Stop("forbidden", reverse("accounts:people"), Role.CLERK, 403)


def _data_words(site: Site) -> set[str]:
    """Whatever people typed stands as it is in both languages."""
    words = set(Region.objects.values_list("name", flat=True))
    with site.world.owner.scope():
        for model in apps.get_models():
            if not issubclass(model, TenantModel):
                continue
            fields = [
                field.name
                for field in model._meta.fields
                if type(field) in (CharField, TextField) and not field.choices
            ]
            for row in model._default_manager.values_list(*fields)[:200]:
                words |= {text.strip() for text in row if isinstance(text, str)}
    # What a ready profile would add is named in the company's language, whoever looks.
    plans = [plan for profile in PROFILES.values() for plan in profile.policies]
    words |= {plan.name(site.world.owner.tenant.language) for plan in plans}
    words |= {site.world.owner.tenant.name} | {str(name) for _, name in settings.LANGUAGES}
    return {word for word in words if CHINESE.search(word)} | set(Role.values)


class Crawl:
    """Opens pages and writes down what is wrong with them."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.pages: dict[tuple[str, str], Page] = {}
        self.console: list[str] = []
        self.findings: list[str] = []
        self.seen: set[tuple[str, str, str]] = set()
        self.data = sorted(_data_words(site), key=len, reverse=True)

    def page(self, who: str, language: str, size: tuple[int, int]) -> Page:
        if (who, language) not in self.pages:
            context = self._context(who, language, size)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: self.console.append(str(error)))
            page.on("console", self._hear)
            self.pages[who, language] = page
        return self.pages[who, language]

    def _context(self, who: str, language: str, size: tuple[int, int]) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            timezone_id="Asia/Shanghai",
            has_touch=size == PHONE,
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if who:
            jar = signed_in(self.site.world.owner, who).cookies
            cookies[settings.SESSION_COOKIE_NAME] = jar[settings.SESSION_COOKIE_NAME].value
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": self.site.url}])
        return context

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text)

    def look(self, stop: Stop, language: str, size: tuple[int, int]) -> None:
        page = self.page(stop.who, language, size)
        kind = page.request.get(self.site.url + stop.url, max_redirects=9)
        is_page = "text/html" in kind.headers.get("content-type", "") and "<html" in kind.text()
        landed = (stop.who, language, kind.url)
        is_missing = kind.status == 404 and stop.may_be_missing
        if (not is_page and kind.ok) or is_missing or landed in self.seen:
            return
        self.seen.add(landed)
        self.console.clear()
        answer = page.goto(self.site.url + stop.url)
        where = f"{stop.name} ({stop.who or 'visitor'}, {language}) {stop.url}"
        self.findings += [f"{where}: {what}" for what in self.wrong(page, stop, language, answer)]

    def wrong(self, page: Page, stop: Stop, language: str, answer: object) -> Iterator[str]:
        status = getattr(answer, "status", 0)
        if status != stop.status:
            yield f"answers {status}"
        seen = page.evaluate(SEEN)
        if seen["isWide"]:
            yield f"is wider than the window: {seen['wide']}"
        if not seen["title"].split("·")[0].strip():
            yield "has no title"
        yield from self._words(seen, language)
        report = Axe().run(page, options={"resultTypes": ["violations"]}).response
        for violation in report["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                yield f"axe: {violation['id']}: {nodes}"
        for text in self.console:
            if f"status of {stop.status}" not in text:
                yield f"console: {text}"

    def _words(self, seen: dict[str, list[str]], language: str) -> Iterator[str]:
        raw = [line for line in seen["lines"] if RAW.search(line)]
        if raw:
            yield f"shows raw text: {raw}"
        if language == "en":
            left = [line for line in seen["names"] if CHINESE.search(self._ours(line))]
        else:
            left = [line for line in seen["lines"] if ENGLISH.search(self._ours(line))]
            left += [
                name
                for name in seen["names"]
                if WORD.search(self._ours(name)) and not CHINESE.search(name)
            ]
        if left:
            yield f"is not translated: {left}"

    def _ours(self, line: str) -> str:
        """The line without what people typed and without codes."""
        for word in self.data:
            line = line.replace(word, " ")
        return LATIN.sub(" ", line)


def test_every_page_is_whole_in_both_languages_on_phone_and_desk(
    site: Site, chromium: Browser
) -> None:
    stops = list(dict.fromkeys(_stops(site)))
    crawl = Crawl(site, chromium)
    for stop in stops:
        for language, size in stop.looks:
            crawl.look(stop, language, size)
    for page in crawl.pages.values():
        page.context.close()
    assert not crawl.findings, "\n".join(["", *crawl.findings])
    # Fewer would mean that the rules were not found any more.
    assert len(crawl.seen) > 100
