"""What we keep in stock, and every movement of it."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact
from fieldops.common.models import Record


class StockItemQuerySet(models.QuerySet["StockItem"]):
    def active(self) -> "StockItemQuerySet":
        return self.filter(is_archived=False)

    def standing(self) -> "StockItemQuerySet":
        """Those that were not merged into another one."""
        return self.filter(merged_into=None)

    def with_levels(self) -> "StockItemQuerySet":
        """Adds ``on_hand``: the sum of the item's movements."""
        return self.annotate(on_hand=_on_hand())

    def below_reorder_level(self) -> "StockItemQuerySet":
        return self.active().with_levels().filter(reorder_level__gt=_on_hand())


class StockItem(Record):
    """A thing we sell or use. Accounts and tax types are kept by code.

    ``code`` may be blank and texts are wider than Xero allows: see the readiness checks.
    """

    code = models.CharField(max_length=100, blank=True, db_index=True)
    name = models.CharField(max_length=500)
    description = models.TextField("sales description", blank=True)
    purchase_description = models.TextField(blank=True)
    sell_price = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True
    )
    cost_price = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True
    )
    sales_account_code = models.CharField("sales account", max_length=10, blank=True)
    purchase_account_code = models.CharField(
        "purchase account", max_length=10, blank=True
    )
    sales_tax_type = models.CharField("VAT on sales", max_length=50, blank=True)
    purchase_tax_type = models.CharField("VAT on purchases", max_length=50, blank=True)
    reorder_level = models.DecimalField(
        max_digits=16, decimal_places=4, null=True, blank=True
    )
    preferred_supplier = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="supplied_items"
    )
    is_archived = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = StockItemQuerySet.as_manager()

    # Archiving has its own button.
    returnable_fields = frozenset(
        {
            "code",
            "name",
            "description",
            "purchase_description",
            "sell_price",
            "cost_price",
            "sales_account_code",
            "purchase_account_code",
            "sales_tax_type",
            "purchase_tax_type",
            "reorder_level",
        }
    )

    class Meta:
        ordering = [Lower("name"), "id"]
        indexes = [models.Index(Lower("name"), "id", name="stockitem_by_name")]
        permissions = [
            ("move_stock", "Can record stock movements"),
            ("merge_stockitem", "Can merge stock items"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("stock:item-detail", args=[self.pk])


class StockMovement(models.Model):
    """Stock that came or went; rows are only ever added. When its item is merged into
    another one, what came or went is that one's."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening stock"
        RECEIVED = "received", "Received"
        USED = "used", "Used"
        SOLD = "sold", "Sold"
        RETURNED = "returned", "Returned"
        COUNTED = "counted", "Stock count"

    part_of = "item"

    item = models.ForeignKey(StockItem, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Kind)
    quantity = models.DecimalField(max_digits=16, decimal_places=4)
    reference = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.item} {self.quantity:+}"


def _on_hand() -> Coalesce:
    moved = (
        StockMovement.objects.filter(item=OuterRef("pk"))
        .order_by()
        .values("item")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    return Coalesce(
        Subquery(moved),
        Decimal(0),
        output_field=models.DecimalField(max_digits=18, decimal_places=4),
    )
