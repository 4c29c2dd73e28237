"""Lists of claims: who has what to do, the oldest due first; and everything, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from core.lists import PAGE_SIZE, ListPage
from warranty.access.claims import visible, visible_pre_authorisations
from warranty.models import Claim
from warranty.queries.decisions import review_limits
from warranty.rules.decisions import limit_of
from warranty.states.claims import ClaimState, PreAuthorisationState
from warranty.worklists import Work

S = ClaimState


@dataclass(frozen=True, slots=True)
class Queue:
    """A tab of the list: whose work it is, and which claims stand in it."""

    code: str
    label: Any
    rows: Callable[[Actor, QuerySet[Claim]], QuerySet[Claim]]
    may: Callable[[Actor], bool]


def claim_list(actor: Actor) -> QuerySet[Claim]:
    """The claims that an actor sees, with what a row of a list shows."""
    return visible(actor).select_related("dealer", "machine__model")


def to_decide(actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """What waits for this reviewer: his level and those below, and appeals of others' decisions."""
    own = limit_of(review_limits(), actor.role)
    mine = Q(state=S.REVIEW, level__lte=own.level if own else 0)
    if actor.may("claim.decide_appeal"):
        mine |= Q(state=S.APPEALED)
    # Nobody sees in his work what four eyes keep from him.
    not_mine = Q(created_by=actor.person_id) | Q(filed_by=actor.person_id)
    first = Q(state=S.APPEALED, decided_by=actor.person_id)
    return rows.filter(mine).exclude(not_mine).exclude(first)


def to_confirm(_actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """What finance looks at before it is payable."""
    return rows.filter(state=S.FINANCE)


def to_file(actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """What the filer still has to send, or to send again."""
    return _own(actor, rows).filter(state__in=[S.DRAFT, S.RETURNED])


def to_answer(actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Decisions with a cut that the dealer may still appeal or accept."""
    open_rows = rows.filter(state=S.DECIDED, accepted_at=None)
    return open_rows.filter(appeal_until__gte=timezone.localdate())


def under_way(_actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    return rows.filter(state__in=[S.SUBMITTED, S.REVIEW, S.APPEALED])


def coming(_actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Decided, and not yet paid."""
    waiting = [S.DECIDED, S.FINANCE, S.PAYABLE, S.IN_SETTLEMENT]
    return rows.filter(state__in=waiting, approved_cents__gt=0)


def _own(actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    return rows if actor.is_dealer else rows.filter(dealer=None)


QUEUES = (
    Queue(
        "decide",
        pgettext_lazy("queue", "To decide"),
        to_decide,
        lambda actor: actor.may("claim.decide"),
    ),
    Queue(
        "confirm",
        pgettext_lazy("queue", "To confirm"),
        to_confirm,
        lambda actor: actor.may("claim.confirm"),
    ),
    Queue(
        "file",
        pgettext_lazy("queue", "To file"),
        to_file,
        lambda actor: actor.may("claim.submit"),
    ),
    Queue(
        "answer",
        pgettext_lazy("queue", "To answer"),
        to_answer,
        lambda actor: actor.may("claim.appeal"),
    ),
    Queue("open", pgettext_lazy("queue", "Under way"), under_way, lambda _actor: True),
    Queue("coming", pgettext_lazy("queue", "Money to come"), coming, lambda _actor: True),
)


def queues_of(actor: Actor) -> list[Queue]:
    """The tabs that an actor has."""
    return [queue for queue in QUEUES if queue.may(actor)]


def oldest_due_first(
    rows: QuerySet[Claim], after: str = "", *, size: int = PAGE_SIZE
) -> ListPage[Claim]:
    """One page by due time; `after` is the number of the last row shown."""
    dated = with_due(rows).order_by("due", "pk")
    if after:
        last = with_due(Claim.objects.filter(number=after)).values("due", "pk").first()
        if last is None:
            return ListPage([], "")
        dated = dated.filter(Q(due__gt=last["due"]) | Q(due=last["due"], pk__gt=last["pk"]))
    found = list(dated[: size + 1])
    more = len(found) > size
    return ListPage(found[:size], found[size - 1].number if more else "")


def with_due(rows: QuerySet[Claim]) -> QuerySet[Any]:
    """With the instant by which a claim stands in its queue."""
    return rows.annotate(due=Coalesce("decide_by", "decided_at", "created_at"))


def next_to_decide(actor: Actor) -> Claim | None:
    """The reviewer's next claim, the oldest due first."""
    return with_due(to_decide(actor, visible(actor))).order_by("due", "pk").first()


def next_to_confirm(actor: Actor) -> Claim | None:
    """Finance's next claim."""
    return with_due(to_confirm(actor, visible(actor))).order_by("due", "pk").first()


def work(actor: Actor) -> list[Work]:
    """What waits for the actor among the claims: a query per line."""
    now = timezone.now()
    today = timezone.localdate(now)
    lines = []
    if actor.may("claim.decide"):
        late = Q(decide_by__lt=now)
        lines.append(_work(actor, "decide", to_decide, _("Claims to decide"), late))
    if actor.may("claim.confirm"):
        lines.append(_work(actor, "confirm", to_confirm, _("Claims to confirm"), Q(pk=None)))
    if actor.may("claim.decide"):
        asked = visible_pre_authorisations(actor).filter(state=PreAuthorisationState.SUBMITTED)
        url = f"{reverse('warranty:pre-authorisations')}?state=submitted"
        lines.append(Work(_("Pre-authorisations to answer"), url, asked.count()))
    if actor.may("claim.submit"):
        late = Q(state=S.DRAFT, file_by__lt=today) | Q(state=S.RETURNED, correct_by__lt=today)
        lines.append(_work(actor, "file", to_file, _("Claims to file or to correct"), late))
    if actor.may("claim.appeal"):
        words = _("Decisions with a cut, still open to appeal")
        lines.append(_work(actor, "answer", to_answer, words, Q(pk=None)))
    return lines


def _work(
    actor: Actor,
    code: str,
    rows: Callable[[Actor, QuerySet[Claim]], QuerySet[Claim]],
    label: Any,
    late: Q,
) -> Work:
    found = rows(actor, visible(actor)).aggregate(count=Count("pk"), late=Count("pk", filter=late))
    url = f"{reverse('warranty:claims')}?queue={code}"
    return Work(label, url, found["count"], is_late=found["late"] > 0)
