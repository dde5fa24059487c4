"""The database's own half of who may do what."""

import os

import psycopg
from django.core.management import call_command


def test_roles_are_made_again_without_harm_and_bypass_nothing():
    call_command("create_roles")
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"]) as admin:
        roles = admin.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolbypassrls, rolinherit, rolcanlogin"
            " FROM pg_roles WHERE rolname LIKE 'app\\_%' ORDER BY rolname"
        ).fetchall()
    assert roles == [
        ("app_backup", False, False, True, False, False),  # may log in once it has a password
        ("app_owner", False, True, False, True, True),
        ("app_web", False, False, False, False, True),
        ("app_worker", False, False, False, False, True),
    ]


def test_what_the_owner_makes_the_others_may_use_and_only_so_far():
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE made_by_a_test (id bigint GENERATED ALWAYS AS IDENTITY)")
        rights = dict(
            owner.execute(
                "SELECT role, array_agg(verb ORDER BY verb) FILTER (WHERE"
                " has_table_privilege(role, 'made_by_a_test', verb)) FROM unnest(%s::text[]) role,"
                " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) verb"
                " GROUP BY role",
                [["app_web", "app_worker", "app_backup"]],
            ).fetchall()
        )
        owner.rollback()
    work = ["DELETE", "INSERT", "SELECT", "UPDATE"]
    assert rights == {"app_web": work, "app_worker": work, "app_backup": ["SELECT"]}
