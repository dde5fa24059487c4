from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations_and_start_codes")]

    operations = [
        migrations.AddField(
            "membership",
            "changed_at",
            models.DateTimeField(editable=False, null=True),
        )
    ]
