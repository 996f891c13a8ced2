"""What is wrong now, record by record."""

from django.db import models
from django.db.models import Q

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models.connection import XeroConnection
from xero_sync.models.runs import SyncRun
from xero_sync.outcomes.codes import NOTICES


class SyncIssueQuerySet(models.QuerySet["SyncIssue"]):
    def open(self) -> "SyncIssueQuerySet":
        return self.filter(resolved_at__isnull=True)

    def to_fix(self) -> "SyncIssueQuerySet":
        return self.open().exclude(code__in=NOTICES)

    def notices(self) -> "SyncIssueQuerySet":
        """Worth knowing, and nobody has to act."""
        return self.open().filter(code__in=NOTICES)


class SyncIssue(models.Model):
    """The same trouble tomorrow updates the same open row; success closes it.

    ``subject`` names the record in one text ("contact:17", "xero:<id>") so that the
    database can see to it that there is one open row per cause. ``sent_revision`` is the
    record's when Xero refused it: it is not sent again unchanged.
    """

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=500)
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, related_name="xero_issues"
    )
    item = models.ForeignKey(
        StockItem, models.CASCADE, null=True, related_name="xero_issues"
    )
    invoice = models.ForeignKey(
        Invoice, models.CASCADE, null=True, related_name="xero_issues"
    )
    xero_id = models.CharField(max_length=64, blank=True)
    field_name = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    technical = models.TextField(blank=True)
    sent_revision = models.PositiveIntegerField(null=True)
    run = models.ForeignKey(SyncRun, models.SET_NULL, null=True, related_name="issues")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True)

    objects = SyncIssueQuerySet.as_manager()

    class Meta:
        ordering = ["code", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "subject", "code"],
                condition=Q(resolved_at__isnull=True),
                name="one_open_issue_per_cause",
            )
        ]
        indexes = [models.Index(fields=["connection", "resolved_at", "code"])]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def record(self) -> Contact | StockItem | Invoice | None:
        return self.contact or self.item or self.invoice
