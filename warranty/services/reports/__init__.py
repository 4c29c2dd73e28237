"""Writes of work reports (三包维修记录): begun, written, shown to be true, signed, corrected."""

from warranty.services.reports.checking import used_before, warnings
from warranty.services.reports.closing import may_report_done, report_done
from warranty.services.reports.errors import (
    ChangedMeanwhile,
    CodeOver,
    HasReport,
    IsSigned,
    KeyTaken,
    NoMachine,
    NoSignerName,
    NotHeld,
    NotSigned,
    NotTheirPhone,
    ReportFlaws,
    WrongCode,
)
from warranty.services.reports.evidence import attach_evidence, remove_evidence
from warranty.services.reports.sealing import digest_of, stamp_of
from warranty.services.reports.signing import count_try, known_phones, send_code, sign_report
from warranty.services.reports.writing import (
    FACTS,
    correct_report,
    discard_report,
    foreseen,
    is_reportable,
    save_report,
    start_report,
)

__all__ = [
    "FACTS",
    "ChangedMeanwhile",
    "CodeOver",
    "HasReport",
    "IsSigned",
    "KeyTaken",
    "NoMachine",
    "NoSignerName",
    "NotHeld",
    "NotSigned",
    "NotTheirPhone",
    "ReportFlaws",
    "WrongCode",
    "attach_evidence",
    "correct_report",
    "count_try",
    "digest_of",
    "discard_report",
    "foreseen",
    "is_reportable",
    "known_phones",
    "may_report_done",
    "remove_evidence",
    "report_done",
    "save_report",
    "send_code",
    "sign_report",
    "stamp_of",
    "start_report",
    "used_before",
    "warnings",
]
