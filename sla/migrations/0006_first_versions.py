"""Each policy as it stands becomes its first dated version; not reversible."""

from django.db import migrations

# The links of new rows are checked at the end of a transaction, and no table with a check ahead
# of it can be altered: they are checked before the walls go up again.
CHECK = "SET CONSTRAINTS ALL IMMEDIATE;"
# The owner migrates under forced row policies; for these statements they bind others only.
OPEN = "".join(
    f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
    for table in ("sla_policy", "sla_policyversion", "sla_target", "sla_clock")
)
SHUT = OPEN.replace("NO FORCE", "FORCE")
FILL = """
INSERT INTO sla_policyversion (tenant_id, policy_id, number, valid_from, position, conditions,
    calendar_id, is_active, reason, author_label, created_at)
SELECT tenant_id, id, greatest(version, 1), '2000-01-01+00', position, conditions, calendar_id,
    is_active, '', '', now() FROM sla_policy;
UPDATE sla_target t SET version_id = v.id FROM sla_policyversion v
    WHERE v.tenant_id = t.tenant_id AND v.policy_id = t.policy_id;
UPDATE sla_clock c SET version_id = v.id FROM sla_policyversion v
    WHERE v.tenant_id = c.tenant_id AND v.policy_id = c.policy_id;
UPDATE sla_clock SET missed_kind = holder_kind, missed_dealer_id = holder_dealer_id,
    missed_label = holder_label WHERE missed_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_versions")]

    operations = [migrations.RunSQL(OPEN + FILL + CHECK + SHUT)]
