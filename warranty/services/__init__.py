"""Writes of the guarantee, one module per noun."""
