"""Who is told of what: event name to services, called in the same transaction."""

SUBSCRIBERS: dict[str, list[str]] = {}
