"""What reports say no to, each in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError
from warranty.rules.reports import Flaw


class ReportFlaws(DomainError):
    """Everything that is wrong with a report at once, each at its field."""

    code = "report.flaws"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = list(flaws)
        super().__init__(str(self.flaws[0]), field=self.flaws[0].field)


class ChangedMeanwhile(Conflict):
    code = "report.changed"
    message = _(
        "Somebody else changed this report in the meantime. Your entries are kept here;"
        " look at the other ones, then save again."
    )


class IsSigned(DomainError):
    code = "report.signed"
    message = _("This report is signed and stays as it is. A correction is a new version.")


class NoMachine(DomainError):
    code = "report.no_machine"
    message = _("Write the serial number of the machine: the ticket does not name one.")
    field = "serial_number"


class NotHeld(DomainError):
    code = "report.not_held"
    message = _("A report is written by who has taken on the work of this ticket.")


class HasReport(DomainError):
    code = "report.visit_has_one"
    message = _("For this visit and machine %(number)s was begun already. Go on with that one.")


class KeyTaken(DomainError):
    code = "report.key_taken"
    message = _("Another report was sent under this key. Begin a new one.")
    field = "client_key"


class NotSigned(DomainError):
    code = "report.signature_missing"
    message = _("The customer's signature is missing: sign on the glass, or ask for a code.")
    field = "signature"


class NoSignerName(DomainError):
    code = "report.signer_missing"
    message = _("Write the name of the person who signs.")
    field = "signer_name"


class NotTheirPhone(DomainError):
    code = "report.unknown_phone"
    message = _("This number is not on the customer's record. The desk can add it.")
    field = "phone"


class CodeSentJustNow(DomainError):
    code = "report.code_sent_just_now"
    message = _("A code was sent a moment ago. Wait a minute before you ask for another.")
    field = "phone"


class WrongCode(DomainError):
    code = "report.wrong_code"
    message = _("This code is not right. Tries left: %(left)s.")
    field = "code"


class CodeOver(DomainError):
    code = "report.code_over"
    message = _("There is no valid code any more. Ask for a new one.")
    field = "code"
