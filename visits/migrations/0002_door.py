"""The door of the catch-up: which finished tickets have no callback yet."""

from django.db import migrations

# Imported history is finished for good: nobody calls about it.
DOOR = """
CREATE FUNCTION visits_tickets_without_callback()
RETURNS TABLE (tenant_id bigint, ticket_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT t.tenant_id, t.id FROM tickets_ticket t
    WHERE t.state = 'done' AND t.source_key = '' AND NOT EXISTS (
        SELECT FROM visits_callback c WHERE c.tenant_id = t.tenant_id AND c.ticket_id = t.id
        AND (c.state = 'scheduled' OR c.created_at >= t.done_at))
    ORDER BY t.id LIMIT 1000
$$
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL(DOOR, "DROP FUNCTION visits_tickets_without_callback()"),
        # What the door asks must not grow with all tickets.
        migrations.RunSQL(
            "CREATE INDEX ticket_done ON tickets_ticket (id) WHERE state = 'done'",
            "DROP INDEX ticket_done",
        ),
    ]
