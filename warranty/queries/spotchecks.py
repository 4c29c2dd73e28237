"""Reads of spot checks: the list, the items with their papers, and what waits."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from warranty.access import spotchecks as access
from warranty.access.spotchecks import SUBJECT
from warranty.models import Evidence, SpotCheck, SpotCheckItem
from warranty.states.cases import SpotCheckState
from warranty.worklists import Work


def spot_check_list(actor: Actor) -> QuerySet[SpotCheck]:
    """With how many claims were drawn, handed in and decided."""
    return access.visible(actor).annotate(
        item_count=Count("items"),
        papers_count=Count("items", filter=Q(items__papers_at__isnull=False)),
        decided_count=Count("items", filter=~Q(items__verdict="")),
    )


def items_of(check: SpotCheck) -> list[SpotCheckItem]:
    """The claims of the sample, each with its `papers` and what was `settled` in cents."""
    items = list(
        check.items.select_related("claim__machine", "adjustment")
        .prefetch_related("claim__settlement_lines")
        .order_by("claim__number")
    )
    papers: dict[int | None, list[Evidence]] = defaultdict(list)
    rows = Evidence.objects.filter(subject=SUBJECT, subject_id__in=[item.pk for item in items])
    for paper in rows.order_by("pk"):
        papers[paper.subject_id].append(paper)
    for item in items:
        lines = item.claim.settlement_lines.all()
        vars(item)["papers"] = papers[item.pk]
        vars(item)["settled"] = sum(line.cents for line in lines if line.is_live)
    return items


def work(actor: Actor) -> list[Work]:
    """For a dealer the claims whose papers are asked for, else the checks to decide."""
    if not actor.may("spot_check.view"):
        return []
    url, today = reverse("warranty:spot-checks"), timezone.localdate()
    rows = access.visible(actor)
    if actor.is_dealer:
        asked = rows.filter(state=SpotCheckState.DRAWN)
        return [
            Work(
                label=_("Spot checks: hand in the papers"),
                url=f"{url}?state={SpotCheckState.DRAWN}",
                count=asked.count(),
                is_late=asked.filter(papers_by__lt=today).exists(),
            )
        ]
    if not actor.may("spot_check.decide"):
        return []
    due = rows.exclude(state=SpotCheckState.DECIDED).filter(
        Q(state=SpotCheckState.PAPERS_IN) | Q(papers_by__lt=today)
    )
    return [Work(label=_("Spot checks to decide"), url=url, count=due.count())]
