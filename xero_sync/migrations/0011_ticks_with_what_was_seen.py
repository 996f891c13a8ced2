"""What was ticked for archiving is kept with what was known of it. Of earlier ticks
nothing is known: their page asks for them again."""

from django.db import migrations, models


def keep_ticks(apps, schema_editor):
    for connection in apps.get_model("xero_sync", "XeroConnection").objects.all():
        connection.to_archive = dict.fromkeys(connection.to_archive, "")
        connection.save(update_fields=["to_archive"])


def drop_what_was_seen(apps, schema_editor):
    for connection in apps.get_model("xero_sync", "XeroConnection").objects.all():
        connection.to_archive = sorted(connection.to_archive)
        connection.save(update_fields=["to_archive"])


class Migration(migrations.Migration):
    dependencies = [
        ("xero_sync", "0010_fewer_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="xeroconnection",
            name="to_archive",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(keep_ticks, drop_what_was_seen),
    ]
