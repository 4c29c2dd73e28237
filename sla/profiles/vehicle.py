"""Vehicles that come to a workshop: back on the road in 48 hours."""

from __future__ import annotations

from sla.profiles import base
from sla.profiles.base import HOUR, Plan, PolicyPlan
from sla.states import Promise

POLICIES = (
    PolicyPlan(
        "vehicle-urgent",
        1,
        "Vehicle: urgent",
        "车辆 紧急",
        base.URGENT,
        (
            Plan(Promise.ARRANGE, HOUR, "R-022"),
            Plan(Promise.FIRST_ANSWER, 30, "R-022"),
            base.ACKNOWLEDGE,
        ),
        base.URGENT_LADDER,
    ),
    PolicyPlan(
        "vehicle-complaint",
        2,
        "Vehicle: complaint",
        "车辆 投诉",
        base.COMPLAINT,
        base.COMPLAINTS,
        base.COMPLAINT_LADDER,
    ),
    PolicyPlan(
        "vehicle-question",
        3,
        "Vehicle: question",
        "车辆 咨询",
        base.QUESTION,
        (base.QUESTION_ANSWERED, base.QUESTION_SOLVED),
    ),
    PolicyPlan(
        "vehicle-grave-fault",
        4,
        "Vehicle: grave fault",
        "车辆 重大故障",
        base.GRAVE_FAULT,
        (base.GRAVE_FAULT_SOLVED,),
    ),
    PolicyPlan(
        "vehicle",
        9,
        "Vehicle",
        "车辆维修",
        {},
        (
            *base.CHAIN,
            Plan(Promise.FIRST_ANSWER, 2 * HOUR, "R-023"),
            base.ANYWHERE,
            base.ON_SITE,
            # A workshop repair with its pick-up notice.
            Plan(Promise.SOLUTION, 48 * HOUR, "R-124", base.ALWAYS),
            base.RARE_PARTS,
            base.CALLBACK,
        ),
    ),
)
