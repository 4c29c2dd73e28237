"""Lists of dealers, customers and machines from Excel or CSV, never half-imported."""
