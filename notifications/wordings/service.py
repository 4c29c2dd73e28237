"""Tickets, promises, callbacks, receipt cards, people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.wordings.base import BOTH, DEALERS, OUTSIDE, Wording

SERVICE: dict[str, Wording] = {
    # To the customer, by text message: one short sentence each, no markup.
    "ticket.registered.customer": Wording(
        title=_("Registered: %(number)s"),
        body=_(
            "[%(company)s] Your request is registered as %(number)s. We assign a service point"
            " within 2 hours and tell you who comes when. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        # The customer has only just put the telephone down.
        leaves_at_once=True,
    ),
    "ticket.arranged.customer": Wording(
        title=_("Visit arranged: %(number)s"),
        body=_(
            "[%(company)s] %(number)s: %(technician)s (telephone %(phone)s) comes on"
            " %(visit_at)s. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "ticket.delayed.customer": Wording(
        title=_("New time for %(number)s"),
        body=_(
            "[%(company)s] %(number)s takes longer than promised: %(cause)s. As agreed with you"
            " it is due on %(agreed_at)s. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        leaves_at_once=True,
    ),
    "ticket.done.customer": Wording(
        title=_("Work done: %(number)s"),
        body=_(
            "[%(company)s] The work on %(number)s is reported done. We will call you to ask"
            " whether all is well. Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "ticket.cancelled.customer": Wording(
        title=_("Cancelled: %(number)s"),
        body=_("[%(company)s] %(number)s was cancelled: %(reason)s. Hotline %(hotline)s."),
        readers=OUTSIDE,
    ),
    "ticket.reopened.customer": Wording(
        title=_("Taken up again: %(number)s"),
        body=_(
            "[%(company)s] We have taken up %(number)s again and will tell you who comes when."
            " Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
    ),
    "report.code.customer": Wording(
        title=_("Code for %(number)s"),
        body=_(
            "[%(company)s] %(code)s is your code to sign the service report %(number)s of"
            " %(technician)s, for 30 minutes. Tell it only if you agree with the report."
            " Hotline %(hotline)s."
        ),
        readers=OUTSIDE,
        # The technician stands beside the customer and waits.
        leaves_at_once=True,
    ),
    # Tickets, under the bell and by mail.
    "ticket.registered": Wording(
        title=_("New ticket %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A new ticket came in"),
        by_mail=False,
    ),
    "ticket.offered": Wording(
        title=_("New offer %(number)s: please arrange by %(due_at)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was offered to us"),
        readers=DEALERS,
    ),
    "ticket.withdrawn": Wording(
        title=_("Offer withdrawn: %(number)s"),
        body=_("%(reason)s"),
        label=_("An offer or ticket was taken back"),
        readers=DEALERS,
    ),
    "ticket.assigned": Wording(
        title=_("%(number)s is yours"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was handed to me or my team"),
        readers=BOTH,
    ),
    "ticket.accepted": Wording(
        title=_("%(dealer)s accepted %(number)s"),
        body=_("%(summary)s"),
        label=_("A dealer accepted an offer"),
        by_mail=False,
    ),
    "ticket.refused": Wording(
        title=_("%(dealer)s refused %(number)s"),
        body=_("Reason: %(reason)s. The ticket is back at the desk."),
        label=_("A dealer refused an offer"),
    ),
    "ticket.timed_out": Wording(
        title=_("%(dealer)s did not answer the offer of %(number)s in time"),
        body=_("The ticket is back at the desk."),
        label=_("An offer was not answered in time"),
        readers=BOTH,
    ),
    "ticket.arranged": Wording(
        title=_("%(number)s is arranged for %(visit_at)s"),
        body=_("%(technician)s (telephone %(phone)s) goes to %(customer)s."),
        label=_("A visit was arranged"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.not_arranged": Wording(
        title=_("Check: %(number)s is still not arranged"),
        body=_("Held by %(holder)s. %(note)s"),
        label=_("The desk's check found no arrangement"),
    ),
    "ticket.done": Wording(
        title=_("Work on %(number)s is reported done"),
        body=_("%(customer)s: %(result)s"),
        label=_("Work was reported done"),
        by_mail=False,
    ),
    "ticket.closed": Wording(
        title=_("%(number)s is closed"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A ticket was closed"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.reopened": Wording(
        title=_("%(number)s was reopened"),
        body=_("Reason: %(reason)s"),
        label=_("A ticket was reopened"),
        readers=BOTH,
    ),
    "ticket.cancelled": Wording(
        title=_("%(number)s was cancelled"),
        body=_("Reason: %(reason)s"),
        label=_("A ticket was cancelled"),
        readers=BOTH,
    ),
    "ticket.merged": Wording(
        title=_("%(number)s was merged into %(into)s"),
        label=_("A ticket was merged"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.noted": Wording(
        title=_("%(author)s wrote on %(number)s"),
        body=_("%(text)s"),
        label=_("A note on a ticket that I hold or watch"),
        readers=BOTH,
        by_mail=False,
    ),
    "ticket.urgent": Wording(
        title=_("Urgent: %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("An urgent ticket came in"),
    ),
    "ticket.filed": Wording(
        title=_("%(dealer)s took in and filed %(number)s"),
        body=_("%(customer)s: %(summary)s"),
        label=_("A dealer filed a ticket of its own"),
        by_mail=False,
    ),
    "ticket.changed": Wording(
        title=_("%(number)s has changed"),
        body=_("%(by)s: %(summary)s"),
        label=_("A ticket that I watch has changed"),
        readers=BOTH,
        by_mail=False,
    ),
    # Promises.
    "check.due": Wording(
        title=_("Check due: is %(number)s arranged?"),
        body=_("Held by %(holder)s, handed over %(handed_over_at)s."),
        label=_("A check of mine is due"),
        by_mail=False,
    ),
    # After the work.
    "callback.due": Wording(
        title=_("Callback due: %(number)s"),
        body=_("%(customer)s, telephone %(phone)s"),
        label=_("A callback is due"),
        by_mail=False,
    ),
    "callback.unhappy": Wording(
        title=_("Unhappy customer: %(number)s, score %(score)s"),
        body=_("%(customer)s: %(opinion)s"),
        label=_("A customer was unhappy at the callback"),
    ),
    # Work that runs in the background.
    "export.ready": Wording(
        title=_("Your export is ready: %(name)s"),
        body=_("%(rows)s rows"),
        label=_("An export of mine is ready"),
        readers=BOTH,
        by_mail=False,
        leaves_at_once=True,
    ),
    "import.done": Wording(
        title=_("Import finished: %(name)s"),
        body=_("%(rows)s rows read, %(errors)s with errors"),
        label=_("An import of mine is finished"),
        readers=BOTH,
        by_mail=False,
        leaves_at_once=True,
    ),
    # People.
    "absence.deputy": Wording(
        title=_("You stand in for %(name)s"),
        body=_("From %(from_at)s until %(until_at)s you get the messages of %(name)s."),
        label=_("I stand in for somebody"),
        readers=BOTH,
    ),
    "invitation": Wording(
        title=_("Invitation to %(company)s"),
        body=_(
            "%(inviter)s invites you to work in Sanbao for %(company)s as %(role)s. The link"
            " below works once and until %(expires_at)s."
        ),
        readers=OUTSIDE,
        # Somebody waits for it in front of a screen.
        leaves_at_once=True,
    ),
}
