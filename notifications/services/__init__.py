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
from notifications.services.webhooks import (
    call_for_ladder,
    call_webhook,
    create_webhook,
    edit_webhook,
    pause_webhook,
    renew_secret,
    resume_webhook,
    send_test,
)

__all__ = [
    "BUNDLE_WAIT",
    "Told",
    "call_for_ladder",
    "call_webhook",
    "choose_mail",
    "create_webhook",
    "edit_webhook",
    "follow_option",
    "mail_invitation",
    "mail_outsider",
    "mark_read",
    "message_customer",
    "notify",
    "notify_all",
    "pause_webhook",
    "renew_secret",
    "resume_webhook",
    "send_again",
    "send_test",
]
