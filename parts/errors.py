"""What parts say no to, each in one sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NumberTaken(DomainError):
    code = "part.number_taken"
    message = _("Another part has this number already.")
    field = "number"


class CodeTaken(DomainError):
    code = "part.code_taken"
    message = _("This code is in use already.")
    field = "code"


class NoCode(DomainError):
    code = "part.no_code"
    message = _("Write letters, digits and signs, at least one of them.")
    field = "code"


class NoSuchPart(DomainError):
    code = "part.no_such_part"
    message = _("There is no part with this number.")
    field = "part"


class NoSuchOperation(DomainError):
    code = "part.no_such_operation"
    message = _("There is no labour operation with this code.")
    field = "operation"


class NoSuchSupplier(DomainError):
    code = "part.no_such_supplier"
    message = _("There is no supplier with this code.")
    field = "supplier"


class NoSuchStore(DomainError):
    code = "part.no_such_store"
    message = _("There is no store with this code.")
    field = "store"


class ReplacesInCircle(DomainError):
    code = "part.replaces_in_circle"
    message = _("These parts would replace each other in a circle.")
    field = "replaces"


class PriceBelowZero(DomainError):
    code = "part.price_below_zero"
    message = _("A price is never below zero.")
    field = "cents"


class PriceStands(DomainError):
    code = "part.price_stands"
    message = _(
        "From this day another price counts already: %(amount)s. Give the reason to correct it."
    )
    field = "reason"


class NotEnough(DomainError):
    code = "stock.not_enough"
    message = _("The store holds %(held)s of this part; no more can be taken out.")
    field = "quantity"


class NothingMoves(DomainError):
    code = "stock.nothing_moves"
    message = _("Write how many pieces move.")
    field = "quantity"


class ValueAgainstPieces(DomainError):
    code = "stock.value_against_pieces"
    message = _("The value goes the way of the pieces: in with what comes in, out with the rest.")
    field = "value_cents"


class NotWorthThat(DomainError):
    code = "stock.not_worth_that"
    message = _("The pieces in the store are worth %(held)s; no more value can be taken out.")
    field = "value_cents"


class MovedOtherwise(DomainError):
    code = "stock.moved_otherwise"
    message = _("This has been booked already, with other figures.")


class StoreClosed(DomainError):
    code = "stock.store_closed"
    message = _("This store is closed: nothing comes in.")
    field = "store"


class SameStore(DomainError):
    code = "stock.same_store"
    message = _("Choose another store to move the pieces to.")
    field = "to_store"


class NoReason(DomainError):
    code = "stock.no_reason"
    message = _("Say why: the move is kept for good.")
    field = "reason"


class IncludesInCircle(DomainError):
    code = "operation.includes_in_circle"
    message = _("These operations would include each other in a circle.")
    field = "included"
