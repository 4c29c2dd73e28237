"""A calendar of a dealer names a dealer of its own tenant."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dealers", "0002_links_from_lower_floors"), ("sla", "0012_calendars")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE sla_localcalendar ADD CONSTRAINT sla_localcalendar_dealer_id_in_tenant"
            " FOREIGN KEY (tenant_id, dealer_id) REFERENCES dealers_dealer (tenant_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE sla_localcalendar DROP CONSTRAINT sla_localcalendar_dealer_id_in_tenant",
        )
    ]
