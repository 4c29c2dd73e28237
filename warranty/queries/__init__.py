"""Reads of the guarantee, one module per noun, narrowed to who asks."""
