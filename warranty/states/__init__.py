"""States of every paper and piece, and the actions between them: one module per noun."""
