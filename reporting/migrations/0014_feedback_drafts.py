import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0005_change_source"),
        ("reporting", "0013_public_pages_and_outreach"),
    ]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="response",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="questionnaires.response",
            ),
        ),
        migrations.RemoveField(model_name="feedback", name="saves"),
    ]
