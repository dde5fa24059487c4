"""A person may read their own memberships, in whatever hosts they are."""

from django.db import migrations

OWN = """
CREATE POLICY own ON accounts_membership FOR SELECT
    USING (user_id = (SELECT NULLIF(current_setting('app.user_id', true), '')::bigint));
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(OWN, "DROP POLICY own ON accounts_membership")]
