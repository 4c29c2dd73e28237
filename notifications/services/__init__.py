"""What happens to messages: every verb that other apps call."""

from notifications.services.inbox import choose_mail, mark_read
from notifications.services.outbox import follow_option, send_again
from notifications.services.telling import (
    BUNDLE_WAIT,
    Told,
    mail_invitation,
    mail_outsider,
    message_customer,
    notify,
    notify_all,
)

__all__ = [
    "BUNDLE_WAIT",
    "Told",
    "choose_mail",
    "follow_option",
    "mail_invitation",
    "mail_outsider",
    "mark_read",
    "message_customer",
    "notify",
    "notify_all",
    "send_again",
]
