"""The manager's pages."""

from tests.access.rule import Rule

RULES = [
    Rule("dashboards:manager", {"GET": "dashboard.view"}),
    Rule("dashboards:dealers", {"GET": "dashboard.view"}),
    Rule("dashboards:promises", {"GET": "dashboard.view"}),
    Rule("dashboards:export", {"GET": "dashboard.view"}),
    Rule("api-dashboard", {"GET": "dashboard.view"}),
]
