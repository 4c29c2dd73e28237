"""Tables of the guarantee: reports, claims, decisions, old parts, settlements, and after them."""

from warranty.models.afterwards import RecoveryClaim, SpotCheck, SpotCheckItem
from warranty.models.cases import StatutoryCase
from warranty.models.checks import CheckResult, CheckRule, CheckRun, CutReason, ReviewLevel
from warranty.models.claims import Claim, ClaimLine, ClaimVersion, PreAuthorisation
from warranty.models.decisions import Adjudication, Appeal, AppealLine, LineDecision
from warranty.models.oldparts import (
    Appraisal,
    Box,
    Disposition,
    OldPartReturn,
    ReturnShipment,
    ReturnWindow,
    Truck,
    TruckStop,
)
from warranty.models.reports import (
    Evidence,
    SigningCode,
    WorkReport,
    WorkReportLabour,
    WorkReportPart,
)
from warranty.models.settlements import (
    Adjustment,
    DealerConfirmation,
    Dispute,
    Payment,
    Settlement,
    SettlementLine,
    SettlementNotice,
)

__all__ = [
    "Adjudication",
    "Adjustment",
    "Appeal",
    "AppealLine",
    "Appraisal",
    "Box",
    "CheckResult",
    "CheckRule",
    "CheckRun",
    "Claim",
    "ClaimLine",
    "ClaimVersion",
    "CutReason",
    "DealerConfirmation",
    "Disposition",
    "Dispute",
    "Evidence",
    "LineDecision",
    "OldPartReturn",
    "Payment",
    "PreAuthorisation",
    "RecoveryClaim",
    "ReturnShipment",
    "ReturnWindow",
    "ReviewLevel",
    "Settlement",
    "SettlementLine",
    "SettlementNotice",
    "SigningCode",
    "SpotCheck",
    "SpotCheckItem",
    "StatutoryCase",
    "Truck",
    "TruckStop",
    "WorkReport",
    "WorkReportLabour",
    "WorkReportPart",
]
