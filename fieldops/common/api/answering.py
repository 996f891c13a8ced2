"""What goes out: records as they are, moments in UTC whatever zone the office is in."""

from datetime import UTC
from typing import Any, ClassVar, TypeVar

from django.db import models
from rest_framework import serializers

M = TypeVar("M", bound=models.Model)


class MomentField(serializers.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class ShownSerializer(serializers.ModelSerializer[M]):
    serializer_field_mapping: ClassVar[dict[Any, Any]] = (
        serializers.ModelSerializer.serializer_field_mapping
        | {models.DateTimeField: MomentField}
    )
