from django.db import migrations, models


def back_on_the_list(apps, schema_editor):
    """What was on its way: the open intents tell what becomes of it."""
    changes = apps.get_model("xero_sync", "PlannedChange")
    changes.objects.filter(state="sending").update(state="planned")


class Migration(migrations.Migration):
    dependencies = [
        ("xero_sync", "0014_lighter_tables"),
    ]

    operations = [
        migrations.RunPython(back_on_the_list, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="plannedchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("done", "Done"),
                    ("dropped", "Planned anew"),
                    ("failed", "Failed"),
                    ("held", "Held back"),
                ],
                default="planned",
                max_length=8,
            ),
        ),
    ]
