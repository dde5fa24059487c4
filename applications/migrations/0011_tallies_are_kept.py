"""The database keeps how many applications stand where; no tab counts 10,000 rows."""

from django.db import migrations

# The same rule as Letter.objects.incomplete().
RULE = """
CREATE FUNCTION is_incomplete(lacks varchar[], signatories varchar[], state varchar)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT lacks <> '{}' OR signatories = '{}' AND state IN ('missing', 'requested', 'returned')
$$;
"""
KEEP = """
CREATE FUNCTION keep_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved integer;
    crowded bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO applications_tally
            (host_id, cohort_id, status, outcome, received, missing, change)
        SELECT host_id, cohort_id, status, outcome, received_at IS NOT NULL,
            missing_letters > 0, count(*)
        FROM now_there GROUP BY 1, 2, 3, 4, 5, 6;
        GET DIAGNOSTICS moved = ROW_COUNT;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO applications_tally
            (host_id, cohort_id, status, outcome, received, missing, change)
        SELECT host_id, cohort_id, status, outcome, received_at IS NOT NULL,
            missing_letters > 0, -count(*)
        FROM was_there GROUP BY 1, 2, 3, 4, 5, 6;
        RETURN NULL;
    ELSE
        INSERT INTO applications_tally
            (host_id, cohort_id, status, outcome, received, missing, change)
        SELECT host_id, cohort_id, status, outcome, received, missing, sum(change) FROM (
            SELECT host_id, cohort_id, status, outcome, received_at IS NOT NULL AS received,
                missing_letters > 0 AS missing, 1 AS change FROM now_there
            UNION ALL
            SELECT host_id, cohort_id, status, outcome, received_at IS NOT NULL,
                missing_letters > 0, -1 FROM was_there
        ) AS moves GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0;
        GET DIAGNOSTICS moved = ROW_COUNT;
    END IF;
    IF moved = 0 THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(cohort_id) INTO crowded FROM (
        SELECT cohort_id FROM applications_tally
        WHERE cohort_id IN (SELECT cohort_id FROM now_there)
        GROUP BY cohort_id HAVING count(*) > 200
    ) AS full_ones;
    IF crowded IS NOT NULL THEN
        WITH gone AS (
            DELETE FROM applications_tally WHERE id IN (
                SELECT id FROM applications_tally WHERE cohort_id = ANY(crowded)
                FOR UPDATE SKIP LOCKED
            ) RETURNING *
        )
        INSERT INTO applications_tally
            (host_id, cohort_id, status, outcome, received, missing, change)
        SELECT host_id, cohort_id, status, outcome, received, missing, sum(change)
        FROM gone GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_tally_of_new AFTER INSERT ON applications_application
    REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION keep_tally();
CREATE TRIGGER keep_tally_of_gone AFTER DELETE ON applications_application
    REFERENCING OLD TABLE AS was_there FOR EACH STATEMENT EXECUTE FUNCTION keep_tally();
CREATE TRIGGER keep_tally_of_moved AFTER UPDATE ON applications_application
    REFERENCING OLD TABLE AS was_there NEW TABLE AS now_there
    FOR EACH STATEMENT EXECUTE FUNCTION keep_tally();

CREATE FUNCTION keep_missing_letters() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change integer := 0;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.required AND is_incomplete(OLD.lacks, OLD.signatories, OLD.state) THEN
        change := change - 1;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.required AND is_incomplete(NEW.lacks, NEW.signatories, NEW.state) THEN
        change := change + 1;
    END IF;
    IF change <> 0 THEN
        UPDATE applications_application SET missing_letters = missing_letters + change
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_missing_letters AFTER INSERT OR DELETE OR
    UPDATE OF state, required, lacks, signatories
    ON applications_letter FOR EACH ROW EXECUTE FUNCTION keep_missing_letters();

-- Only the trigger of the letters, one level deeper, changes the number.
CREATE FUNCTION refuse_missing_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.missing_letters := 0;
    ELSIF pg_trigger_depth() = 1 THEN
        NEW.missing_letters := OLD.missing_letters;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_missing_letters BEFORE INSERT OR UPDATE ON applications_application
    FOR EACH ROW EXECUTE FUNCTION refuse_missing_letters();
"""
FORGET = """
DROP TRIGGER refuse_missing_letters ON applications_application;
DROP FUNCTION refuse_missing_letters();
DROP TRIGGER keep_missing_letters ON applications_letter;
DROP FUNCTION keep_missing_letters();
DROP TRIGGER keep_tally_of_moved ON applications_application;
DROP TRIGGER keep_tally_of_gone ON applications_application;
DROP TRIGGER keep_tally_of_new ON applications_application;
DROP FUNCTION keep_tally();
"""
COUNT = """
DO $$
DECLARE
    one uuid;
BEGIN
    FOR one IN SELECT id FROM tenancy_host LOOP
        PERFORM set_config('app.host_id', one::text, true);
        UPDATE applications_application a SET missing_letters = m.letters FROM (
            SELECT application_id, count(*) AS letters FROM applications_letter
            WHERE required AND is_incomplete(lacks, signatories, state)
            GROUP BY application_id
        ) AS m WHERE m.application_id = a.id;
        INSERT INTO applications_tally
            (host_id, cohort_id, status, outcome, received, missing, change)
        SELECT host_id, cohort_id, status, outcome, received_at IS NOT NULL,
            missing_letters > 0, count(*)
        FROM applications_application GROUP BY 1, 2, 3, 4, 5, 6;
    END LOOP;
    PERFORM set_config('app.host_id', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0010_tallies")]

    operations = [
        migrations.RunSQL(RULE, "DROP FUNCTION is_incomplete(varchar[], varchar[], varchar);"),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FORGET),
    ]
