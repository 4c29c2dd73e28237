"""Software and systems with their users on the telephone: answered within the hour."""

from __future__ import annotations

from sla.profiles import base
from sla.profiles.base import DAY, HOUR, Plan, PolicyPlan
from sla.states import Promise

# A hard question reaches technical support within 2 h of the report.
TO_SUPPORT = Plan(Promise.DISPATCH, 2 * HOUR, "R-026")
CHECK = Plan(Promise.CHECK, 4 * HOUR, "R-021")

POLICIES = (
    PolicyPlan(
        "software-urgent",
        1,
        "Software: urgent",
        "软件 紧急",
        base.URGENT,
        (
            # Fault handling starts 15 minutes after the report.
            Plan(Promise.DISPATCH, 15, "R-026"),
            Plan(Promise.ARRANGE, 2 * HOUR, "R-020"),
            CHECK,
            Plan(Promise.FIRST_ANSWER, 30, "R-022"),
            base.ACKNOWLEDGE,
        ),
        base.URGENT_LADDER,
    ),
    PolicyPlan(
        "software-complaint",
        2,
        "Software: complaint",
        "软件 投诉",
        base.COMPLAINT,
        base.COMPLAINTS,
        base.COMPLAINT_LADDER,
    ),
    PolicyPlan(
        "software-hard-question",
        3,
        "Software: complex question",
        "软件 复杂问题",
        base.HARD_QUESTION,
        (base.HARD_QUESTION_SOLVED,),
    ),
    PolicyPlan(
        "software-question",
        4,
        "Software: question",
        "软件 咨询",
        base.QUESTION,
        (
            base.QUESTION_ANSWERED,
            # Support calls the customer within 4 h of a question.
            Plan(Promise.ARRANGE, 4 * HOUR, "R-026"),
            base.QUESTION_SOLVED,
        ),
    ),
    *base.zones("software-", 5),
    PolicyPlan(
        "software-grave-fault",
        7,
        "Software: grave fault",
        "软件 重大故障",
        base.GRAVE_FAULT,
        (base.GRAVE_FAULT_SOLVED,),
    ),
    PolicyPlan(
        "software",
        9,
        "Software",
        "软件产品",
        {},
        (
            Plan(Promise.FIRST_ANSWER, HOUR, "R-023"),
            TO_SUPPORT,
            # Support calls the customer within a day of a fault.
            Plan(Promise.ARRANGE, DAY, "R-026", base.ALWAYS),
            CHECK,
            base.ANYWHERE,
            base.FAULT_SOLVED,
            base.CALLBACK,
        ),
    ),
)
