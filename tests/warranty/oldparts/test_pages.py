"""The pages of old parts as each role meets them, and what a wrong entry says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import World
from tests.warranty.oldparts.builders import (
    a_claim,
    a_part,
    a_photo,
    a_piece,
    a_store,
    appraised,
    boxed,
    open_window,
    photographed,
    received,
    shipped,
    tagged,
)
from warranty.models import OldPartReturn, ReturnShipment, ReturnWindow, Truck
from warranty.services import oldparts

As = Callable[..., Client]


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def url(name: str, *args: Any) -> str:
    return reverse(f"warranty:{name}", args=args)


def test_the_dealer_sees_what_to_send_until_when_and_its_next_chance(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        piece = a_piece(cast)
        open_window(cast)
        theirs = a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine)
    page = text(as_("dealer_clerk").get(url("old-parts") + "?show=to_send"))
    assert piece.number in page and theirs.number not in page
    assert "返厂期开放至" in page and "缺照片" in page
    assert "待鉴定" not in page
    one = text(as_("dealer_clerk").get(url("old-part", piece.number)))
    assert "返厂期开放至" in one and "须在" in one
    assert as_("dealer_clerk").get(url("old-part", theirs.number)).status_code == 404
    assert as_("dealer_technician").get(url("old-parts")).status_code == 403
    assert as_("dealer_clerk", world.stranger).get(url("old-part", piece.number)).status_code == 404


def test_photo_tag_box_and_off_it_goes(world: World, as_: As) -> None:
    cast, dealer = world.owner, as_("dealer_clerk")
    with cast.scope():
        piece = a_piece(cast)
        window = open_window(cast)
    refused = dealer.post(url("old-parts-tag"), {"piece": [piece.number]}, follow=True)
    assert "请先给旧件拍照" in text(refused)
    wrong = dealer.post(url("old-part-photos", piece.number), {})
    assert wrong.status_code == 422
    kept = dealer.post(url("old-part-photos", piece.number), {"upload": a_photo()}, follow=True)
    assert "照片已保存" in text(kept)
    tags = dealer.post(url("old-parts-tag"), {"piece": [piece.number]}, follow=True)
    assert tags["Content-Type"] == "application/pdf" and tags.content.startswith(b"%PDF")
    made = dealer.post(url("shipment-new"), {"piece": [piece.number]})
    with cast.scope():
        shipment = ReturnShipment.objects.get()
    assert made.url == url("shipment", shipment.number)
    assert piece.number in text(dealer.get(made.url))
    early = dealer.post(url("shipment-ship", shipment.number), {})
    assert early.status_code == 422 and "今天不在旧件返厂期内" in text(early)
    ship = {"window": window.closes_on.isoformat(), "waybill": "SF1234"}
    still_open = dealer.post(url("shipment-ship", shipment.number), ship)
    assert still_open.status_code == 422
    assert "尚未封箱" in text(still_open) and "SF1234" in text(still_open)
    dealer.post(url("box-close", shipment.number, 1))
    sent = dealer.post(url("shipment-ship", shipment.number), ship, follow=True)
    assert "已发运" in text(sent)
    paper = dealer.get(url("shipment-paper", shipment.number))
    assert paper.content.startswith(b"%PDF")
    with cast.scope():
        assert OldPartReturn.objects.get().state == "shipped"


def test_a_tag_that_cannot_be_packed_stays_typed_and_says_why(world: World, as_: As) -> None:
    cast, dealer = world.owner, as_("dealer_clerk")
    with cast.scope():
        theirs = a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine)
        shipment = boxed(cast, [a_piece(cast)])
    answer = dealer.post(url("box-pack", shipment.number, 1), {"tag": "OP-20200101-0009"})
    assert answer.status_code == 422
    assert "没有这样的旧件标签" in text(answer)
    # A tag of the neighbour's reads as unknown: it must not be told that there is one.
    answer = dealer.post(url("box-pack", shipment.number, 1), {"tag": theirs.number})
    assert answer.status_code == 422 and "没有这样的旧件标签" in text(answer)


def test_the_keeper_goes_through_a_box_with_the_scanner(world: World, as_: As) -> None:
    cast, keeper = world.owner, as_("keeper")
    with cast.scope():
        claim = a_claim(cast, [(a_part(cast), "2")])
        here, missing = oldparts.make_pieces(actor=cast.system(), claim=claim)
        shipment = shipped(cast, [here, missing])
        theirs = a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine)
    address = url("box-receive", shipment.number, 1)
    assert "未核对 2 件" in text(keeper.get(address))
    unknown = keeper.post(address, {"tag": "OP-1"})
    assert unknown.status_code == 422 and 'value="OP-1"' in text(unknown)
    other = keeper.post(address, {"tag": theirs.number})
    assert "属于另一家经销商" in text(other)
    assert here.number in text(keeper.post(address, {"tag": here.number}, follow=True))
    again = keeper.post(address, {"tag": here.number})
    assert again.status_code == 422 and "已由 keeper" in text(again)
    keeper.post(url("box-surplus", shipment.number, 1), {"words": "多出一个皮带轮"})
    keeper.post(url("box-finish", shipment.number, 1), {"discrepancy": "", "note": ""})
    done = keeper.post(url("shipment-receive", shipment.number), {"discrepancy": "short"})
    assert done.status_code == 302
    page = text(as_("dealer_clerk").get(url("shipment", shipment.number)))
    assert "多出一个皮带轮" in page and "未收到" in page


def test_the_engineer_appraises_decides_and_the_keeper_moves(world: World, as_: As) -> None:
    cast, engineer, keeper = world.owner, as_("engineer"), as_("keeper")
    with cast.scope():
        scrap = a_store(cast)
        first, second = received(cast, a_piece(cast)), received(cast, a_piece(cast))
    assert keeper.get(url("old-part-appraise", first.number)).status_code == 403
    wrong = engineer.post(
        url("old-part-appraise", first.number),
        {"finding": "no_fault", "is_covered": "no", "cause_class": "unknown", "liable": "dealer"},
    )
    assert wrong.status_code == 422 and "须写明经销商看得到的理由" in text(wrong)
    good = {
        "finding": "accepted",
        "is_covered": "yes",
        "cause_class": "make",
        "liable": "producer",
        "photos_taken": [a_photo(), a_photo()],
    }
    judged = engineer.post(url("old-part-appraise", first.number), good)
    assert judged.url == url("old-part-dispose", first.number)
    decided = engineer.post(judged.url, {"to": "scrap", "store": scrap.code})
    assert decided.url == url("old-part-appraise", second.number)
    moved = keeper.post(url("old-part-finish", first.number), {"store": scrap.code})
    assert moved.url == url("old-part", first.number)
    story = text(keeper.get(moved.url))
    assert "已搬运到位" in story and scrap.name in story
    hidden = text(as_("dealer_clerk").get(url("old-part", first.number)))
    assert "已鉴定" in hidden
    with cast.scope():
        assert OldPartReturn.objects.get(pk=first.pk).state == "done"
        assert OldPartReturn.objects.get(pk=second.pk).state == "received"


def test_waived_supervised_and_misjudged_on_their_pages(world: World, as_: As) -> None:
    cast, manager, rep = world.owner, as_("technical_manager"), as_("sales_rep")
    with cast.scope():
        flooded = a_piece(cast)
        crushed = a_piece(cast, part_return_duty="supervised")
        wronged = appraised(cast, a_piece(cast))
    no_photo = manager.post(url("old-part-waive", flooded.number), {"words": "洪水冲走"})
    assert no_photo.status_code == 422 and "洪水冲走" in text(no_photo)
    waived = {"words": "洪水冲走", "photos_taken": [a_photo()]}
    assert manager.post(url("old-part-waive", flooded.number), waived).status_code == 302
    half = rep.post(url("old-part-supervise", crushed.number), {"before": a_photo()})
    assert half.status_code == 422
    both = {"before": a_photo(), "after": a_photo(), "words": ""}
    assert rep.post(url("old-part-supervise", crushed.number), both).status_code == 302
    said = manager.post(url("old-part-misjudge", wronged.number), {"words": "复检有裂纹"})
    assert said.status_code == 302
    with cast.scope():
        states = [OldPartReturn.objects.get(pk=p.pk).state for p in (flooded, crushed, wronged)]
    assert states == ["waived", "supervised_scrap", "misjudged"]


def test_windows_and_trucks_are_laid_down_on_their_pages(world: World, as_: As) -> None:
    cast, admin, keeper = world.owner, as_("administrator"), as_("keeper")
    wrong = admin.post(
        url("return-window-new"),
        {"name": "夏季", "opens_on": "2027年6月30日", "closes_on": "2027-06-01"},
    )
    assert wrong.status_code == 422 and "夏季" in text(wrong)
    days = {"name": "夏季", "opens_on": "2027年6月1日", "closes_on": "2027-06-30"}
    assert admin.post(url("return-window-new"), days).status_code == 302
    twice = admin.post(url("return-window-new"), days)
    assert "已包含其中某些日期" in text(twice)
    with cast.scope():
        assert ReturnWindow.objects.get().closes_on.isoformat() == "2027-06-30"
    assert admin.get(url("return-window", "no-day")).status_code == 404
    assert keeper.get(url("return-window-new")).status_code == 403
    day = timezone.localdate().isoformat()
    made = keeper.post(
        url("truck-new"),
        {"plate": "鲁N12345", "driver_name": "孙师傅", "driver_phone": "138001", "leaves_on": day},
    )
    assert made.status_code == 422 and "孙师傅" in text(made)
    keeper.post(
        url("truck-new"),
        {"plate": "鲁N12345", "driver_name": "孙师傅", "driver_phone": "", "leaves_on": day},
    )
    with cast.scope():
        truck = Truck.objects.get()
        piece = a_piece(cast)
        boxed(cast, [a_piece(cast)])
    stop = {"dealer": cast.dealer.number, "passes_on": day}
    keeper.post(url("truck-stop-add", truck.number), stop)
    page = text(keeper.get(url("truck", truck.number)))
    assert cast.dealer.name.strip() in page and "另有 1 件未装箱" in page
    assert keeper.get(url("truck-paper", truck.number)).content.startswith(b"%PDF")
    chance = text(as_("dealer_clerk").get(url("old-part", piece.number)))
    assert "鲁N12345" in chance and "可捎带" in chance


def test_the_list_needs_the_same_few_queries_for_many_pieces(
    world: World, as_: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast, dealer = world.owner, as_("dealer_clerk")
    with cast.scope():
        claim = a_claim(cast, [(a_part(cast), "30")])
        oldparts.make_pieces(actor=cast.system(), claim=claim)
        open_window(cast)
    dealer.get(url("old-parts"))
    with django_assert_max_num_queries(24):
        page = text(dealer.get(url("old-parts")))
    assert page.count("data-select-row") == 30


def test_filters_find_and_the_export_holds_what_is_filtered(world: World, as_: As) -> None:
    cast, manager = world.owner, as_("technical_manager")
    with cast.scope():
        piece, other = a_piece(cast), a_piece(cast)
        tagged(cast, other)
    typed = "ｏｐ－" + piece.number[3:]
    page = text(manager.get(url("old-parts"), {"q": typed}))
    assert piece.number in page and other.number not in page
    file = manager.get(url("old-parts-export"), {"state": "tagged", "format": "csv"})
    table = file.content.decode("utf-8-sig")
    assert other.number in table and piece.number not in table
    assert "没有符合条件的旧件" in text(manager.get(url("old-parts"), {"q": "没有"}))


def test_a_photo_of_the_neighbours_piece_is_not_there(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        mine = a_piece(cast)
        theirs = a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine)
        photo = photographed(cast, theirs)
    dealer = as_("dealer_clerk")
    assert dealer.get(url("old-part-photo", theirs.number, photo.public_id)).status_code == 404
    assert dealer.get(url("old-part-photo", mine.number, photo.public_id)).status_code == 404
    shown = as_("engineer").get(url("old-part-photo", theirs.number, photo.public_id))
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("who", ["dealer_clerk", "keeper", "engineer", "sales_rep"])
def test_the_first_page_counts_what_waits(world: World, as_: As, who: str) -> None:
    cast = world.owner
    with cast.scope():
        a_piece(cast)
        shipped(cast, [a_piece(cast)])
        received(cast, a_piece(cast))
        late = a_piece(cast)
        OldPartReturn.objects.filter(pk=late.pk).update(
            due_on=timezone.localdate() - timedelta(days=1)
        )
    wanted = {
        "dealer_clerk": "待发运旧件",
        "keeper": "待签收的发运单",
        "engineer": "待鉴定旧件",
        "sales_rep": "待催收的逾期旧件",
    }
    assert wanted[who] in text(as_(who).get(url("home")))
