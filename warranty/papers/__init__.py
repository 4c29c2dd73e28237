"""Papers of the guarantee as PDF: one module per noun."""
