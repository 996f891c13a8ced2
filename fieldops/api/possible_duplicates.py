"""Who a contact that an app has just made may be already: a hint, never a refusal."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from customers.models import Contact
from fieldops.api.xero_state import ContactWithXero
from fieldops.users.models import User
from xero_sync.consolidation.typed import Twin, twins_of_contact
from xero_sync.models import SyncSettings, XeroConnection
from xero_sync.permissions import Right


class PossibleDuplicateSerializer(serializers.Serializer[Twin]):
    uid = serializers.UUIDField(
        allow_null=True, help_text="Null where only Xero has it."
    )
    name = serializers.CharField()
    what = serializers.CharField(help_text="For people: what it is, and where.")
    town = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(component_name="MadeContact")
class MadeContactSerializer(ContactWithXero):
    possible_duplicates = PossibleDuplicateSerializer(many=True, read_only=True)

    class Meta(ContactWithXero.Meta):
        fields = [*ContactWithXero.Meta.fields, "possible_duplicates"]


def possible_duplicates(contact: Contact, user: User) -> list[dict[str, Any]]:
    """Of ours, and of Xero's for those who may see the sync; the likeliest first."""
    connection = XeroConnection.current() if user.has_perm(Right.VIEW) else None
    twins = twins_of_contact(contact, SyncSettings.current(), connection, contact.pk)
    return [dict(PossibleDuplicateSerializer(twin).data) for twin in twins]
