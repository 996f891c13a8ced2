"""How a contact goes out, and what may come in."""

from typing import Any

from rest_framework import serializers

from customers.models import TYPED_FIELDS, Contact
from fieldops.common.api.answering import ShownSerializer
from fieldops.common.api.reading import KnownFields, RevisionSerializer


class PersonSerializer(KnownFields):
    """Somebody at a contact. Sent, the list replaces the one that is there."""

    first_name = serializers.CharField(max_length=255, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=255, allow_blank=True, default="")
    email = serializers.CharField(max_length=255, allow_blank=True, default="")
    gets_copies = serializers.BooleanField(
        default=False, help_text="Of the emails that go to the contact."
    )


class ContactSerializer(ShownSerializer[Contact]):
    class Meta:
        model = Contact
        fields = [
            "uid",
            "revision",
            *TYPED_FIELDS,
            "is_customer",
            "is_lead",
            "is_archived",
            "merged_into",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    people = PersonSerializer(many=True, read_only=True)
    is_lead = serializers.BooleanField(read_only=True)
    merged_into: Any = serializers.SlugRelatedField(
        slug_field="uid",
        read_only=True,
        allow_null=True,
        help_text="The `uid` of the contact that this one is part of now.",
    )


class ContactNameSerializer(ShownSerializer[Contact]):
    """A contact where another record names it."""

    class Meta:
        model = Contact
        fields = ["uid", "name"]
        read_only_fields = fields


class NewContactSerializer(KnownFields, serializers.ModelSerializer[Contact]):
    """Without ``is_customer`` and ``is_supplier`` it is a lead."""

    people = PersonSerializer(many=True, required=False)
    uid = serializers.UUIDField(
        required=False,
        help_text="Your own random UUID: sending the same again creates nothing twice.",
    )

    class Meta:
        model = Contact
        fields = ["uid", *TYPED_FIELDS, "is_customer"]


class ContactChangeSerializer(RevisionSerializer, serializers.ModelSerializer[Contact]):
    """Only what changes. A contact becomes a customer by its first invoice."""

    people = PersonSerializer(many=True, required=False)

    class Meta:
        model = Contact
        fields = ["revision", *TYPED_FIELDS]
        extra_kwargs: dict[str, Any] = {"name": {"required": False}}
