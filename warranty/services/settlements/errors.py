"""What settlements refuse, each with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError


class PeriodBackwards(DomainError):
    code = "settlement.period_backwards"
    message = _("The last day lies before the first.")
    field = "until_on"


class NothingToSettle(DomainError):
    code = "settlement.nothing"
    message = _("%(dealer)s has nothing payable up to this day.")


class DraftExists(Conflict):
    code = "settlement.draft_exists"
    message = _("There is a draft for this dealer already: %(number)s.")


class NotOnIt(DomainError):
    code = "settlement.line_not_on_it"
    message = _("A line you chose is not on this settlement any more. Look again.")
    field = "lines"


class SumsDiffer(DomainError):
    code = "settlement.sums_differ"
    message = _("The lines of this settlement do not add up to its net. Draft it anew.")


class NoLines(DomainError):
    code = "settlement.no_lines"
    message = _("There is no line on this settlement.")


class NoticeChanged(Conflict):
    code = "settlement.notice_changed"
    message = _("This notice was issued anew. Read edition %(edition)s before you answer.")


class WrongCode(DomainError):
    code = "settlement.wrong_code"
    message = _("This is not the code printed on the notice.")
    field = "code"


class NoSignature(DomainError):
    code = "settlement.no_signature"
    message = _("Sign, or type the code that is printed on the notice.")
    field = "signature"


class NoName(DomainError):
    code = "settlement.no_name"
    message = _("Write the name of who confirms.")
    field = "name"


class AlreadyConfirmed(Conflict):
    code = "settlement.already_confirmed"
    message = _("%(who)s confirmed this notice on %(day)s.")


class NoDocument(DomainError):
    code = "settlement.no_document"
    message = _("Name the paper: where the signed notice is kept.")
    field = "document"


class NotDeemed(DomainError):
    code = "settlement.not_deemed"
    message = _("The contract of this dealer does not take silence for a yes, or it is too early.")


class NoWords(DomainError):
    code = "settlement.no_words"
    message = _("Say of each disputed line why you do not accept it.")
    field = "lines"


class NoReason(DomainError):
    code = "settlement.no_reason"
    message = _("Say why: the reason stays in the records.")
    field = "reason"


class BeyondLeft(DomainError):
    code = "settlement.beyond_left"
    message = _("%(left)s is left of this settlement; %(asked)s cannot be used.")
    field = "amount"


class NothingLeft(DomainError):
    code = "settlement.nothing_left"
    message = _("Nothing is left of this settlement.")


class StillOpen(DomainError):
    code = "settlement.still_open"
    message = _("%(left)s of this settlement is still owed.")


class NotCarried(DomainError):
    code = "settlement.not_carried"
    message = _("It is below zero, and no later settlement carries it yet.")


class IsCarried(DomainError):
    code = "settlement.is_carried"
    message = _("It is carried on to %(number)s: reverse that one, or take the line off, first.")


class InvoiceMissing(DomainError):
    code = "settlement.invoice_missing"
    message = _("The contract asks for the dealer's invoice before payment.")


class NoReference(DomainError):
    code = "settlement.no_reference"
    message = _("Write the bank's reference.")
    field = "reference"


class ReferenceUsed(Conflict):
    code = "settlement.reference_used"
    message = _("This bank reference stands on another payment.")
    field = "reference"


class WrongPayMode(DomainError):
    code = "settlement.wrong_pay_mode"
    message = _("The contract of this dealer says: %(mode)s.")
