"""A file somebody uploaded, kept while they look at what would happen."""

import uuid

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """``report`` is the plan until it was imported, then what came of it.

    Kept as a row: the next request may reach another web server.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads"
    )
    kind = models.CharField(max_length=20)
    filename = models.CharField(max_length=255)
    content = models.BinaryField()
    report = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.filename
