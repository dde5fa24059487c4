"""Each tie of an application is a row that an index finds, kept by the database."""

from django.db import migrations

FILL = """
DO $$
DECLARE
    one uuid;
BEGIN
    FOR one IN SELECT id FROM tenancy_host LOOP
        PERFORM set_config('app.host_id', one::text, true);
        INSERT INTO applications_tie (host_id, application_id, value)
        SELECT host_id, id, unnest(ties) FROM applications_application
        ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM set_config('app.host_id', '', true);
END $$;
"""
KEEP = """
CREATE FUNCTION keep_ties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.ties = OLD.ties THEN
            RETURN NULL;
        END IF;
        DELETE FROM applications_tie
        WHERE application_id = NEW.id AND value <> ALL(NEW.ties);
    END IF;
    INSERT INTO applications_tie (host_id, application_id, value)
    SELECT NEW.host_id, NEW.id, unnest(NEW.ties)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_ties AFTER INSERT OR UPDATE OF ties ON applications_application
    FOR EACH ROW EXECUTE FUNCTION keep_ties();
"""
FORGET = """
DROP TRIGGER keep_ties ON applications_application;
DROP FUNCTION keep_ties();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0019_ties_are_rows")]

    operations = [
        migrations.RunSQL(KEEP, FORGET),  # first, so that nothing is written in between
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
