"""Telephone numbers of customers; the rules are those of every number in Sanbao."""

from core.phones import NotAPhone, digits_of, display, normalise

__all__ = ["NotAPhone", "digits_of", "display", "normalise"]
