"""The delivery's door: which tenants have a message to send now, and nothing else of them."""

from django.db import migrations

DOOR = """
CREATE FUNCTION notifications_tenants_with_queued(moment timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT m.tenant_id FROM notifications_outboxmessage m
    WHERE m.state = 'queued' AND m.next_attempt_at <= moment
$$
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.RunSQL(DOOR, "DROP FUNCTION notifications_tenants_with_queued(timestamptz)")
    ]
