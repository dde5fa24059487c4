"""The worker sees open jobs of all hosts, to claim them, and only while no host is open."""

from django.db import migrations

CLAIM = """
CREATE POLICY claim ON documents_job FOR SELECT TO app_worker USING (
    state IN ('queued', 'running')
    AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL);
CREATE POLICY claim_now ON documents_job FOR UPDATE TO app_worker USING (
    state IN ('queued', 'running')
    AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL)
    WITH CHECK (
    state = 'running' AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL);
"""
UNCLAIM = """
DROP POLICY claim ON documents_job;
DROP POLICY claim_now ON documents_job;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(CLAIM, UNCLAIM)]
