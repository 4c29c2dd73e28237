"""Every URL × method × role × {own, neighbour dealer's, other company's}: foreign = missing.

The URLs come from the resolver, the rules from `tests/access/rules/`; one without the other
fails. The number of requests made is printed at the end of the run.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import DEALER_ROLES, PERMISSIONS, Role
from tests.access import rules as rules_package
from tests.access.rule import PUBLIC, SIGNED_IN, Rule
from tests.access.things import THINGS, Kwargs, Thing
from tests.cast import CANARY, NEIGHBOUR_CANARY, Cast, World, signed_in, with_token

# Pages of libraries: sign-in and second factors, which show nothing of any company.
LIBRARIES = ("account_", "mfa_", "socialaccount_", "usersessions_")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES: dict[str, str] = {role: role for role in Role.values} | {
    "neighbour_principal": Role.DEALER_PRINCIPAL
}
REFUSED = {401, 403, 404, 405}


def _urls(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _urls(entry, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry.callback


URLS = dict(_urls())


def _rules() -> list[Rule]:
    found: list[Rule] = []
    for module in pkgutil.iter_modules(rules_package.__path__):
        found += importlib.import_module(f"{rules_package.__name__}.{module.name}").RULES
    return found


RULES = _rules()


def test_every_url_has_a_rule_and_every_rule_a_url() -> None:
    ours = {name for name in URLS if not name.startswith(LIBRARIES)}
    assert {rule.name for rule in RULES} == ours
    assert len(RULES) == len({rule.name for rule in RULES})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_says_what_the_gate_of_the_view_says(rule: Rule) -> None:
    view = URLS[rule.name]
    permissions = set(rule.methods.values())
    if hasattr(view, "is_public"):
        wanted = PUBLIC if view.is_public else view.permission or SIGNED_IN
        assert permissions == {wanted}
    elif hasattr(view, "actions"):
        # HEAD comes by itself with GET.
        actions = {m.upper(): action for m, action in view.actions.items() if m != "head"}
        assert rule.methods == {m: view.cls.permissions[action] for m, action in actions.items()}
    else:
        # A view of a library, or one that visitors may call: it has no gate of ours.
        assert permissions <= {PUBLIC, SIGNED_IN}


class Visitor:
    """Somebody of the cast, or nobody, before the pages or the API."""

    def __init__(self, world: World, who: str, *, is_api: bool) -> None:
        self.who = who
        self.role = ROLES.get(who, "")
        if not who:
            self.client: Any = Client()
        elif is_api:
            self.client = with_token(world.owner, who)
        else:
            self.client = signed_in(world.owner, who)

    @property
    def is_dealer(self) -> bool:
        return self.role in DEALER_ROLES

    def may(self, permission: str) -> bool:
        if permission == PUBLIC:
            return True
        return bool(self.who) and (permission == SIGNED_IN or permission in PERMISSIONS[self.role])

    def ask(self, method: str, url: str) -> tuple[int, str]:
        """Status and body; whatever the request wrote is taken back."""
        with transaction.atomic():
            answer = self.client.generic(method, url, content_type=self.content_type(url))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        seen = body.decode("utf-8", "ignore") + str(answer.headers)
        # The address itself, which forms of a page say again, tells nobody anything new.
        seen = seen.replace(url, "")
        return answer.status_code, seen

    @staticmethod
    def content_type(url: str) -> str:
        is_api = url.startswith("/api/")
        return "application/json" if is_api else "application/x-www-form-urlencoded"


Ask = Callable[[Visitor, str, Kwargs], tuple[int, str]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_matrix_of(rule: Rule, world: World, record_property: Any) -> None:
    asked = 0

    def ask(visitor: Visitor, method: str, kwargs: Kwargs) -> tuple[int, str]:
        nonlocal asked
        asked += 1
        status, body = visitor.ask(method, reverse(rule.name, kwargs={**rule.kwargs, **kwargs}))
        where = f"{rule.name} {method} {visitor.who or 'nobody'} {kwargs}: {status}"
        # readyz rightly says 503 while no worker runs beside the tests.
        assert status < 500 or rule.name == "readyz", f"{where}\n{body[:2000]}"
        assert CANARY not in body.replace(NEIGHBOUR_CANARY, ""), f"{where}: leaks a company"
        if visitor.is_dealer and visitor.who != "neighbour_principal":
            assert NEIGHBOUR_CANARY not in body, f"{where}: leaks a dealer"
        return status, body

    thing = THINGS.get(rule.thing)
    own, neighbours, foreign, missing = _addresses(rule, thing, world)
    is_api = reverse(rule.name, kwargs={**rule.kwargs, **own}).startswith("/api/")
    nobody = Visitor(world, "", is_api=is_api)
    people = [Visitor(world, who, is_api=is_api) for who in ROLES]

    for method in METHODS:
        permission = rule.methods.get(method)
        if permission is None:
            _assert_method_refused(ask, nobody, people[0], method, own)
            continue
        _assert_nobody_in(ask, nobody, method, permission, own)
        for visitor in people:
            _assert_own(ask, visitor, rule, method, permission, own)
            if thing is None:
                continue
            absent = ask(visitor, method, missing)[0]
            assert ask(visitor, method, foreign)[0] == absent, "foreign is not as missing"
            if visitor.may(permission):
                assert absent == 404
                if visitor.is_dealer and neighbours and visitor.who != "neighbour_principal":
                    assert ask(visitor, method, neighbours)[0] == absent
    record_property("requests", asked)


def _addresses(rule: Rule, thing: Thing | None, world: World) -> tuple[Kwargs, ...]:
    if thing is None:
        return {}, {}, {}, {}

    def made(maker: Callable[[Cast], Kwargs] | None, cast: Cast) -> Kwargs:
        if maker is None:
            return {}
        with cast.scope():
            return maker(cast)

    return (
        made(thing.owned, world.owner),
        made(thing.neighbour, world.owner),
        made(thing.owned, world.stranger),
        thing.missing,
    )


def _assert_method_refused(
    ask: Ask, nobody: Visitor, somebody: Visitor, method: str, own: Kwargs
) -> None:
    for visitor in (nobody, somebody):
        status, _ = ask(visitor, method, own)
        assert status in REFUSED or status == 302, f"{method} answers {status}"


def _assert_nobody_in(ask: Ask, nobody: Visitor, method: str, permission: str, own: Kwargs) -> None:
    status, _ = ask(nobody, method, own)
    if permission != PUBLIC:
        assert status in {302, 401, 403}, f"a visitor gets {status}"


def _assert_own(
    ask: Ask, visitor: Visitor, rule: Rule, method: str, permission: str, own: Kwargs
) -> None:
    status, body = ask(visitor, method, own)
    if not visitor.may(permission):
        assert status == 403, f"{visitor.who} may not and gets {status}"
    elif visitor.is_dealer and (rule.desk_only or _is_of_another_dealer(rule, visitor)):
        assert status == 404, f"{visitor.who} sees what is not theirs: {status}"
    else:
        assert status not in REFUSED - rule.also, (
            f"{visitor.who} may and gets {status}: {body[:500]}"
        )


def _is_of_another_dealer(rule: Rule, visitor: Visitor) -> bool:
    """Whether the thing is a dealer's, and the visitor another dealer's."""
    thing = THINGS.get(rule.thing)
    return thing is not None and thing.neighbour is not None and visitor.who.startswith("neigh")
