"""What we are about to write to Xero: committed before the socket opens."""

import uuid

from django.db import models

from fieldops.common.own_json import OwnJSONField
from xero_sync.models.connection import XeroConnection
from xero_sync.models.runs import SyncRun


class Intent(models.Model):
    """One request: its key and its exact bytes. Open until every member is settled.

    ``members`` are the records it is about (``store.intents.Member``), ``slots`` the
    settings under which it was sent. They are its own: what becomes of the plan they
    come from is no matter.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent, no answer yet"
        UNKNOWN = "unknown", "No answer came"
        SETTLED = "settled", "Settled"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_index=False)
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="intents")
    kind = models.CharField(max_length=10)
    method = models.CharField(max_length=4)
    path = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=128, unique=True)
    body = models.BinaryField()
    members = OwnJSONField(default=list)
    slots = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    prepared_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "state"])]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
