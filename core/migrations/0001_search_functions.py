"""The text functions of the search and its one door (see core.search)."""

from django.db import migrations

TEXT = """
CREATE FUNCTION core_search_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(normalize(value, NFKC)), '[ \\t\\r\\n　·./_–—-]+', '', 'g')
$$
"""

# The tenant stands in front of each pair: one index, and no tenant's words meet another's.
TOKENS = """
CREATE FUNCTION core_search_tokens(tenant bigint, value text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT tenant::text || ':' || pair), '{}')
    FROM (SELECT substr(value, i, 2) AS pair FROM generate_series(1, length(value) - 1) AS i) AS p
    WHERE pair !~ chr(31)
$$
"""

# plpgsql so that it may stand before the table; it reads the tenant itself and takes none.
DOOR = """
CREATE FUNCTION core_search(question text, kinds text[], at_most int)
RETURNS TABLE (kind varchar, object_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    tenant bigint := current_setting('app.tenant_id')::bigint;
    wanted text := core_search_text(question);
    pairs text[] := core_search_tokens(tenant, wanted);
BEGIN
    IF length(wanted) < 2 OR cardinality(pairs) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT found.kind, found.object_id FROM (
            SELECT e.kind, e.object_id, row_number() OVER (
                PARTITION BY e.kind ORDER BY max(e.object_id) DESC, e.object_id DESC) AS place
            FROM core_searchentry e
            WHERE e.tenant_id = tenant AND e.tokens @> pairs
              AND position(wanted IN e.text) > 0 AND e.kind = ANY (kinds)
            GROUP BY e.kind, e.object_id
        ) found
        WHERE found.place <= at_most
        ORDER BY found.kind, found.object_id DESC;
END
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TEXT, "DROP FUNCTION core_search_text(text)"),
        migrations.RunSQL(TOKENS, "DROP FUNCTION core_search_tokens(bigint, text)"),
        migrations.RunSQL(DOOR, "DROP FUNCTION core_search(text, text[], int)"),
    ]
