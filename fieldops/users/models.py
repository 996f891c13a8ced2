"""People who sign in, and the devices they sign in from."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from fieldops.common.models import Record
from fieldops.common.permissions import Role


class User(AbstractUser, Record):
    class Theme(models.TextChoices):
        SYSTEM = "system", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", "Comfortable"
        COMPACT = "compact", "Compact"

    role = models.CharField(max_length=20, choices=Role, default=Role.OFFICE)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(
        max_length=12, choices=Density, default=Density.COMFORTABLE
    )
    single_key_shortcuts = models.BooleanField(default=True)

    unlogged_fields = Record.unlogged_fields | {"password", "last_login"}

    class Meta(AbstractUser.Meta):
        permissions = [("manage_users", "Can manage users and roles")]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR


class DeviceToken(models.Model):
    """One sign-in of a mobile app. Only the token's SHA-256 is kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="device_tokens")
    device = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} on {self.device}"
