"""Pages of customers, machines and products: gate, form, service, answer."""
