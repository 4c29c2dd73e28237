"""The sweep's door: which tenants have a step due, and nothing else of them."""

from django.db import migrations

DOOR = """
CREATE FUNCTION sla_tenants_with_due_steps(moment timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT s.tenant_id FROM sla_step s WHERE s.state = 'planned' AND s.at <= moment
$$
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [
        migrations.RunSQL(DOOR, "DROP FUNCTION sla_tenants_with_due_steps(timestamptz)")
    ]
