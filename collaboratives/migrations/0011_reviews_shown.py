from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collaboratives", "0010_team_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="cohort",
            name="reviews_shown",
            field=models.CharField(
                blank=True,
                choices=[
                    ("always", "Always"),
                    ("after_own", "After one's own review"),
                    ("never", "Never, only who decides"),
                ],
                max_length=10,
            ),
        ),
    ]
