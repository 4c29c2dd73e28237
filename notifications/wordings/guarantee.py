"""Reports, claims, old parts, settlements, and what the law gives users."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.wordings.base import BOTH, DEALERS, Wording

GUARANTEE: dict[str, Wording] = {
    # Claims as the checks leave them, and consent before the work.
    "claim.routed": Wording(
        title=_("Claim %(number)s is to be decided"),
        body=_("Machine %(machine)s."),
        label=_("A claim is to be decided at my level"),
        by_mail=False,
    ),
    "claim.expiring": Wording(
        title=_("Claim %(number)s ends on %(due_on)s unless it is corrected"),
        body=_("Machine %(machine)s. Correct it and file it again, or let it go."),
        label=_("The time to correct a claim of ours runs out"),
        readers=BOTH,
    ),
    "claim.expired": Wording(
        title=_("Claim %(number)s has ended"),
        body=_("Machine %(machine)s. It was not corrected in time."),
        label=_("A claim of ours was not corrected in time"),
        readers=BOTH,
    ),
    "preauthorisation.asked": Wording(
        title=_("%(number)s: consent is asked for %(asked)s"),
        body=_("Machine %(machine)s."),
        label=_("A pre-authorisation is asked for"),
    ),
    "preauthorisation.returned": Wording(
        title=_("Pre-authorisation %(number)s came back"),
        body=_("%(reason)s"),
        label=_("A pre-authorisation of ours came back"),
        readers=BOTH,
    ),
    "preauthorisation.approved": Wording(
        title=_("Pre-authorisation %(number)s: up to %(limit)s until %(due_on)s"),
        body=_("Machine %(machine)s. %(reason)s"),
        label=_("A pre-authorisation of ours was given"),
        readers=BOTH,
    ),
    "preauthorisation.rejected": Wording(
        title=_("Pre-authorisation %(number)s was refused"),
        body=_("%(reason)s"),
        label=_("A pre-authorisation of ours was refused"),
        readers=BOTH,
    ),
    "card.due": Wording(
        title=_("Receipt card due: %(serial)s"),
        body=_("The receipt card of machine %(serial)s must be in by %(due_at)s."),
        label=_("A receipt card is due soon"),
        readers=BOTH,
    ),
    "card.missed": Wording(
        title=_("Receipt card missing: %(serial)s"),
        body=_(
            "No receipt card for machine %(serial)s by %(due_at)s. Claims for it are refused"
            " until the card is in and waived."
        ),
        label=_("A receipt card is missing"),
        readers=BOTH,
    ),
    "card.waived": Wording(
        title=_("Late card %(number)s waived"),
        body=_("Claims for machine %(serial)s are accepted. Reason: %(reason)s"),
        label=_("A late receipt card is waived"),
        readers=DEALERS,
    ),
    "sla.warned": Wording(
        title=_("%(promise)s of %(number)s is due at %(due_at)s"),
        body=_("Held by %(holder)s."),
        label=_("A promise is about to be missed"),
        readers=BOTH,
    ),
    "sla.breached": Wording(
        title=_("Late: %(promise)s of %(number)s"),
        body=_("It was due at %(due_at)s and is held by %(holder)s."),
        label=_("A promise was missed"),
        readers=BOTH,
    ),
    "calendar.list_missing": Wording(
        title=_("The holidays of %(year)s are missing: %(calendar)s"),
        body=_(
            "Holidays are known through %(through_on)s. Until the list of %(year)s is loaded, due "
            "times after that day are provisional."
        ),
        label=_("A list of holidays is missing"),
    ),
    "sla.escalated": Wording(
        title=_("Escalated to you: %(promise)s of %(number)s"),
        body=_("Due at %(due_at)s, held by %(holder)s, and still not kept."),
        label=_("A missed promise was escalated to me"),
        readers=BOTH,
    ),
    "sla.reminded": Wording(
        title=_("Still open: %(promise)s of %(number)s"),
        body=_("Due at %(due_at)s, held by %(holder)s."),
        label=_("I am reminded of a promise again"),
        readers=BOTH,
    ),
    "sla.waited": Wording(
        title=_("The wait on %(number)s should be over"),
        body=_("%(promise)s still stands still, held by %(holder)s. Is it still waited for?"),
        label=_("A wait that should be over"),
        readers=BOTH,
    ),
    "ticket.reassigned": Wording(
        title=_("%(number)s was taken back from %(holder)s"),
        body=_("Nothing was arranged in time. Offered to: %(dealer)s"),
        label=_("The ladder took a ticket back from its receiver"),
    ),
    # What the law gives users.
    "case.warned": Wording(
        title=_("One step before replacement: machine %(serial)s"),
        body=_("With the next fault or day the user may demand more. Case %(number)s says what."),
        label=_("A machine is one step before replacement or return"),
    ),
    "case.triggered": Wording(
        title=_("The user of machine %(serial)s may choose"),
        body=_("Case %(number)s: record what the user chooses."),
        label=_("A user may demand a part, another machine or money back"),
    ),
    # Spot checks.
    "spot_check.drawn": Wording(
        title=_("Spot check %(number)s"),
        body=_("Hand in the papers of %(count)s claims by %(papers_on)s."),
        label=_("Our claims are spot-checked"),
        readers=DEALERS,
    ),
    "spot_check.decided": Wording(
        title=_("Spot check %(number)s is decided"),
        body=_("Read what was found; what costs money can be objected to."),
        label=_("A spot check is decided"),
        readers=DEALERS,
    ),
    # Money.
    "adjustment.notified": Wording(
        title=_("Adjustment %(number)s: %(amount)s"),
        body=_("%(words)s Objections until %(until_on)s."),
        label=_("Money is deducted from or added to our claims"),
        readers=DEALERS,
    ),
    "adjustment.upheld": Wording(
        title=_("Adjustment %(number)s stays"),
        body=_("%(words)s"),
        label=_("Our objection to an adjustment was refused"),
        readers=DEALERS,
    ),
    "adjustment.dropped": Wording(
        title=_("Adjustment %(number)s was dropped"),
        body=_("%(words)s"),
        label=_("An adjustment was dropped"),
        readers=DEALERS,
    ),
    "settlement.issued": Wording(
        title=_("Settlement notice %(number)s: %(amount)s"),
        body=_("Please confirm it, or dispute its lines, until %(until_on)s."),
        label=_("A settlement notice was issued to us"),
        readers=DEALERS,
    ),
    "settlement.reminded": Wording(
        title=_("Please answer settlement notice %(number)s"),
        body=_("%(amount)s, to be confirmed by %(until_on)s."),
        label=_("A settlement notice waits for our answer"),
        readers=DEALERS,
    ),
    "settlement.unanswered": Wording(
        title=_("%(dealer)s has not answered settlement %(number)s"),
        body=_("Please call: %(amount)s waits to be confirmed."),
        label=_("A dealer has not answered a settlement notice"),
    ),
    "settlement.disputed": Wording(
        title=_("%(dealer)s disputes lines of settlement %(number)s"),
        label=_("A dealer disputes a settlement"),
    ),
    "settlement.confirmed": Wording(
        title=_("%(dealer)s confirmed settlement %(number)s: %(amount)s"),
        label=_("A dealer confirmed a settlement"),
    ),
    # Claims.
    "claim.returned": Wording(
        title=_("Claim %(number)s: please correct it by %(due_on)s"),
        body=_("%(reason)s"),
        label=_("A claim of ours came back to be corrected"),
        readers=BOTH,
    ),
    "claim.decided": Wording(
        title=_("Claim %(number)s is decided: %(approved)s of %(claimed)s"),
        body=_("Machine %(machine)s. Each line says what is approved and why."),
        label=_("A claim of ours was decided"),
        readers=BOTH,
    ),
    "claim.appeal_decided": Wording(
        title=_("The appeal on %(number)s is decided: %(approved)s of %(claimed)s"),
        body=_("Machine %(machine)s. Each line says what is approved and why."),
        label=_("An appeal of ours was decided"),
        readers=BOTH,
    ),
    "claim.cancelled": Wording(
        title=_("Claim %(number)s was cancelled"),
        body=_("Reason: %(reason)s"),
        label=_("A claim of ours was cancelled"),
        readers=BOTH,
    ),
    "claim.raised": Wording(
        title=_("Claim %(number)s is yours to decide"),
        body=_("%(by)s raised it to your level. %(reason)s"),
        label=_("A claim was raised to my level"),
    ),
    "claim.appealed": Wording(
        title=_("Appeal against the decision on %(number)s"),
        body=_("Machine %(machine)s. It goes to somebody who did not decide before."),
        label=_("A dealer appealed a decision"),
    ),
    "claim.sent_back": Wording(
        title=_("Finance sent %(number)s back"),
        body=_("%(by)s: %(reason)s"),
        label=_("Finance sent a claim back for review"),
    ),
    # Old parts.
    "old_part.due_soon": Wording(
        title=_("%(count)s old parts have to travel by %(due_on)s"),
        body=_("What has not left by then is overdue, and new claims wait for it."),
        label=_("Old parts are due soon"),
        readers=BOTH,
    ),
    "old_part.overdue": Wording(
        title=_("%(count)s old parts are overdue"),
        body=_("%(dealer)s: %(numbers)s"),
        label=_("Old parts are overdue"),
        readers=BOTH,
    ),
    "old_part.surplus": Wording(
        title=_("%(number)s: more in box %(box)s than on its list"),
        body=_("%(words)s"),
        label=_("A box of old parts held more than its list"),
        readers=BOTH,
    ),
    "old_part.refused": Wording(
        title=_("Old part %(number)s was refused"),
        body=_("%(part)s: %(words)s It is kept for you until %(kept_on)s."),
        label=_("An old part was refused"),
        readers=BOTH,
    ),
    "old_part.to_appraise": Wording(
        title=_("%(came)s old parts to appraise: %(number)s"),
        label=_("Old parts wait for appraisal"),
        by_mail=False,
    ),
    "shipment.received": Wording(
        title=_("%(number)s arrived: %(came)s old parts received, %(missing)s missing"),
        label=_("A shipment of old parts was received"),
        readers=BOTH,
    ),
    "truck.passes": Wording(
        title=_("Truck %(plate)s passes on %(passes_on)s and takes old parts along"),
        body=_("%(number)s"),
        label=_("A truck passes that takes old parts along"),
        readers=DEALERS,
    ),
}
