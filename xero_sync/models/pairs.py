"""Which records of the two sides may be one, and what people decided about it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from customers.models import Contact
from stock.models import StockItem
from xero_sync.models.connection import XeroConnection


class PairDecision(models.Model):
    """What a person said about a possible pair; "not the same" is for ever.

    ``fields``: whose value of a field they chose, "ours" or "theirs", by its name.
    Decisions of one moment and one person are one act: they are undone together.
    """

    class Answer(models.TextChoices):
        SAME = "same", "The same"
        DIFFERENT = "different", "Not the same"
        NEW = "new", "It is new"

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=10)
    local_uid = models.UUIDField()
    xero_id = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=9, choices=Answer)
    fields = models.JSONField(default=dict, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "local_uid", "xero_id"],
                name="one_answer_per_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.local_uid} {self.answer} {self.xero_id}"


class FoundPairQuerySet(models.QuerySet["FoundPair"]):
    def standing(self) -> "FoundPairQuerySet":
        """Without what was merged away here since."""
        return self.filter(contact__merged_into=None, item__merged_into=None)

    def undecided(self) -> "FoundPairQuerySet":
        return self.standing().filter(decision=None)

    def doubtful(self) -> "FoundPairQuerySet":
        """What waits for a person: certain pairs are linked by themselves."""
        return self.undecided().exclude(strength=FoundPair.Strength.CERTAIN)


class FoundPair(models.Model):
    """A pair that the last plan came upon and nobody has linked yet.

    The rows are the plan's to make and to drop (``store.pairs``); a decided one stays
    until a sync has carried the decision out.
    """

    class Strength(models.IntegerChoices):
        LIKELY = 1, "Likely"
        POSSIBLE = 2, "Possible"
        CERTAIN = 3, "Certain"

    class Group(models.TextChoices):
        CUSTOMERS = "customers", "Customers"
        SUPPLIERS = "suppliers", "Suppliers"
        STOCK = "stock", "Stock"

    connection = models.ForeignKey(XeroConnection, models.CASCADE)
    kind = models.CharField(max_length=10)
    group = models.CharField(max_length=9, choices=Group)
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, related_name="xero_pairs"
    )
    item = models.ForeignKey(
        StockItem, models.CASCADE, null=True, related_name="xero_pairs"
    )
    xero_id = models.CharField(max_length=64)
    name_here = models.CharField(max_length=500)
    name_there = models.CharField(max_length=500)
    strength = models.PositiveSmallIntegerField(choices=Strength)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    decision = models.ForeignKey(
        PairDecision, models.SET_NULL, null=True, related_name="pairs"
    )

    objects = FoundPairQuerySet.as_manager()

    class Meta:
        ordering = ["strength", "-score", "name_here", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "contact", "xero_id"], name="found_contacts_once"
            ),
            models.UniqueConstraint(
                fields=["connection", "item", "xero_id"], name="found_items_once"
            ),
        ]
        indexes = [models.Index(fields=["connection", "group", "strength"])]

    def __str__(self) -> str:
        return f"{self.name_here} and {self.name_there}"

    @property
    def record(self) -> Contact | StockItem:
        record = self.contact or self.item
        assert record is not None  # noqa: S101 - a pair has one of the two
        return record
