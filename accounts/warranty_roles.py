"""What each role may with the papers of the guarantee; `accounts.roles` adds it to the rest.

Four eyes begin here: who writes reports and files claims never decides one, who receives an old
part never appraises it, who drafts a settlement never checks or posts it.
"""

from __future__ import annotations

_READ = {"report.view", "claim.view", "old_part.view"}
_FILES = _READ | {
    "report.write",
    "claim.submit",
    "claim.give_up",
    "old_part.ship",
    "old_part.send",
    "old_part.photograph",
}
_REVIEWS = _READ | {
    "claim.decide",
    "old_part.appraise",
    "old_part.photograph",
    "case.view",
    "case.record_choice",
    "recovery.view",
    "recovery.edit",
    "spot_check.view",
}
_SETTLES = _READ | {
    "claim.confirm",
    "settlement.view",
    "settlement.export",
    "adjustment.view",
    "spot_check.view",
    "recovery.view",
    "recovery.export",
}
_DESK = _READ | {"claim.return", "settlement.view", "case.view", "case.record_choice"}

# By the role's code.
WARRANTY_PERMISSIONS: dict[str, set[str]] = {
    "clerk": _DESK | {"report.write", "settlement.record_paper"},
    "supervisor": _DESK,
    "manager": _READ
    | {
        "claim.decide",
        "settlement.view",
        "settlement.export",
        "settlement.reverse",
        "adjustment.view",
        "adjustment.approve",
        "case.view",
        "case.export",
        "case.approve",
        "case.carry_out",
        "case.drop",
        "spot_check.view",
        "recovery.view",
        "recovery.export",
    },
    "engineer": _REVIEWS,
    "technical_manager": _REVIEWS
    | {
        "claim.cancel",
        "claim.decide_appeal",
        "claim.rules",
        "old_part.waive",
        "old_part.overrule",
        "old_part.export",
        "return_window.edit",
        "adjustment.view",
        "adjustment.create",
        "spot_check.decide",
        "recovery.debit",
        "recovery.export",
        "case.export",
        "case.drop",
    },
    # The company's own technician leaves the same papers as a dealer's.
    "field_engineer": _FILES,
    "sales_rep": _READ
    | {
        "old_part.send",
        "old_part.supervise",
        "old_part.photograph",
        "old_part.export",
        "truck.manage",
        "spot_check.view",
        "spot_check.answer",
        "spot_check.decide",
        "settlement.view",
        "settlement.record_paper",
    },
    "keeper": {
        "claim.view",
        "old_part.view",
        "old_part.receive",
        "old_part.photograph",
        "old_part.move",
        "old_part.export",
        "truck.manage",
    },
    "finance": _SETTLES
    | {"settlement.draft", "settlement.offset", "adjustment.create", "receivable.book"},
    "finance_manager": _SETTLES
    | {"settlement.check", "settlement.post", "settlement.reverse", "adjustment.approve"},
    "administrator": {"claim.view", "claim.rules", "old_part.view", "return_window.edit"},
    "dealer_principal": _FILES
    | {
        "claim.appeal",
        "settlement.view",
        "settlement.export",
        "settlement.confirm",
        "adjustment.view",
        "adjustment.object",
        "old_part.export",
        "spot_check.view",
        "spot_check.answer",
        "case.view",
    },
    "dealer_clerk": (_FILES - {"claim.give_up"}) | {"spot_check.view", "spot_check.answer"},
    "dealer_technician": {"report.view", "report.write"},
}
