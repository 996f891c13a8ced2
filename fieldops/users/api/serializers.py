"""How people and their sign-ins look from outside."""

from typing import Any

from rest_framework import serializers

from fieldops.common.api.answering import ShownSerializer
from fieldops.common.api.reading import KnownFields
from fieldops.users.models import DeviceToken, User


class CredentialsSerializer(KnownFields):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)
    device = serializers.CharField(
        max_length=100, help_text="What people call this device, for their own list."
    )


class UserSerializer(ShownSerializer[User]):
    name = serializers.CharField(source="__str__", read_only=True)
    rights = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["uid", "name", "role", "rights"]
        read_only_fields = fields

    def get_rights(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class SignedInSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once.")
    user = UserSerializer()


class DeviceSerializer(ShownSerializer[DeviceToken]):
    is_this_device = serializers.SerializerMethodField()

    class Meta:
        model = DeviceToken
        fields = ["uid", "device", "created_at", "last_used_at", "is_this_device"]
        read_only_fields = fields

    def get_is_this_device(self, sign_in: DeviceToken) -> bool:
        return bool(sign_in == self.context["request"].auth)
