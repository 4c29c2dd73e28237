"""Two at once: one claim per report, one version per filing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.utils import translation

from core.errors import DomainError
from tests.cast import World
from tests.warranty.claims.conftest import a_shop
from warranty.models import Adjudication, Claim, ClaimVersion, OldPartReturn
from warranty.services import claims

MANY = 8


def at_once(world: World, act: Callable[[], Any]) -> list[Any]:
    """What each of many gets who act at the same moment; a refusal is its error."""

    def one(_number: int) -> Any:
        try:
            with world.owner.scope(), translation.override("en"):
                return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_many_draft_and_file_the_same_report_and_one_wins(committed_world: World) -> None:
    cast = committed_world.owner
    with cast.scope(), translation.override("en"):
        shop = a_shop(cast)
        shop.job.pump.return_duty = "return_to_factory"
        shop.job.pump.save()
        report = shop.report()
        clerk = shop.clerk
    drafts = at_once(committed_world, lambda: claims.draft_claim(actor=clerk, report=report).pk)
    assert len(set(drafts)) == 1
    with cast.scope():
        claim = Claim.objects.get()
    filed = at_once(committed_world, lambda: claims.submit_claim(actor=clerk, claim=claim).pk)
    assert sum(not isinstance(each, DomainError) for each in filed) == 1
    with cast.scope():
        assert ClaimVersion.objects.count() == 1
        assert OldPartReturn.objects.count() == 1
        assert Adjudication.objects.count() <= 1
        assert Claim.objects.get().state in ("decided", "review")
