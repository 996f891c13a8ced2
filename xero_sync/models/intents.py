"""What we are about to write to Xero: committed before the socket opens."""

import uuid

from django.db import models

from xero_sync.models.connection import XeroConnection
from xero_sync.models.runs import PlannedChange, SyncRun


class Intent(models.Model):
    """One request: its key and its exact bytes. Open until every member is settled."""

    class State(models.TextChoices):
        SENT = "sent", "Sent, no answer yet"
        UNKNOWN = "unknown", "No answer came"
        SETTLED = "settled", "Settled"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="intents")
    kind = models.CharField(max_length=10)
    method = models.CharField(max_length=4)
    path = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=128, unique=True)
    body = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    prepared_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "state"])]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"


class IntentMember(models.Model):
    """One record of the request. ``draft`` is what was sent, for the base to come."""

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="members")
    change = models.ForeignKey(PlannedChange, models.CASCADE, related_name="+")
    natural_key = models.CharField(max_length=255)
    draft = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.natural_key
