import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]

    operations = [
        migrations.AddField(
            "devicetoken",
            "uid",
            models.UUIDField(default=uuid.uuid4, unique=True, editable=False),
        ),
    ]
