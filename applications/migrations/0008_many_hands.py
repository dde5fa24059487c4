import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("applications", "0007_research_exports"),
        ("collaboratives", "0007_leaders_answer"),
        ("questionnaires", "0003_save_keys"),
        ("tenancy", "0002_append_only_and_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead applicant"),
                            ("editor", "Can edit"),
                            ("viewer", "Can read"),
                        ],
                        default="editor",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("accepted", "Accepted"),
                            ("revoked", "Withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="applications.application",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.host",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("signed_name", models.CharField(max_length=160)),
                ("signed_title", models.CharField(blank=True, max_length=160)),
                ("in_grace", models.BooleanField(default=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="applications.application",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.host",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="questionnaires.response",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TeamComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="applications.application",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.host",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="extended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="extended_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="extensions",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="application",
            name="in_grace",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="application",
            name="more_time_asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="more_time_asked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="more_time_reason",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="application",
            name="not_finished",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="revision",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="questionnaires.response",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="submission_begun_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="applicationperson",
            name="can_submit",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("more_time_asked_at", None), ("more_time_asked_by", None)),
                    models.Q(
                        ("more_time_asked_at__isnull", False), ("more_time_asked_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="application_wish_for_time_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="personinvitation",
            constraint=models.UniqueConstraint(
                models.F("host"),
                models.F("application"),
                models.F("email"),
                condition=models.Q(("state", "open")),
                name="one_open_invitation_to_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="personinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["editor", "viewer"])),
                name="nobody_is_invited_as_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="personinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted_at", None),
                        ("accepted_by", None),
                        ("revoked_at", None),
                        ("state", "open"),
                    ),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("accepted_by__isnull", False),
                        ("revoked_at", None),
                        ("state", "accepted"),
                    ),
                    models.Q(
                        ("accepted_at", None),
                        ("accepted_by", None),
                        ("revoked_at__isnull", False),
                        ("state", "revoked"),
                    ),
                    _connector="OR",
                ),
                name="person_invitation_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                models.F("host"),
                models.F("application"),
                models.F("number"),
                name="submission_number_of_application",
            ),
        ),
        migrations.AddIndex(
            model_name="teamcomment",
            index=models.Index(fields=["host", "application", "field"], name="team_comments"),
        ),
    ]
