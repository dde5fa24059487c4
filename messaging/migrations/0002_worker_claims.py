"""The worker sees open mail of all hosts, to claim it, and only while no host is open."""

from django.db import migrations

CLAIM = """
CREATE POLICY claim ON messaging_outboundmessage FOR SELECT TO app_worker USING (
    state IN ('queued', 'retry', 'sending')
    AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL);
CREATE POLICY claim_now ON messaging_outboundmessage FOR UPDATE TO app_worker USING (
    state IN ('queued', 'retry', 'sending')
    AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL)
    WITH CHECK (
    state = 'sending' AND (SELECT NULLIF(current_setting('app.host_id', true), '')) IS NULL);
"""
UNCLAIM = """
DROP POLICY claim ON messaging_outboundmessage;
DROP POLICY claim_now ON messaging_outboundmessage;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [migrations.RunSQL(CLAIM, UNCLAIM)]
