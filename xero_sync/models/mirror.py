"""The remote tree: what Xero last told us, and how far we have read."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from xero_sync.models.connection import XeroConnection


class MirrorRecord(models.Model):
    """One record of Xero's, as canonical JSON. Nothing here is ever a wish of ours."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=10)
    xero_id = models.CharField(max_length=64)
    updated_at = models.DateTimeField()
    payload = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    is_gone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "xero_id"], name="mirror_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.xero_id}"


class SyncCursor(models.Model):
    """How far a kind has been read, by Xero's clock only."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=10)
    watermark = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind"], name="cursor_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.watermark}"
