"""Clocks, policies and calendars for REST clients."""
