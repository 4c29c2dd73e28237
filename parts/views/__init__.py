"""Pages of parts: gate, form, service, answer."""
