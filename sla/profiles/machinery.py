"""Machinery with dealers, the core: the three-guarantee chain on the hours of the service line."""

from __future__ import annotations

from sla.profiles import base
from sla.profiles.base import HOUR, Plan, PolicyPlan
from sla.states import Promise

POLICIES = (
    PolicyPlan(
        "urgent",
        10,
        "Urgent",
        "紧急",
        base.URGENT,
        (
            Plan(Promise.DISPATCH, 2 * HOUR, "R-019"),
            # “Arranged at the same time” has no figure: an hour from hand-over.
            Plan(Promise.ARRANGE, HOUR, "R-022"),
            Plan(Promise.CHECK, 4 * HOUR, "R-021"),
            Plan(Promise.FIRST_ANSWER, 30, "R-022"),
            base.ACKNOWLEDGE,
            base.CALLBACK,
        ),
        base.URGENT_LADDER,
    ),
    PolicyPlan(
        "complaint",
        20,
        "Complaint",
        "投诉",
        base.COMPLAINT,
        (*base.CHAIN, *base.COMPLAINTS, base.CALLBACK),
        base.COMPLAINT_LADDER,
    ),
    PolicyPlan(
        "hard-question",
        25,
        "Hard question",
        "疑难咨询",
        base.HARD_QUESTION,
        (base.HARD_QUESTION_SOLVED,),
    ),
    PolicyPlan(
        "consultation",
        30,
        "Consultation",
        "咨询",
        base.QUESTION,
        (*base.CHAIN, base.QUESTION_ANSWERED, base.QUESTION_SOLVED, base.CALLBACK),
    ),
    PolicyPlan("goods", 40, "Defective goods", "问题货品", base.GOODS, (base.GOODS_EXCHANGED,)),
    *base.zones("", 50),
    PolicyPlan(
        "grave-fault", 70, "Grave fault", "重大故障", base.GRAVE_FAULT, (base.GRAVE_FAULT_SOLVED,)
    ),
    PolicyPlan("fault", 80, "Ordinary fault", "一般故障", base.FAULT, (base.FAULT_SOLVED,)),
    PolicyPlan(
        "core",
        90,
        "Machinery core",
        "农机三包通用",
        {},
        (
            *base.CHAIN,
            Plan(Promise.FIRST_ANSWER, 2 * HOUR, "R-023"),
            base.ANYWHERE,
            base.ON_SITE,
            base.RARE_PARTS,
            base.CALLBACK,
            base.RECEIPT_CARD,
        ),
    ),
)
