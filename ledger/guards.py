"""What the database itself refuses about money, whoever writes.

Plain triggers carried by migrations, not those of django-pgtrigger: these let any role switch
them off with a setting (`pgtrigger.ignore`), which for money will not do.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from core.rls import Ddl


class Guard(Ddl):
    """A trigger with its function; `at` is for example "BEFORE INSERT"."""

    def __init__(
        self, *, name: str, at: str, body: str, declare: str = "", kind: str = "ROW", **kwargs: Any
    ) -> None:
        self.at = at
        self.body = body
        self.declare = declare
        self.kind = kind  # ROW, STATEMENT, or DEFERRED: a row's, asked when all is written
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        own = {"at": self.at, "body": self.body, "declare": self.declare, "kind": self.kind}
        return path, args, {**kwargs, **own}

    def statements(self, model: type[Model]) -> list[str]:
        is_late = self.kind == "DEFERRED"
        declare = f"DECLARE {self.declare} " if self.declare else ""
        return [
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql'
            f" SET search_path = pg_catalog, public"
            f" AS $guard$ {declare}BEGIN {self.body} END $guard$",
            f'CREATE {"CONSTRAINT " if is_late else ""}TRIGGER "{self.name}" {self.at}'
            f' ON "{model._meta.db_table}" {"DEFERRABLE INITIALLY DEFERRED " if is_late else ""}'
            f"FOR EACH {'STATEMENT' if self.kind == 'STATEMENT' else 'ROW'}"
            f' EXECUTE FUNCTION "{self.name}"()',
        ]

    def undo(self, model: type[Model]) -> list[str]:
        return [
            f'DROP TRIGGER "{self.name}" ON "{model._meta.db_table}"',
            f'DROP FUNCTION "{self.name}"()',
        ]


def refuse(rule: str, words: str) -> str:
    """Raise a violation that carries its rule's name, as a constraint of the table would."""
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';"


def append_only(table: str) -> list[Guard]:
    """Refuse UPDATE, DELETE and TRUNCATE: what is posted stays."""
    body = refuse(f"{table}_is_append_only", "what is posted never changes")
    return [
        Guard(name=f"{table}_stays", at="BEFORE UPDATE OR DELETE", body=body),
        Guard(name=f"{table}_is_kept", at="BEFORE TRUNCATE", body=body, kind="STATEMENT"),
    ]


ACCOUNT_STAYS = f"""
IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM ledger_journalline line
               WHERE line.tenant_id = OLD.tenant_id AND line.account_id = OLD.id) THEN
        {refuse("ledger_account_has_history", "an account with history is never deleted")}
    END IF;
    RETURN OLD;
END IF;
IF to_jsonb(OLD) - 'name' <> to_jsonb(NEW) - 'name' THEN
    {refuse("ledger_account_stays", "only the name of an account may change")}
END IF;
RETURN NEW;
"""
PERIOD_MOVES = f"""
IF TG_OP = 'UPDATE' AND (OLD.month, OLD.tenant_id) <> (NEW.month, NEW.tenant_id) THEN
    {refuse("ledger_period_stays", "a period never becomes another month")}
END IF;
IF EXISTS (SELECT FROM ledger_period other WHERE other.tenant_id = NEW.tenant_id
           AND other.month > NEW.month AND other.state = 'closed')
    AND NOT (TG_OP = 'UPDATE' AND OLD.state = NEW.state) THEN
    {refuse("ledger_period_in_order", "a later month is closed")}
END IF;
IF NEW.state = 'closed'
    AND EXISTS (SELECT FROM ledger_period other WHERE other.tenant_id = NEW.tenant_id
                AND other.month < NEW.month AND other.state = 'open') THEN
    {refuse("ledger_period_in_order", "an earlier month is open")}
END IF;
RETURN NEW;
"""  # noqa: S608 - the names are our own
# The share lock waits for who is closing the month, and he for us.
ENTRY_FITS = f"""
SELECT month, state INTO its_month, its_state FROM ledger_period
WHERE tenant_id = NEW.tenant_id AND id = NEW.period_id FOR SHARE;
IF its_month IS DISTINCT FROM date_trunc('month', NEW."on")::date THEN
    {refuse("ledger_entry_in_its_month", "the date of an entry lies in its period")}
END IF;
IF its_state <> 'open' THEN
    {refuse("ledger_period_is_open", "the period is closed")}
END IF;
IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM ledger_journalentry first WHERE first.tenant_id = NEW.tenant_id
    AND first.id = NEW.reverses_id AND first.reverses_id IS NULL AND first."on" <= NEW."on") THEN
    {refuse("ledger_reversal_follows", "a reversal follows an entry that is none itself")}
END IF;
RETURN NEW;
"""  # noqa: S608 - the names are our own
ENTRY_PERIOD = "its_month date; its_state text;"
# Asked at the commit, when the scope may be over: it opens the row's own wall and closes it.
ENTRY_WHOLE = f"""
PERFORM set_config('app.tenant_id', NEW.tenant_id::text, true),
        set_config('app.dealer_ids', '*', true);
SELECT count(*), coalesce(bool_or(left_over <> 0), true) INTO counted, is_off FROM (
    SELECT sum(cents) OVER (PARTITION BY currency) AS left_over FROM ledger_journalline
    WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.id) AS sums;
IF counted <> NEW.line_count THEN
    {refuse("ledger_entry_is_whole", "an entry has the lines that it counts")}
END IF;
IF is_off THEN
    {refuse("ledger_entry_balances", "an entry leaves nothing in any currency")}
END IF;
IF NEW.reverses_id IS NOT NULL AND EXISTS (
    SELECT account_id, currency, behalf_id, item, sum(side), sum(cents * side) FROM (
        SELECT account_id, currency, behalf_id, item, cents, 1 AS side FROM ledger_journalline
        WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.id
        UNION ALL
        SELECT account_id, currency, behalf_id, item, -cents, -1 FROM ledger_journalline
        WHERE tenant_id = NEW.tenant_id AND entry_id = NEW.reverses_id) AS both_sides
    GROUP BY account_id, currency, behalf_id, item, cents HAVING sum(side) <> 0) THEN
    {refuse("ledger_reversal_is_opposite", "a reversal is exactly opposite")}
END IF;
PERFORM set_config('app.tenant_id', was_tenant, true),
        set_config('app.dealer_ids', was_dealers, true);
RETURN NULL;
"""  # noqa: S608 - the names are our own
ENTRY_SCOPE = (
    "was_tenant text := coalesce(current_setting('app.tenant_id', true), '');"
    " was_dealers text := coalesce(current_setting('app.dealer_ids', true), '');"
    " counted int; is_off boolean;"
)
# Places run from 1 to the count and none is taken twice: nothing can be added to an entry later.
LINE_FITS = f"""
SELECT "on", line_count INTO its_day, its_count FROM ledger_journalentry
WHERE tenant_id = NEW.tenant_id AND id = NEW.entry_id;
SELECT currency INTO its_currency FROM ledger_account
WHERE tenant_id = NEW.tenant_id AND id = NEW.account_id;
IF its_day IS DISTINCT FROM NEW."on" OR NEW.position > its_count THEN
    {refuse("ledger_line_of_its_entry", "a line has the day of its entry and a place in it")}
END IF;
IF its_currency IS DISTINCT FROM NEW.currency THEN
    {refuse("ledger_line_in_the_accounts_currency", "a line is in the currency of its account")}
END IF;
RETURN NEW;
"""  # noqa: S608 - the names are our own
LINE_ENTRY = "its_day date; its_count int; its_currency text;"
