"""How a stock item goes out."""

from typing import Any

from rest_framework import serializers

from customers.api.serializers import ContactNameSerializer
from fieldops.common.api.answering import ShownSerializer
from stock.models import StockItem


class StockItemSerializer(ShownSerializer[StockItem]):
    on_hand = serializers.DecimalField(
        max_digits=18, decimal_places=4, read_only=True, help_text="What is there now."
    )
    preferred_supplier = ContactNameSerializer(read_only=True, allow_null=True)

    merged_into: Any = serializers.SlugRelatedField(
        slug_field="uid",
        read_only=True,
        allow_null=True,
        help_text="The `uid` of the item that this one is part of now.",
    )

    class Meta:
        model = StockItem
        fields = [
            "uid",
            "revision",
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
            "on_hand",
            "reorder_level",
            "preferred_supplier",
            "is_archived",
            "merged_into",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
