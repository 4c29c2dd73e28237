"""Pages of people and companies, one module per subject."""
