"""People and companies."""

from tests.access.rule import PUBLIC, SIGNED_IN, Rule

MANAGE, TOKENS, SETTINGS = "user.manage", "token.manage", "setting.manage"
RULES = [
    Rule("home", {"GET": SIGNED_IN}),
    Rule("accounts:switch", {"POST": SIGNED_IN}, also=frozenset({404})),
    Rule("accounts:enter", {"GET": SIGNED_IN}, thing="company"),
    Rule("accounts:language", {"POST": PUBLIC}),
    # No invitation has this secret: the page says the same to everybody.
    Rule(
        "accounts:accept",
        {"GET": PUBLIC, "POST": PUBLIC},
        kwargs={"secret": "si_nobody"},
        also=frozenset({404}),
    ),
    Rule("accounts:settings", {"GET": SIGNED_IN}),
    Rule("accounts:profile", {"GET": SIGNED_IN, "POST": SIGNED_IN}),
    Rule("accounts:company", {"GET": SETTINGS, "POST": SETTINGS}),
    Rule("accounts:options", {"GET": SETTINGS, "POST": SETTINGS}),
    Rule("accounts:audit", {"GET": "audit.view"}),
    Rule("accounts:tokens", {"GET": TOKENS, "POST": TOKENS}),
    Rule("accounts:revoke_token", {"POST": TOKENS}, thing="token"),
    Rule("accounts:people", {"GET": MANAGE}),
    Rule("accounts:invite", {"GET": MANAGE, "POST": MANAGE}),
    Rule("accounts:person", {"GET": MANAGE}, thing="person"),
    Rule("accounts:change_role", {"POST": MANAGE}, thing="person"),
    Rule("accounts:deactivate", {"POST": MANAGE}, thing="person"),
    Rule("accounts:reactivate", {"POST": MANAGE}, thing="person"),
    Rule("accounts:resend", {"POST": MANAGE}, thing="invitation"),
    Rule("accounts:revoke_invitation", {"POST": MANAGE}, thing="invitation"),
    Rule("accounts:absences", {"GET": SIGNED_IN, "POST": SIGNED_IN}),
    # One's own, or with "absence.manage" a colleague's: the gate of the thing says so.
    Rule(
        "accounts:name_deputy",
        {"POST": SIGNED_IN},
        thing="absence",
        desk_only=True,
        also=frozenset({403}),
    ),
    Rule(
        "accounts:end_absence",
        {"POST": SIGNED_IN},
        thing="absence",
        desk_only=True,
        also=frozenset({403}),
    ),
    Rule("api-absences", {"GET": SIGNED_IN}),
    Rule("api-me", {"GET": SIGNED_IN}),
    Rule("api-people", {"GET": MANAGE}),
    Rule("api-person", {"GET": MANAGE}, thing="person"),
    Rule("api-tokens", {"GET": TOKENS}),
]
