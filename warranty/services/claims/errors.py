"""Why a claim cannot be drafted, filed or taken back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NotSigned(DomainError):
    code = "claim.report_not_signed"
    message = _("A claim is drafted from a signed report: have the customer sign it first.")


class AlreadyClaimed(DomainError):
    code = "claim.already"
    message = _("Claim %(number)s stands for an earlier version of this report.")


class NoRoundsLeft(DomainError):
    code = "claim.no_rounds_left"
    message = _("This claim was corrected %(rounds)s times already; it cannot be filed again.")


class CorrectionOver(DomainError):
    code = "claim.correction_over"
    message = _("The time to correct this claim ended on %(day)s.")


class ReviewBegun(DomainError):
    code = "claim.review_begun"
    message = _("The review has begun: the claim can no longer be withdrawn.")


class PiecesAway(DomainError):
    code = "claim.pieces_away"
    message = _("Old parts of this claim are on their way already.")
