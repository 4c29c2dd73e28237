"""Writes of claims: drafted, filed, checked, taken back; consent before the work."""
