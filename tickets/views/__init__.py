"""Pages of tickets: gate, form, service, answer."""
