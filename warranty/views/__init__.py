"""Pages of the guarantee, one module per noun: gate, form, service, answer."""
