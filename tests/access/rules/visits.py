"""Visits and callbacks."""

from tests.access.rule import Rule

RULES = [
    Rule("visits:callbacks", {"GET": "callback.view"}),
    Rule("visits:callbacks_now", {"GET": "callback.view"}),
    Rule("visits:callbacks_export", {"GET": "callback.view"}),
    Rule("visits:callback", {"GET": "callback.view"}, thing="callback", desk_only=True),
    Rule("visits:call", {"POST": "callback.call"}, thing="callback", desk_only=True),
    Rule("visits:of_ticket", {"GET": "visit.view"}, thing="ticket"),
    Rule("visits:check_in", {"POST": "visit.edit"}, thing="visit"),
    Rule("visits:finish", {"POST": "visit.edit"}, thing="visit"),
    Rule("visits:cancel", {"POST": "visit.edit"}, thing="visit"),
    Rule("api-callback-list", {"GET": "callback.view"}),
    Rule("api-callback-detail", {"GET": "callback.view"}, thing="callback", desk_only=True),
    Rule("api-callback-attempts", {"POST": "callback.call"}, thing="callback", desk_only=True),
    Rule("api-callback-complete", {"POST": "callback.call"}, thing="callback", desk_only=True),
    Rule("api-visit-list", {"GET": "visit.view"}),
    Rule("api-visit-detail", {"GET": "visit.view"}, thing="visit"),
    Rule("api-visit-check-in", {"POST": "visit.edit"}, thing="visit"),
    Rule("api-visit-finish", {"POST": "visit.edit"}, thing="visit"),
    Rule("api-visit-cancel", {"POST": "visit.edit"}, thing="visit"),
]
