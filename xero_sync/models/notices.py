"""What administrators were told by email, so that they are told once."""

from django.db import models

from xero_sync.models.connection import XeroConnection


class Notice(models.Model):
    """One per trouble: the same kind since the same moment is the same trouble. A
    permission that ends is counted from when it was renewed last, and what is not
    finished from week to week."""

    class Kind(models.TextChoices):
        BROKEN = "broken", "Xero is disconnected"
        LATE = "late", "A sync is late"
        SOON = "soon", "The permission ends in two weeks"
        VERY_SOON = "very_soon", "The permission ends in three days"
        UNFINISHED = "unfinished", "The first sync, or its duplicates, are not done"

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "since"], name="one_notice_per_trouble"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} since {self.since:%d %b %H:%M}"
