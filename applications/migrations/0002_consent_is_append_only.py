"""Consent records are only ever added. What a person withdraws is a new record."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON applications_consentrecord
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE ON applications_consentrecord FROM app_web, app_worker;
"""
CHANGEABLE = """
DROP TRIGGER append_only ON applications_consentrecord;
GRANT UPDATE, DELETE ON applications_consentrecord TO app_web, app_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY, CHANGEABLE)]
