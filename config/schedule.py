"""Everything that happens by itself, and how often; each tick may be doubled or lost unharmed."""

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, object]] = {
    # A tick that no worker took before the next ones came is dropped: they do its work.
    "sla.sweep": {"task": "sla.sweep", "schedule": 5.0, "options": {"expires": 20}},
    "notifications.deliver": {
        "task": "notifications.deliver",
        "schedule": 5.0,
        "options": {"expires": 20},
    },
    "notifications.call_webhooks": {
        "task": "notifications.call_webhooks",
        "schedule": 5.0,
        "options": {"expires": 20},
    },
    # At night by the house's own zone; a doubled run finds the same once.
    "sla.prove": {"task": "sla.prove", "schedule": crontab(hour=3, minute=17)},
    "warranty.watch_all": {"task": "warranty.watch_all", "schedule": crontab(hour=3, minute=57)},
    "ledger.check": {"task": "ledger.check", "schedule": crontab(hour=3, minute=37)},
    # The message of a finished ticket may be lost with the queue; this finds it again.
    "visits.schedule_missing": {
        "task": "visits.schedule_missing",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    # Once a week it tells; asked every hour, a lost day costs an hour.
    "sla.tell_missing_lists": {
        "task": "sla.tell_missing_lists",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "warranty.sweep_money": {
        "task": "warranty.sweep_money",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "warranty.sweep_old_parts": {
        "task": "warranty.sweep_old_parts",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # Returned claims: a reminder before their last day, the end after it.
    "warranty.expire_claims": {
        "task": "warranty.expire_claims",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    # Decided claims whose time of appeal is over go on to finance.
    "warranty.ready_claims": {
        "task": "warranty.ready_claims",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}
