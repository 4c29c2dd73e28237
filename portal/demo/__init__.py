"""The demo: two manufacturers, their dealers and a year of work, always the same for one seed."""
