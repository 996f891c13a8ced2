"""How invoices, accounts and VAT rates go out, and what may come in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from customers.api.serializers import ContactNameSerializer
from customers.models import Contact
from customers.queries import visible_contacts
from fieldops.common.api.answering import ShownSerializer
from fieldops.common.api.reading import KnownFields, RevisionSerializer
from invoicing.models import Account, Invoice, InvoiceLine, TaxRate
from stock.models import StockItem
from stock.queries import visible_items

MOST_LINES = 500
WRITTEN = ["issued_on", "due_on", "reference", "notes", "amounts_are", "lines"]


class AccountSerializer(ShownSerializer[Account]):
    account_class = serializers.CharField(read_only=True)

    class Meta:
        model = Account
        fields = [
            "uid",
            "revision",
            "code",
            "name",
            "type",
            "account_class",
            "tax_type",
            "is_active",
        ]
        read_only_fields = fields


class TaxRateSerializer(ShownSerializer[TaxRate]):
    class Meta:
        model = TaxRate
        fields = [
            "uid",
            "revision",
            "tax_type",
            "name",
            "percent",
            "applies_to_assets",
            "applies_to_equity",
            "applies_to_expenses",
            "applies_to_liabilities",
            "applies_to_revenue",
            "is_active",
        ]
        read_only_fields = fields


class LineItemSerializer(ShownSerializer[StockItem]):
    class Meta:
        model = StockItem
        fields = ["uid", "code", "name"]
        read_only_fields = fields


class InvoiceLineSerializer(ShownSerializer[InvoiceLine]):
    item = LineItemSerializer(read_only=True, allow_null=True)

    class Meta:
        model = InvoiceLine
        fields = [
            "position",
            "item",
            "description",
            "quantity",
            "unit_price",
            "discount_percent",
            "account_code",
            "tax_type",
            "tax_percent",
            "amount",
            "tax_amount",
        ]
        read_only_fields = fields


class InvoiceSerializer(ShownSerializer[Invoice]):
    customer = ContactNameSerializer(read_only=True)
    lines = InvoiceLineSerializer(many=True, read_only=True)
    amount_due = serializers.DecimalField(14, 2, read_only=True)

    class Meta:
        model = Invoice
        fields = [
            "uid",
            "revision",
            "number",
            "status",
            "customer",
            "issued_on",
            "due_on",
            "reference",
            "notes",
            "currency",
            "amounts_are",
            "lines",
            "subtotal",
            "tax",
            "total",
            "amount_paid",
            "amount_credited",
            "amount_due",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class NewLineSerializer(KnownFields, serializers.ModelSerializer[InvoiceLine]):
    """What is left out comes from the stock item, else from the company's settings."""

    item = serializers.UUIDField(
        required=False, allow_null=True, help_text="The `uid` of a stock item."
    )
    quantity = serializers.DecimalField(15, 4, required=False)
    unit_price = serializers.DecimalField(15, 4, required=False)
    discount_percent = serializers.DecimalField(
        7, 4, required=False, min_value=Decimal(0), max_value=Decimal(100)
    )

    class Meta:
        model = InvoiceLine
        fields = [
            "item",
            "description",
            "quantity",
            "unit_price",
            "discount_percent",
            "account_code",
            "tax_type",
        ]


class _WithLines(serializers.Serializer[Any]):
    """Turns the items that lines name by ``uid`` into items, all in one read."""

    def validate_lines(self, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(lines) > MOST_LINES:
            raise serializers.ValidationError(f"At most {MOST_LINES} lines.")
        uids = {line["item"] for line in lines if line.get("item")}
        visible = visible_items(self.context["request"].user)
        items = {item.uid: item for item in visible.filter(uid__in=uids)}
        if uids - set(items):
            why = {"item": ["There is no stock item with this uid."]}
            unknown = [line.get("item") in uids - set(items) for line in lines]
            raise serializers.ValidationError([why if u else {} for u in unknown])
        return [line | _item_of(line, items) for line in lines]


def _item_of(line: dict[str, Any], items: dict[Any, StockItem]) -> dict[str, Any]:
    return {"item": items[line["item"]]} if line.get("item") else {}


class NewInvoiceSerializer(
    KnownFields, _WithLines, serializers.ModelSerializer[Invoice]
):
    """A draft: today's, due by the customer's terms, unless it says otherwise."""

    uid = serializers.UUIDField(
        required=False,
        help_text="Your own random UUID: sending the same again creates nothing twice.",
    )
    customer = serializers.UUIDField(help_text="The `uid` of a contact.")
    lines = NewLineSerializer(many=True, required=False)

    class Meta:
        model = Invoice
        fields = ["uid", "customer", *WRITTEN]
        extra_kwargs: dict[str, Any] = {
            "issued_on": {"required": False},
            "due_on": {"required": False},
        }

    def validate_customer(self, uid: UUID) -> Contact:
        visible = visible_contacts(self.context["request"].user)
        customer = visible.filter(uid=uid).first()
        if customer is None:
            raise serializers.ValidationError("There is no contact with this uid.")
        return customer


class InvoiceChangeSerializer(
    RevisionSerializer, _WithLines, serializers.ModelSerializer[Invoice]
):
    """Only what changes; `lines` replace all lines of the draft."""

    lines = NewLineSerializer(many=True, required=False)

    class Meta:
        model = Invoice
        fields = ["revision", *WRITTEN]
        extra_kwargs: dict[str, Any] = {
            "issued_on": {"required": False},
            "due_on": {"required": False},
        }
