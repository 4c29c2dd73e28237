"""Everything that happens by itself, and how often; each tick may be doubled or lost unharmed."""

SCHEDULE: dict[str, dict[str, object]] = {}
