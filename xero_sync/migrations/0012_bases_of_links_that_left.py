from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("xero_sync", "0011_ticks_with_what_was_seen"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactlink",
            name="left",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="itemlink",
            name="left",
            field=models.JSONField(null=True),
        ),
    ]
