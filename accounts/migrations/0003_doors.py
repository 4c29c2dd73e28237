"""The three doors that look across tenants before one is known; each answers one question."""

from django.db import migrations

COMPANIES = """
CREATE FUNCTION accounts_companies_of(person bigint)
RETURNS TABLE (membership_id bigint, tenant_id bigint, slug varchar, name varchar,
               role varchar, dealer_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT m.id, t.id, t.slug, t.name, m.role, m.dealer_id
    FROM accounts_membership m JOIN core_tenant t ON t.id = m.tenant_id
    JOIN accounts_user u ON u.id = m.user_id
    WHERE m.user_id = person AND m.is_active AND t.is_active AND u.is_active
    ORDER BY t.name, t.id
$$
"""
TOKEN = """
CREATE FUNCTION accounts_tenant_of_token(hashed varchar) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.tenant_id FROM accounts_apitoken a JOIN core_tenant t ON t.id = a.tenant_id
    WHERE a.digest = hashed AND t.is_active
$$
"""
INVITATION = """
CREATE FUNCTION accounts_tenant_of_invitation(hashed varchar) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT i.tenant_id FROM accounts_invitation i JOIN core_tenant t ON t.id = i.tenant_id
    WHERE i.digest = hashed AND t.is_active
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]
    operations = [
        migrations.RunSQL(COMPANIES, "DROP FUNCTION accounts_companies_of(bigint)"),
        migrations.RunSQL(TOKEN, "DROP FUNCTION accounts_tenant_of_token(varchar)"),
        migrations.RunSQL(INVITATION, "DROP FUNCTION accounts_tenant_of_invitation(varchar)"),
    ]
