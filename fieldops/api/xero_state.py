"""How each record stands with Xero, beside the record: the domain knows nothing of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from customers.api.serializers import ContactSerializer
from fieldops.common.api.answering import MomentField
from invoicing.api.serializers import InvoiceSerializer
from stock.api.serializers import StockItemSerializer
from xero_sync.report.states import (
    FAILED,
    HELD,
    IN_XERO,
    LEFT_OUT,
    NOT_SYNCED,
    WAITING,
    RecordState,
    states_of,
)

STATES = (NOT_SYNCED, LEFT_OUT, WAITING, IN_XERO, FAILED, HELD)


class XeroStateSerializer(serializers.Serializer[RecordState]):
    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(help_text="For people; blank when all is well.")
    xero_id = serializers.CharField()
    synced_at = MomentField(allow_null=True)


@extend_schema_field(XeroStateSerializer)
class XeroStateField(serializers.Field[Any, Any, Any, Any]):
    """The states of all records of an answer are asked for at once."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, record: Any) -> Any:
        return XeroStateSerializer(self._states[record.pk]).data

    @cached_property
    def _states(self) -> Mapping[int, RecordState]:
        shown: Any = self.root.instance
        return states_of(list(shown) if isinstance(shown, list) else [shown])


@extend_schema_serializer(component_name="Contact")
class ContactWithXero(ContactSerializer):
    xero = XeroStateField()

    class Meta(ContactSerializer.Meta):
        fields = [*ContactSerializer.Meta.fields, "xero"]


@extend_schema_serializer(component_name="StockItem")
class StockItemWithXero(StockItemSerializer):
    xero = XeroStateField()

    class Meta(StockItemSerializer.Meta):
        fields = [*StockItemSerializer.Meta.fields, "xero"]


@extend_schema_serializer(component_name="Invoice")
class InvoiceWithXero(InvoiceSerializer):
    xero = XeroStateField()

    class Meta(InvoiceSerializer.Meta):
        fields = [*InvoiceSerializer.Meta.fields, "xero"]
