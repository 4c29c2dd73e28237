"""Pages of work reports: list, sheet, signature, photos, paper."""
