"""Audit events are only ever added; and the table of Django's database cache."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are added and never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tenancy_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON tenancy_auditevent FROM app_web, app_worker;
"""
CHANGEABLE = """
DROP TRIGGER append_only ON tenancy_auditevent;
DROP FUNCTION refuse_change();
GRANT UPDATE, DELETE ON tenancy_auditevent TO app_web, app_worker;
"""
CACHE = """
CREATE TABLE config_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX config_cache_expires ON config_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
        migrations.RunSQL(CACHE, "DROP TABLE config_cache"),
    ]
