"""The shape of a ready profile, and the figures that several of them share (R-018)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from sla.states import Promise

OFFICE, HOTLINE, ALWAYS = "office", "hotline", "always"
Ladder: TypeAlias = tuple[dict[str, Any], ...]
Conditions: TypeAlias = dict[str, list[str]]

HOUR = 60
# By the wall clock; what the source counts in hours or days runs on at night.
DAY = 24 * HOUR
# A day of the office: 8:30 to 12:00 and 13:30 to 17:30.
WORKDAY = 7 * HOUR + 30
# A day of the service line: 9:00 to 22:00.
LINE_DAY = 13 * HOUR

# Minutes after the due time, and who is told then.
LADDER: Ladder = ({"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"})
# What is urgent goes up faster.
URGENT_LADDER: Ladder = ({"after": 0, "role": "supervisor"}, {"after": 15, "role": "manager"})
# A complaint that is late is management's at once.
COMPLAINT_LADDER: Ladder = ({"after": 0, "role": "supervisor"}, {"after": 0, "role": "manager"})


@dataclass(frozen=True, slots=True)
class Plan:
    """One promise of a profile: its minutes, on which hours, and the rule that asks for it."""

    promise: Promise
    minutes: int
    rule: str
    calendar: str = ""  # the code of a calendar; empty: the policy's
    ladder: Ladder | None = None  # none: the policy's
    warn_percent: int = 75


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """One policy of a profile: what it catches and what it promises."""

    code: str
    position: int
    english: str
    chinese: str
    conditions: Conditions
    plans: tuple[Plan, ...]
    ladder: Ladder = LADDER
    calendar: str = HOTLINE

    def name(self, language: str) -> str:
        return self.chinese if language == "zh-hans" else self.english

    def ladder_of(self, plan: Plan) -> list[dict[str, Any]]:
        return [dict(rung) for rung in (self.ladder if plan.ladder is None else plan.ladder)]


URGENT: Conditions = {"urgency": ["urgent"]}
COMPLAINT: Conditions = {"kind": ["complaint"]}
QUESTION: Conditions = {"kind": ["consultation"]}
HARD_QUESTION: Conditions = QUESTION | {"severity": ["grave"]}
FAULT: Conditions = {"kind": ["repair"]}
GRAVE_FAULT: Conditions = FAULT | {"severity": ["grave"]}
GOODS: Conditions = {"kind": ["return"]}

# The chain of an ordinary call: dispatched in 2 h, arranged in 2 h, checked 4 h after hand-over.
CHAIN = (
    Plan(Promise.DISPATCH, 2 * HOUR, "R-019"),
    Plan(Promise.ARRANGE, 2 * HOUR, "R-020"),
    Plan(Promise.CHECK, 4 * HOUR, "R-021"),
)
# The first call after service between day 3 and day 7: four days of the line from day 3 on.
CALLBACK = Plan(Promise.CALLBACK, 4 * LINE_DAY, "R-126")
# Management and the technical lead have the urgent case acknowledged when the answer is due.
ACKNOWLEDGE = Plan(Promise.ACKNOWLEDGE, 30, "R-022")
COMPLAINTS = (
    Plan(Promise.FIRST_ANSWER, 2 * HOUR, "R-023"),
    Plan(Promise.COMPLAINT_ANSWER, 24 * HOUR, "R-027", ALWAYS),
    Plan(Promise.OPINION, 48 * HOUR, "R-027", ALWAYS),
    Plan(Promise.SOLUTION, 72 * HOUR, "R-027", ALWAYS),
)
QUESTION_ANSWERED = Plan(Promise.FIRST_ANSWER, 15, "R-023")
QUESTION_SOLVED = Plan(Promise.SOLUTION, 8 * HOUR, "R-024")
# To a plan of how it is solved.
HARD_QUESTION_SOLVED = Plan(Promise.SOLUTION, 3 * WORKDAY, "R-024", OFFICE)
IN_TOWN = Plan(Promise.ARRIVAL, 2 * HOUR, "R-025", ALWAYS)
AROUND = Plan(Promise.ARRIVAL, 12 * HOUR, "R-025", ALWAYS)
# The outer bound, wherever it is.
ANYWHERE = Plan(Promise.ARRIVAL, 48 * HOUR, "R-025", ALWAYS)
ON_SITE = Plan(Promise.REPAIR, 24 * HOUR, "R-024", ALWAYS)
RARE_PARTS = Plan(Promise.PARTS, 72 * HOUR, "R-090", ALWAYS)
FAULT_SOLVED = Plan(Promise.SOLUTION, 2 * DAY, "R-024", ALWAYS)
GRAVE_FAULT_SOLVED = Plan(Promise.SOLUTION, 7 * DAY, "R-024", ALWAYS)
GOODS_EXCHANGED = Plan(Promise.SOLUTION, 7 * DAY, "R-162", ALWAYS)
# Twenty days from the sale, reminders on day 10 and 17; the days end at midnight.
RECEIPT_CARD = Plan(
    Promise.RECEIPT_CARD,
    20 * DAY,
    "R-065",
    ALWAYS,
    ladder=(
        {"after": -3 * DAY, "action": "remind"},
        {"after": 0, "role": "supervisor"},
    ),
    warn_percent=50,
)


def zones(prefix: str, first: int) -> tuple[PolicyPlan, PolicyPlan]:
    """Arrival in the home city and around it; farther away the profile's own bound counts."""
    return (
        PolicyPlan(
            f"{prefix}zone-city",
            first,
            "Home city",
            "本市服务半径",
            {"zone": ["city"]},
            (IN_TOWN,),
        ),
        PolicyPlan(
            f"{prefix}zone-around",
            first + 1,
            "Surroundings",
            "周边服务半径",
            {"zone": ["around"]},
            (AROUND,),
        ),
    )
