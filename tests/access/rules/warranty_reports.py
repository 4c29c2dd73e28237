"""Work reports: written by who works, read by who decides and pays."""

from tests.access.rule import Rule

VIEW = {"GET": "report.view"}
WRITE = {"GET": "report.write", "POST": "report.write"}
POST = {"POST": "report.write"}

RULES = [
    Rule("warranty:reports", VIEW),
    Rule("warranty:reports-export", VIEW),
    Rule("warranty:report-new", WRITE),
    Rule("warranty:reports-of-ticket", VIEW, "ticket"),
    Rule("warranty:report", VIEW, "report"),
    Rule("warranty:report-edit", WRITE, "report"),
    Rule("warranty:report-sign", POST, "report"),
    Rule("warranty:report-code", POST, "report"),
    Rule("warranty:report-evidence", POST, "report"),
    Rule("warranty:report-correct", WRITE, "report"),
    Rule("warranty:report-discard", POST, "report"),
    Rule("warranty:report-paper", VIEW, "report"),
    Rule("warranty:report-version", VIEW, "report_version"),
    Rule("warranty:report-version-paper", VIEW, "report_version"),
    Rule("warranty:evidence", VIEW, "evidence"),
    Rule("warranty:evidence-remove", POST, "evidence"),
    Rule("api-reports", {"GET": "report.view", "POST": "report.write"}),
    Rule("api-report", {"GET": "report.view", "PATCH": "report.write"}, "report"),
    Rule("api-report-sign", POST, "report"),
    Rule("api-report-code", POST, "report"),
    Rule("api-report-evidence", POST, "report"),
    Rule("api-report-versions", POST, "report"),
    Rule("api-report-discard", POST, "report"),
]
