"""Goods of a project under contract: whatever is asked is answered within a day."""

from __future__ import annotations

from sla.profiles import base
from sla.profiles.base import HOUR, Plan, PolicyPlan
from sla.states import Promise

POLICIES = (
    PolicyPlan(
        "project-urgent",
        1,
        "Project goods: urgent",
        "项目 紧急",
        base.URGENT,
        (Plan(Promise.FIRST_ANSWER, 30, "R-022"), base.ACKNOWLEDGE),
        base.URGENT_LADDER,
    ),
    PolicyPlan(
        "project-complaint",
        2,
        "Project goods: complaint",
        "项目 投诉",
        base.COMPLAINT,
        base.COMPLAINTS,
        base.COMPLAINT_LADDER,
    ),
    PolicyPlan(
        "project-hard-question",
        3,
        "Project goods: complex question",
        "项目 复杂问题",
        base.HARD_QUESTION,
        (base.HARD_QUESTION_SOLVED,),
    ),
    PolicyPlan(
        "project",
        9,
        "Project goods",
        "项目物资",
        {},
        (
            *base.CHAIN,
            # The outer bound of every request.
            Plan(Promise.FIRST_ANSWER, 24 * HOUR, "R-023", base.ALWAYS),
            base.ANYWHERE,
            base.ON_SITE,
            base.GOODS_EXCHANGED,
            base.RARE_PARTS,
            base.CALLBACK,
        ),
    ),
)
