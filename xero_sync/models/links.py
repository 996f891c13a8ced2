"""Which of our records is which of Xero's, and what both last agreed on (the base)."""

from typing import ClassVar

from django.db import models

from customers.models import Contact
from fieldops.common.own_json import OwnJSONField
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models.connection import XeroConnection

HAS_HOME = models.Q(home__isnull=False)


class XeroLink(models.Model):
    """``base`` is the agreed draft as JSON, ``revision`` our record's when it was.

    ``base_slots`` remembers the settings the base was made under: what stands in another
    address slot has never been agreed on. ``remote_digest`` is the mirror's when both
    sides were last found to agree; blank after a write of ours, whose answer nobody has
    compared yet.
    """

    class Origin(models.TextChoices):
        CREATED_THERE = "created_there", "Sent to Xero"
        CREATED_HERE = "created_here", "Brought in from Xero"
        MATCHED = "matched", "Recognised as the same"
        CHOSEN = "chosen", "Linked by a person"
        ADOPTED = "adopted", "Found in Xero by our own id"

    connection = models.ForeignKey(XeroConnection, models.CASCADE, db_index=False)
    xero_id = models.CharField(max_length=64)
    origin = models.CharField(max_length=14, choices=Origin)
    base = OwnJSONField(default=dict)
    base_slots = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    remote_updated_at = models.DateTimeField(null=True)
    remote_digest = models.CharField(max_length=64, blank=True)
    reasons = models.CharField(max_length=500, blank=True)
    linked_at = models.DateTimeField(auto_now_add=True)
    synced_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["connection", "xero_id"], name="%(class)s_remote_once"
            ),
            models.UniqueConstraint(
                fields=["record", "connection"], name="%(class)s_local_once"
            ),
        ]

    def __str__(self) -> str:
        return self.xero_id


class ContactLink(XeroLink):
    """``home`` is whose link it was before that contact was merged into ``record``;
    ``left`` what was agreed on with those it has left (``outcomes.left_bases``)."""

    record = models.ForeignKey(
        Contact, models.PROTECT, related_name="xero_links", db_index=False
    )
    home = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", db_index=False
    )
    left = models.JSONField(null=True)

    class Meta(XeroLink.Meta):
        # Few have one.
        indexes = [
            models.Index(
                fields=["home"], condition=HAS_HOME, name="contactlink_with_home"
            )
        ]


class ItemLink(XeroLink):
    """``home`` and ``left`` as of a contact's."""

    record = models.ForeignKey(
        StockItem, models.PROTECT, related_name="xero_links", db_index=False
    )
    home = models.ForeignKey(
        StockItem, models.PROTECT, null=True, related_name="+", db_index=False
    )
    left = models.JSONField(null=True)

    class Meta(XeroLink.Meta):
        indexes = [
            models.Index(fields=["home"], condition=HAS_HOME, name="itemlink_with_home")
        ]


class InvoiceLink(XeroLink):
    """``status`` and the money are Xero's; the content sent is in ``base``."""

    record = models.ForeignKey(
        Invoice, models.PROTECT, related_name="xero_links", db_index=False
    )
    status = models.CharField(max_length=20, blank=True)
