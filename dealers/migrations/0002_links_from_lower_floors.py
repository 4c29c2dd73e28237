"""Rows of lower floors that name a dealer by number stay in its tenant."""

from django.db import migrations

LINKS = [
    ("accounts_membership", "dealer_id"),
    ("accounts_invitation", "dealer_id"),
    ("sla_clock", "holder_dealer_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("dealers", "0001_initial"),
        ("accounts", "0003_doors"),
        ("sla", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_in_tenant"
            f" FOREIGN KEY (tenant_id, {column}) REFERENCES dealers_dealer (tenant_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_in_tenant",
        )
        for table, column in LINKS
    ]
