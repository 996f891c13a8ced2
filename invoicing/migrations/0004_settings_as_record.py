import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_starter_chart")]

    # The table has one row, so that one default cannot break the unique uid.
    operations = [
        migrations.AddField(
            "invoicingsettings",
            "uid",
            models.UUIDField(default=uuid.uuid4, unique=True, editable=False),
        ),
        migrations.AddField(
            "invoicingsettings",
            "revision",
            models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            "invoicingsettings",
            "created_at",
            models.DateTimeField(
                auto_now_add=True, default=django.utils.timezone.now
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "invoicingsettings", "updated_at", models.DateTimeField(auto_now=True)
        ),
    ]
