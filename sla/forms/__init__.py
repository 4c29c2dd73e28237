"""Calendars, lists, policies and answers as people enter them."""
