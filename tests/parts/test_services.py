"""What the services of parts write, and what they and the database refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent
from core.tenancy import dealer_wall
from machines.models import ProductModel
from parts import errors, queries, rules, services
from parts.models import Part, PartPrice, PartSerial, StockMove, Store, Supplier
from parts.services.stock import TRANSFER
from tests.parts.conftest import Workshop, days_ago


def verbs(thing: Any) -> list[str]:
    rows = AuditEvent.objects.filter(noun=thing._meta.model_name, object_id=thing.pk)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_a_part_is_found_by_its_number_in_any_spelling(shop: Workshop) -> None:
    made = shop.part(" ab －１２ ")
    assert made.number == "AB-12"
    assert queries.part_by_number("ＡＢ-12") == made
    assert queries.part_by_number("　") is None
    assert queries.parts_by_number(["ab-12", "lf 100", "X"]) == {"AB-12": made}


def test_the_same_number_in_another_spelling_is_refused(shop: Workshop) -> None:
    with pytest.raises(errors.NumberTaken):
        shop.part("lf－100")
    for empty in (" 　 ", "ĸ", "A\u200b"):
        with pytest.raises(errors.NoCode):
            shop.part(empty)


def test_the_database_keeps_numbers_folded(shop: Workshop) -> None:
    for number in ("ab-1", "AB 1", ""):
        with pytest.raises(IntegrityError, match="part_number_is_folded"), transaction.atomic():
            Part.objects.create(number=number, name="x")


def test_an_edit_says_what_was_and_what_is(shop: Workshop) -> None:
    services.edit_part(actor=shop.actor, part=shop.motor, shelf="A-03", is_watched=False)
    event = AuditEvent.objects.filter(verb="part.edited").get()
    assert event.data == {"shelf": ["", "A-03"], "is_watched": ["True", "False"]}
    with pytest.raises(TypeError):
        services.edit_part(actor=shop.actor, part=shop.motor, number="X")


def test_parts_do_not_replace_each_other_in_a_circle(shop: Workshop) -> None:
    newer = shop.part("LF-200", replaces=shop.filter)
    newest = shop.part("LF-300", replaces=newer)
    with pytest.raises(errors.ReplacesInCircle):
        services.edit_part(actor=shop.actor, part=shop.filter, replaces=newest)
    assert queries.replaced_by(shop.filter) == [newer]


def test_a_part_without_fits_fits_all_and_one_with_fits_only_those(shop: Workshop) -> None:
    model = shop.cast.model
    other = ProductModel.objects.create(line=shop.cast.line, code="4LZ-9", name="另一型")
    everywhere = queries.fits(shop.filter, model)
    assert everywhere is not None and not rules.is_too_many(Decimal(9), everywhere.per_machine)
    services.fit_part(actor=shop.actor, part=shop.motor, model=model, per_machine=Decimal(2))
    fit = queries.fits(shop.motor, model)
    assert fit is not None and fit.per_machine == 2
    assert queries.fits(shop.motor, other) is None
    assert queries.fits_of([shop.filter, shop.motor], model) == {
        shop.filter.pk: None,
        shop.motor.pk: 2,
    }
    assert queries.fits_of([shop.motor], other) == {shop.motor.pk: 0}
    services.unfit_part(actor=shop.actor, part=shop.motor, model=model)
    assert queries.fits(shop.motor, other) is not None


def test_the_price_of_a_day_is_the_newest_before_it(
    shop: Workshop, django_assert_num_queries: Any
) -> None:
    for days, cents in [(100, 1_000), (10, 1_200), (-5, 1_500)]:
        services.set_price(actor=shop.actor, part=shop.filter, cents=cents, from_on=days_ago(days))
    services.set_price(
        actor=shop.actor, part=shop.filter, cents=2_000, from_on=days_ago(50), kind="retail"
    )
    both = [shop.filter, shop.motor]
    with django_assert_num_queries(1):
        assert queries.price_of(both, days_ago(11)) == {shop.filter.pk: 1_000}
    assert queries.price_of(both, days_ago(0)) == {shop.filter.pk: 1_200}
    assert queries.price_of(both, days_ago(-5)) == {shop.filter.pk: 1_500}
    assert queries.price_of(both, days_ago(101)) == {}
    assert queries.price_of(both, days_ago(0), kind="retail") == {shop.filter.pk: 2_000}


def test_a_price_that_stands_changes_only_with_a_reason(shop: Workshop) -> None:
    def price(cents: int, reason: str = "") -> PartPrice:
        return services.set_price(
            actor=shop.actor, part=shop.filter, cents=cents, from_on=days_ago(3), reason=reason
        )

    first = price(1_000)
    assert price(1_000) == first
    with pytest.raises(errors.PriceStands) as refused:
        price(1_100)
    assert refused.value.field == "reason" and "¥10.00" in str(refused.value)
    assert price(1_100, "合同笔误") == first
    assert PartPrice.objects.get().cents == 1_100
    assert AuditEvent.objects.filter(verb="part.priced").last().data["reason"] == "合同笔误"
    with pytest.raises(errors.PriceBelowZero):
        price(-1)


def test_pieces_are_known_by_serial_in_any_spelling(shop: Workshop) -> None:
    new = services.record_serials(
        actor=shop.actor, part=shop.motor, numbers=["sn １", "SN1", "SN2"], batch="2026-05"
    )
    assert new == 2
    again = services.record_serials(
        actor=shop.actor, part=shop.motor, numbers=["sn 1"], dealer=shop.cast.dealer
    )
    assert again == 0
    piece = queries.serial_of(shop.motor, "ｓｎ1")
    assert piece is not None
    assert (piece.batch, piece.dealer) == ("2026-05", shop.cast.dealer)
    assert queries.serial_of(shop.filter, "SN1") is None


def test_a_dealer_sees_its_own_pieces_no_store_and_no_supplier(shop: Workshop) -> None:
    for serial, dealer in [("A1", shop.cast.dealer), ("A2", shop.cast.neighbour)]:
        services.record_serials(actor=shop.actor, part=shop.motor, numbers=[serial], dealer=dealer)
    services.book_stock(
        actor=shop.actor, store=shop.main, part=shop.motor, quantity=1, reason="入库"
    )
    with dealer_wall((shop.cast.dealer.pk,)):
        assert list(PartSerial.objects.values_list("serial_number", flat=True)) == ["A1"]
        assert not Store.objects.exists() and not StockMove.objects.exists()
        assert not Supplier.objects.exists()
        assert Part.objects.filter(pk=shop.motor.pk).exists()


def test_stock_is_the_sum_of_its_moves(shop: Workshop) -> None:
    def book(quantity: Any, **facts: Any) -> StockMove:
        return services.book_stock(
            actor=shop.actor,
            store=shop.main,
            part=shop.motor,
            quantity=quantity,
            reason="盘点",
            **facts,
        )

    book(3, value_cents=1_000)
    taken = book(-1)
    assert taken.value_cents == -333
    assert queries.stock_of(shop.main) == {shop.motor.pk: Decimal(2)}
    last = book(-2)
    assert last.value_cents == -667
    assert queries.stock_of(shop.main) == {} and queries.worth_of(shop.main) == 0
    for quantity, refusal in [(-1, errors.NotEnough), (0, errors.NothingMoves)]:
        with pytest.raises(refusal):
            book(quantity)
    with pytest.raises(errors.ValueAgainstPieces):
        book(1, value_cents=-5)
    book(2, value_cents=100)
    with pytest.raises(errors.NotWorthThat):
        book(-1, value_cents=-101)


def test_one_source_books_once(shop: Workshop) -> None:
    def book(quantity: int) -> StockMove:
        return services.book_stock(
            actor=shop.actor,
            store=shop.main,
            part=shop.motor,
            quantity=quantity,
            value_cents=500,
            source_kind="old_part",
            source_id=17,
            reason="鉴定合格",
        )

    assert book(1) == book(1)
    with pytest.raises(errors.MovedOtherwise):
        book(2)
    assert StockMove.objects.count() == 1


def test_pieces_move_over_with_their_value(shop: Workshop) -> None:
    services.book_stock(
        actor=shop.actor,
        store=shop.main,
        part=shop.motor,
        quantity=4,
        value_cents=1_000,
        reason="入库",
    )
    out, come = services.transfer_stock(
        actor=shop.actor,
        store=shop.main,
        to_store=shop.scrap,
        part=shop.motor,
        quantity=1,
        reason="报废",
    )
    assert (out.value_cents, come.value_cents) == (-250, 250)
    assert (come.source_kind, come.source_id) == (TRANSFER, out.pk)
    held = queries.stock_in(shop.motor)
    assert [each.store for each in held] == [shop.main, shop.scrap]
    assert [int(each.quantity) for each in held] == [3, 1]
    with pytest.raises(errors.SameStore):
        services.transfer_stock(
            actor=shop.actor,
            store=shop.main,
            to_store=shop.main,
            part=shop.motor,
            quantity=1,
            reason="x",
        )


def test_a_closed_store_only_empties(shop: Workshop) -> None:
    facts: dict[str, Any] = {"actor": shop.actor, "part": shop.motor, "reason": "x"}
    services.book_stock(store=shop.main, quantity=1, **facts)
    closed = services.edit_store(actor=shop.actor, store=shop.main, is_active=False)
    with pytest.raises(errors.StoreClosed):
        services.book_stock(store=closed, quantity=1, **facts)
    services.book_stock(store=closed, quantity=-1, **facts)
    with pytest.raises(errors.NoReason):
        services.book_stock(store=closed, quantity=1, actor=shop.actor, part=shop.motor, reason=" ")


@pytest.mark.parametrize(
    "statement", ["UPDATE parts_stockmove SET quantity = 9", "DELETE FROM parts_stockmove"]
)
def test_a_move_never_changes(shop: Workshop, statement: str) -> None:
    services.book_stock(actor=shop.actor, store=shop.main, part=shop.motor, quantity=1, reason="x")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_itself_lets_no_store_go_below_zero(shop: Workshop) -> None:
    with pytest.raises(IntegrityError, match="more than the store holds"), transaction.atomic():
        StockMove.objects.create(
            store=shop.main,
            part=shop.motor,
            quantity=-1,
            value_cents=0,
            source_kind="raw",
            reason="x",
            by_label="x",
        )


def test_operations_have_times_by_model_and_hold_others(shop: Workshop) -> None:
    model = shop.cast.model
    other = ProductModel.objects.create(line=shop.cast.line, code="4LZ-9", name="另一型")
    assert queries.standard_minutes(shop.change, model) == 60
    services.time_operation(actor=shop.actor, operation=shop.change, model=model, minutes=90)
    assert queries.standard_minutes(shop.change, model) == 90
    assert queries.standard_minutes(shop.change, other) is None
    services.time_operation(actor=shop.actor, operation=shop.change, model=None, minutes=45)
    assert queries.standard_minutes(shop.change, other) == 45
    small = services.create_operation(
        actor=shop.actor, code="R02", name="拆装护罩", standard_minutes=10
    )
    tiny = services.create_operation(
        actor=shop.actor, code="R03", name="拧螺栓", standard_minutes=2
    )
    services.include_operation(actor=shop.actor, operation=shop.change, included=small)
    services.include_operation(actor=shop.actor, operation=small, included=tiny)
    assert queries.included_ids([shop.change, small]) == {small.pk}
    with pytest.raises(errors.IncludesInCircle):
        services.include_operation(actor=shop.actor, operation=tiny, included=shop.change)
    services.untime_operation(actor=shop.actor, operation=shop.change, model=None)
    services.untime_operation(actor=shop.actor, operation=shop.change, model=model)
    assert queries.standard_minutes(shop.change, other) == 60


def test_a_suppliers_entry_is_confirmed(shop: Workshop) -> None:
    Supplier.objects.update(confirmed_on=days_ago(100))
    done = services.confirm_supplier(actor=shop.actor, supplier=shop.supplier)
    assert done.confirmed_on == timezone.localdate()
    assert verbs(shop.supplier) == ["supplier.created", "supplier.confirmed"]
    with pytest.raises(errors.CodeTaken):
        services.create_supplier(actor=shop.actor, code="ｈx", name="又一家")
    with pytest.raises(DomainError):
        services.edit_supplier(actor=shop.actor, supplier=shop.supplier, phone="123")
