"""Pages of claims: lists, one claim on one page, its draft, and every step with it."""
