from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collaboratives", "0008_longer_missing_kind")]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="frequency",
            field=models.CharField(
                choices=[("month", "Every month"), ("quarter", "Every quarter")],
                default="month",
                max_length=8,
            ),
        ),
    ]
