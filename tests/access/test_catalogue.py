"""The database itself: every tenant table behind forced walls, every link and key inside them.

Reads PostgreSQL's catalogue, not the models: a table that came in by raw SQL counts too.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

# Tables that hold no tenant's data, each with its reason.
OPEN_TABLES = {
    "core_tenant": "the wall itself; names of companies",
    "core_heartbeat": "when a sweep last ran",
    "accounts_user": "a person belongs to no company; memberships do",
    "dealers_region": "official regions, the same for all",
    "django_migrations": "what has been migrated",
    "django_session": "sessions, by random key",
    "django_content_type": "names of tables",
    "auth_group": "unused table of Django's own",
    "auth_group_permissions": "unused table of Django's own",
    "auth_permission": "unused table of Django's own",
    "account_emailaddress": "addresses of people, beside accounts_user",
    "account_emailconfirmation": "addresses of people, beside accounts_user",
    "mfa_authenticator": "second factors of people, beside accounts_user",
    "pghistory_context": "unused: contexts stand in each event row; no grant",
}

# Functions that run as the owner, each with its one question.
DOORS = {
    "core_search": "ids by text, of the tenant that is set",
    "accounts_companies_of": "the companies of one person, before one is chosen",
    "accounts_tenant_of_token": "the company of a token, before it is known",
    "accounts_tenant_of_invitation": "the company of an invitation, before it is known",
    "sla_tenants_with_due_steps": "which tenants have a step due",
    "sla_backlog": "how many steps are due in all, for the monitoring",
    "notifications_tenants_with_calls": "which tenants have a webhook to call",
    "notifications_tenants_with_queued": "which tenants have a message to send",
    "visits_tickets_without_callback": "which finished tickets nobody is to call about yet",
}

pytestmark = pytest.mark.django_db


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tenant_tables() -> set[str]:
    return {
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attname = 'tenant_id' AND NOT a.attisdropped"
        )
    }


def test_every_table_is_a_tenants_or_has_a_reason() -> None:
    tables = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p')"
        )
    }
    assert tables - tenant_tables() == set(OPEN_TABLES)


def test_every_tenant_table_has_forced_policies() -> None:
    walls = rows(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    forced = {name for name, on, force in walls if on and force}
    assert forced == tenant_tables()


def test_every_tenant_wall_reads_loudly_and_binds_reading_and_writing() -> None:
    policies = rows(
        "SELECT tablename, qual, with_check FROM pg_policies"
        " WHERE permissive = 'PERMISSIVE' AND cmd = 'ALL'"
    )
    assert {table for table, _, _ in policies} == tenant_tables()
    for table, qual, check in policies:
        assert qual == check, table
        assert "current_setting('app.tenant_id'::text))::bigint" in qual, table
        assert ", true" not in qual, table


def test_there_is_no_second_permissive_policy() -> None:
    # Permissive policies are joined by OR: a second one would open the wall.
    doubled = rows(
        "SELECT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE'"
        " GROUP BY tablename HAVING count(*) > 1"
    )
    assert doubled == []


def test_tables_without_a_dealers_wall_are_known() -> None:
    walled = {
        table
        for (table,) in rows("SELECT tablename FROM pg_policies WHERE permissive = 'RESTRICTIVE'")
    }
    # Masters of the whole company, and rows that queries narrow to one person.
    assert tenant_tables() - walled == {
        "core_option",
        "core_idempotencykey",
        "core_job",
        "dealers_dealerlevel",
        "knowledge_symptom",
        "machines_coverageplan",
        "machines_coverageterm",
        "machines_productline",
        "machines_productmodel",
        "notifications_notification",
        "notifications_preference",
        "parts_labouroperation",
        "parts_operationfit",
        "parts_operationincludes",
        "parts_part",
        "parts_partfit",
        "parts_partprice",
        "sla_calendar",
        "sla_calendarday",
        "sla_calendarhours",
        "sla_calendaryear",
        "sla_localcalendar",
        "sla_season",
        "sla_policy",
        "sla_policyversion",
        "sla_target",
        "tickets_savedview",
        "warranty_cutreason",
        "warranty_returnwindow",
    }


def test_every_link_between_tenant_tables_carries_the_tenant() -> None:
    tenants = tenant_tables()
    links = rows(
        "SELECT f.conname, f.conrelid::regclass::text, f.confrelid::regclass::text,"
        " (SELECT array_agg(attname::text) FROM pg_attribute"
        "  WHERE attrelid = f.conrelid AND attnum = ANY (f.conkey))"
        " FROM pg_constraint f WHERE f.contype = 'f'"
    )
    inside = [link for link in links if link[1] in tenants and link[2] in tenants]
    assert len(inside) > 30
    assert [name for name, _, _, columns in inside if "tenant_id" not in columns] == []


def test_every_link_column_of_a_tenant_table_is_a_constraint() -> None:
    columns = rows(
        "SELECT a.attrelid::regclass::text, a.attname FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND a.attname LIKE '%\\_id' AND a.atttypid = 'bigint'::regtype AND NOT a.attisdropped"
        " AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f'"
        "  AND f.conrelid = c.oid AND a.attnum = ANY (f.conkey))"
    )
    tenants = tenant_tables()
    loose = {
        (table, column)
        for table, column in columns
        if table in tenants and not table.endswith("event")
    }
    # Names of a thing of any kind; read only together with that kind.
    assert loose == {
        ("core_searchentry", "object_id"),
        ("ledger_journalentry", "source_id"),
        ("parts_stockmove", "source_id"),
        ("machines_coverage", "source_id"),
        ("sla_clock", "missed_dealer_id"),
        ("sla_clock", "subject_id"),
        ("sla_hand", "holder_dealer_id"),
        ("warranty_adjustment", "source_id"),
        ("warranty_evidence", "subject_id"),
    }


def test_every_unique_key_starts_with_the_tenant() -> None:
    keys = rows(
        "SELECT i.indexrelid::regclass::text, c.relname,"
        " (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = i.indkey[0]),"
        " i.indisprimary FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace"
    )
    tenants = tenant_tables()
    wrong = [
        key
        for key, table, first, is_primary in keys
        if table in tenants and first != "tenant_id" and not is_primary
    ]
    assert wrong == []


def test_only_reviewed_functions_run_as_the_owner() -> None:
    definers = rows(
        "SELECT proname, proconfig FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert {name for name, _ in definers} == set(DOORS)
    for name, config in definers:
        assert config == ["search_path=pg_catalog, public"], name


def test_there_are_no_views_that_could_look_past_the_walls() -> None:
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []


def test_the_role_of_the_application_owns_nothing_and_passes_no_wall() -> None:
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == [
        (False, False)
    ]
    assert rows("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == [
        (0,)
    ]


def test_the_role_of_the_application_may_only_add_to_trails() -> None:
    rights = rows(
        "SELECT table_name, string_agg(privilege_type, ',' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants"
        " WHERE grantee = current_user AND table_schema = 'public' GROUP BY table_name"
    )
    by_table = dict(rights)
    assert by_table["core_auditevent"] == "INSERT,SELECT"
    assert by_table["ledger_journalentry"] == by_table["ledger_journalline"] == "INSERT,SELECT"
    assert by_table["parts_stockmove"] == "INSERT,SELECT"
    assert by_table["tickets_ticketevent"] == "INSERT,SELECT"
    assert by_table["django_migrations"] == "SELECT"
    assert "pghistory_context" not in by_table
    assert not {table for table, may in rights if "TRUNCATE" in may or "TRIGGER" in may}
