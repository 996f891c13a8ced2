import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0002_initial")]

    # The table has one row, so that one default cannot break the unique uid.
    operations = [
        migrations.AddField(
            "company",
            "uid",
            models.UUIDField(default=uuid.uuid4, unique=True, editable=False),
        ),
        migrations.AddField(
            "company",
            "revision",
            models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            "company",
            "created_at",
            models.DateTimeField(
                auto_now_add=True, default=django.utils.timezone.now
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "company", "updated_at", models.DateTimeField(auto_now=True)
        ),
    ]
