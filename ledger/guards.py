"""What the database itself refuses about money, whoever writes."""

from __future__ import annotations

from core.guards import Guard, append_only, refuse

__all__ = ["Guard", "append_only", "refuse"]

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
