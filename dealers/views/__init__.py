"""Pages of dealers, one module per noun: gate, form, service, answer."""
