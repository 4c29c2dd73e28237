"""What calendars know of holidays becomes loaded years with their source; not reversible."""

from django.db import migrations

# The links of new rows are checked at the end of a transaction, and no table with a check ahead
# of it can be altered: they are checked before the walls go up again.
CHECK = "SET CONSTRAINTS ALL IMMEDIATE;"
# The owner migrates under forced row policies; for these statements they bind others only.
OPEN = "".join(
    f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
    for table in ("sla_calendar", "sla_calendarday", "sla_calendaryear")
)
SHUT = OPEN.replace("NO FORCE", "FORCE")
FILL = """
INSERT INTO sla_calendaryear (tenant_id, calendar_id, year, source, loaded_at, loaded_by_label)
SELECT c.tenant_id, c.id, date_part('year', d."on"),
    coalesce(mode() WITHIN GROUP (ORDER BY d.source), ''), now(), ''
FROM sla_calendar c JOIN sla_calendarday d ON d.tenant_id = c.tenant_id AND d.calendar_id = c.id
WHERE c.known_through IS NOT NULL AND d."on" <= c.known_through
GROUP BY c.tenant_id, c.id, date_part('year', d."on");
UPDATE sla_calendar c SET follows_holidays = true,
    known_from = (SELECT make_date(min(y.year), 1, 1) FROM sla_calendaryear y
        WHERE y.tenant_id = c.tenant_id AND y.calendar_id = c.id),
    known_through = (SELECT make_date(max(y.year), 12, 31) FROM sla_calendaryear y
        WHERE y.tenant_id = c.tenant_id AND y.calendar_id = c.id)
WHERE c.known_through IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0012_calendars")]

    operations = [migrations.RunSQL(OPEN + FILL + CHECK + SHUT)]
