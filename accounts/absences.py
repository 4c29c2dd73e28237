"""Being away: entered, given a deputy, ended or withdrawn (R-014).

Nothing is moved from one person to the other: whoever asks for people at an instant gets the
deputy then, so that all returns by itself at the end.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Membership
from core import audit, events, words
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.tenancy import verb

LONGEST = timedelta(days=731)
LONGEST_AGO = timedelta(days=31)


class AlreadyAway(DomainError):
    code = "absence.overlaps"
    message = _("%(name)s is away from %(starts)s until %(ends)s already.")
    field = "starts_at"


@verb
def enter_absence(
    *,
    actor: Actor,
    member: Membership,
    starts_at: datetime,
    ends_at: datetime,
    deputy: Membership | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Absence:
    """Say that somebody is away, and who stands in; without a deputy the supervisors do."""
    now = at or timezone.now()
    # Locked: two absences of one person are entered one after the other.
    member = Membership.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if not member.is_active:
        raise DomainError(_("This person does not work here any more."), field="member")
    _check_times(starts_at, ends_at, now)
    other = Absence.objects.filter(
        member=member, withdrawn_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).first()
    if other is not None:
        raise AlreadyAway(
            name=member.user.name,
            starts=words.moment(other.starts_at),
            ends=words.moment(other.ends_at),
        )
    _check_deputy(member, deputy)
    absence = Absence.objects.create(
        member=member,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:200],
        entered_label=actor.label,
    )
    audit.record(
        actor,
        "absence.entered",
        absence,
        deputy=deputy.user.name if deputy else "",
        starts_at=starts_at,
        ends_at=ends_at,
        reason=absence.reason,
    )
    if deputy is not None:
        events.publish("absence.deputy_named", actor=actor, absence=absence)
    return absence


@verb
def name_deputy(
    *,
    actor: Actor,
    absence: Absence,
    deputy: Membership | None,
    at: datetime | None = None,
) -> Absence:
    """Let somebody else, or the supervisors, stand in from now on."""
    row = _open(absence, at or timezone.now())
    if row.deputy_id == (deputy.pk if deputy else None):
        return row
    _check_deputy(row.member, deputy)
    before = row.deputy.user.name if row.deputy else ""
    row.deputy = deputy
    row.save(update_fields=["deputy"])
    after = deputy.user.name if deputy else ""
    audit.record(actor, "absence.deputy_named", row, before=before, after=after)
    if deputy is not None:
        events.publish("absence.deputy_named", actor=actor, absence=row)
    return row


@verb
def end_absence(*, actor: Actor, absence: Absence, at: datetime | None = None) -> Absence:
    """Back earlier than planned; what has not begun is withdrawn."""
    now = at or timezone.now()
    row = _open(absence, now)
    if row.starts_at >= now:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        audit.record(actor, "absence.withdrawn", row, starts_at=row.starts_at)
        return row
    planned, row.ends_at = row.ends_at, now
    row.save(update_fields=["ends_at"])
    audit.record(actor, "absence.ended", row, planned_until=planned)
    return row


def _open(absence: Absence, now: datetime) -> Absence:
    """The row, locked; refused when it is over or withdrawn."""
    rows = Absence.objects.select_related("member__user", "deputy__user")
    row = rows.select_for_update(of=("self",)).get(pk=absence.pk)
    if row.is_withdrawn or row.ends_at <= now:
        raise WrongState
    return row


def _check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(_("The end must come after the start."), field="ends_at")
    if ends_at <= now:
        raise DomainError(_("This time is over already."), field="ends_at")
    if starts_at < now - LONGEST_AGO:
        raise DomainError(_("The start lies more than a month ago."), field="starts_at")
    if ends_at - starts_at > LONGEST:
        raise DomainError(_("An absence lasts at most two years."), field="ends_at")


def _check_deputy(member: Membership, deputy: Membership | None) -> None:
    if deputy is None:
        return
    if deputy.pk == member.pk:
        raise DomainError(_("Nobody stands in for himself. Choose somebody else."), field="deputy")
    if not (deputy.is_active and deputy.user.is_active):
        raise DomainError(_("This person does not work here any more."), field="deputy")
    # A dealer's person must not read the house's messages, nor another dealer's.
    if deputy.dealer_id != member.dealer_id:
        raise DomainError(
            _("A deputy works in the same house: the company, or the same dealer."), field="deputy"
        )
