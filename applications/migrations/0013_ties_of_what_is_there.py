from django.db import migrations

from applications.ties import addresses_in, domain_of, ties_of


def fill(apps, schema_editor):
    """Host by host: row-level security shows no more than one."""
    Host = apps.get_model("tenancy", "Host")
    Application = apps.get_model("applications", "Application")
    Person = apps.get_model("applications", "ApplicationPerson")
    for host in Host.objects.using(schema_editor.connection.alias).order_by("pk"):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.host_id', %s, true)", [str(host.pk)])
        rows = Application.objects.using(schema_editor.connection.alias)
        for one in rows.select_related("response").iterator(chunk_size=200):
            people = Person.objects.using(schema_editor.connection.alias)
            addresses = list(
                people.filter(application_id=one.pk).values_list("user__email", flat=True)
            )
            addresses += addresses_in(one.response.answers)
            one.ties = ties_of(addresses, said_nothing=domain_of(host.contact_email))
            one.save(update_fields=["ties"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0012_conflicts_of_interest")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
