import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def say_who_was_asked(apps, schema_editor):
    """Published calls of small groups asked everybody until now. Host by host: row-level
    security shows no more than one."""
    Host = apps.get_model("tenancy", "Host")
    Session = apps.get_model("program_sessions", "Session")
    database = schema_editor.connection.alias
    for host in Host.objects.using(database).order_by("pk"):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.host_id', %s, true)", [str(host.pk)])
        Session.objects.using(database).filter(
            host_id=host.pk, audience="subgroup", status="published"
        ).update(audience="everybody")


class Migration(migrations.Migration):
    dependencies = [
        ("program_sessions", "0001_initial"),
        ("collaboratives", "0011_reviews_shown"),
    ]

    operations = [
        migrations.AddField(
            "session",
            "group",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="collaboratives.teamgroup",
            ),
        ),
        migrations.RunPython(say_who_was_asked, migrations.RunPython.noop),
        migrations.AddConstraint(
            "session",
            models.CheckConstraint(
                condition=Q(audience="subgroup", group__isnull=False)
                | Q(audience="subgroup") & ~Q(status="published")
                | ~Q(audience="subgroup") & Q(group=None),
                name="session_of_a_group_has_it",
            ),
        ),
    ]
