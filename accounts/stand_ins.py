"""Who is reached in place of whom: deputies of those who are away (R-014).

Asked at the moment of telling, in a constant number of queries however many people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Absence, Membership, User
from accounts.roles import Role
from core import words

# To whom the work of somebody without a deputy falls: the first of these who is there.
ABOVE = (Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(slots=True)
class Reached:
    """People to tell, each once, and for whom: `instead[user_id]` names those who are away."""

    people: list[User] = field(default_factory=list)
    instead: dict[int, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """How they are kept on record: "Li (for Wang)" where Li stands in (see `words.told`)."""
        return told_names(self.people, self.instead)


def told_names(people: Iterable[User], instead: Mapping[int, str]) -> list[str]:
    """Both names of each who stands in, in the one form that is kept and worded when shown."""
    return [words.stand_in(user.name, instead.get(user.pk, "")) for user in people]


def absences_at(at: datetime) -> dict[int, Absence]:
    """Who is away at an instant, by the person's id; in one query."""
    found = Absence.objects.filter(withdrawn_at=None, starts_at__lte=at, ends_at__gt=at)
    rows = found.select_related("member__user", "deputy__user")
    return {row.member.user_id: row for row in rows}


def stand_ins(users: Iterable[User], at: datetime) -> dict[int, User | None]:
    """For each of the people who is away the one who stands in; None: the supervisors do.

    A deputy who is away hands on to his own; where that leads in a circle, or to somebody who
    left, nobody stands in.
    """
    wanted = {user.pk for user in users}
    away = absences_at(at) if wanted else {}
    return {user_id: _stand_in(user_id, away) for user_id in wanted if user_id in away}


def stands_in_for(user_id: int, at: datetime) -> list[int]:
    """The ids of the people whose work this one does at an instant besides his own."""
    away = absences_at(at)
    found = {absent: _stand_in(absent, away) for absent in away}
    return sorted(absent for absent, deputy in found.items() if deputy and deputy.pk == user_id)


def reached(
    users: Iterable[User], at: datetime, *, away: dict[int, Absence] | None = None
) -> Reached:
    """The people themselves, and their deputies where they are away.

    If nobody is left the work falls to those above; if they are all away without a deputy too,
    the person himself is told: nothing is lost.
    `away` saves asking for those who are away again.
    """
    people = list(users)
    if away is None:
        away = absences_at(at) if people else {}
    found = Reached()
    stranded = []
    for user in people:
        if user.pk not in away:
            _add(found, user)
        elif deputy := _stand_in(user.pk, away):
            _add(found, deputy, user.name)
        else:
            stranded.append(away[user.pk])
    if stranded and not found.people:
        above = _above(stranded, away)
        for absence in stranded:
            others = above.get(absence.member.dealer_id, [])
            for other in others or [absence.user]:
                _add(found, other, absence.user.name if others else "")
    return found


def _add(found: Reached, user: User, absent: str = "") -> None:
    if user.pk not in {known.pk for known in found.people}:
        found.people.append(user)
        if absent:
            found.instead[user.pk] = absent
    elif absent and user.pk in found.instead and absent not in found.instead[user.pk]:
        found.instead[user.pk] += f", {absent}"


def _stand_in(user_id: int, away: dict[int, Absence]) -> User | None:
    met: set[int] = set()
    found: User | None = None
    while user_id in away and user_id not in met:
        met.add(user_id)
        deputy = away[user_id].deputy
        if deputy is None or not (deputy.is_active and deputy.user.is_active):
            return None
        user_id, found = deputy.user_id, deputy.user
    return None if user_id in away else found


def _above(stranded: list[Absence], away: dict[int, Absence]) -> dict[int | None, list[User]]:
    """Those who are there for each house: the company under None, dealers by id."""
    dealers = {absence.member.dealer_id for absence in stranded}
    posts = Membership.objects.filter(
        is_active=True, user__is_active=True, role__in=[*ABOVE, Role.DEALER_PRINCIPAL]
    ).select_related("user")
    by_role: dict[tuple[int | None, str], list[User]] = {}
    for post in posts.order_by("user__name", "id"):
        person = _stand_in(post.user_id, away) if post.user_id in away else post.user
        group = by_role.setdefault((post.dealer_id, post.role), [])
        if person is not None and person not in group:
            group.append(person)
    found: dict[int | None, list[User]] = {}
    for dealer_id in dealers:
        roles = ABOVE if dealer_id is None else (Role.DEALER_PRINCIPAL,)
        groups = (by_role.get((dealer_id, role), []) for role in roles)
        found[dealer_id] = next((group for group in groups if group), [])
    return found
