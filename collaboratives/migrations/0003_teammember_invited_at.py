from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collaboratives", "0002_data_uploads")]

    operations = [
        migrations.AddField(
            model_name="teammember",
            name="invited_at",
            field=models.DateTimeField(null=True),
        )
    ]
