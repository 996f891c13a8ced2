"""The remote tree: what Xero last told us, and how far we have read."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from fieldops.common.own_json import OwnJSONField
from xero_sync.models.connection import XeroConnection


class MirrorRecord(models.Model):
    """One record of Xero's, as canonical JSON. Nothing here is ever a wish of ours."""

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=10)
    xero_id = models.CharField(max_length=64)
    updated_at = models.DateTimeField()
    payload = OwnJSONField(encoder=DjangoJSONEncoder)
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
    """How far a list of Xero's has been read: ``watermark`` by Xero's clock only.

    ``full_watermark`` is how far the reading of the whole list has come that began at
    ``full_started``; it goes on there after a limit, a kill or the end of a slice.
    ``full_read_on`` is the day on which it came to its end, until a plan has been made
    on it. ``read_by`` is the run that last read the list to its end. ``settled_digest``
    is what was linked on neither side when a plan last had nothing to do for it.
    """

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=12)
    watermark = models.DateTimeField(null=True)
    full_watermark = models.DateTimeField(null=True)
    full_started = models.DateTimeField(null=True)
    full_read_on = models.DateField(null=True)
    read_by = models.PositiveBigIntegerField(default=0)
    settled_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind"], name="cursor_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.watermark}"
