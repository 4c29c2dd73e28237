"""Notifications, which are each person's own, and the outbox."""

from tests.access.rule import Rule

VIEW, MANAGE, HOOKS = "notification.view", "message.manage", "webhook.manage"
RULES = [
    Rule("notifications:list", {"GET": VIEW}),
    Rule("notifications:bell", {"GET": VIEW}),
    Rule("notifications:read", {"POST": VIEW}),
    # The clerk's own: to everybody else of the company it does not exist either.
    Rule("notifications:open", {"GET": VIEW}, thing="notification", also=frozenset({404})),
    Rule("notifications:preferences", {"GET": VIEW, "POST": VIEW}),
    Rule("notifications:outbox", {"GET": MANAGE}),
    Rule("notifications:send_again", {"POST": MANAGE}, thing="message"),
    Rule("notifications:webhooks", {"GET": HOOKS}),
    Rule("notifications:webhook_new", {"GET": HOOKS, "POST": HOOKS}),
    Rule("notifications:webhook", {"GET": HOOKS}, thing="webhook"),
    Rule("notifications:webhook_edit", {"GET": HOOKS, "POST": HOOKS}, thing="webhook"),
    Rule("notifications:webhook_test", {"POST": HOOKS}, thing="webhook"),
    Rule("notifications:webhook_pause", {"POST": HOOKS}, thing="webhook"),
    Rule("notifications:webhook_resume", {"POST": HOOKS}, thing="webhook"),
    Rule("notifications:webhook_secret", {"POST": HOOKS}, thing="webhook"),
    Rule("notifications:call_again", {"POST": HOOKS}, thing="call"),
    Rule("api-webhooks", {"GET": HOOKS}),
    Rule("api-webhook", {"GET": HOOKS}, thing="webhook"),
    Rule("api-notifications", {"GET": VIEW}),
    Rule("api-notifications-read", {"POST": VIEW}),
    Rule("api-notification", {"GET": VIEW}, thing="notification", also=frozenset({404})),
    Rule("api-notification-read", {"POST": VIEW}, thing="notification", also=frozenset({404})),
]
