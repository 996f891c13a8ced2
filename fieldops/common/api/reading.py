"""What comes in: JSON with exact decimals, fields that are known, filters that are meant."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from fieldops.common.api.errors import TooLarge
from fieldops.common.numbers import whole_number

EVERY_LIST_TAKES = frozenset({"cursor", "limit", "search"})


class ExactJSONParser(BaseParser):
    """Numbers with a decimal point stay what was typed; floats would round them."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return json.loads(
                body.decode(), parse_float=Decimal, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as exc:
            raise ParseError(f"This is not JSON that can be read: {exc}") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class KnownFields(serializers.Serializer[Any]):
    """Refuses fields it does not know: a typing error must not lose what was sent."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                why = "This field is not known, or cannot be set here."
                raise ValidationError({name: [why] for name in sorted(unknown)})
        return super().to_internal_value(data)


class RevisionSerializer(KnownFields):
    """What a write may say about the version it was made on."""

    revision = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The revision you saw; refused with 409 when it is no longer the last. "
        "The header If-Match says the same.",
    )


def expected_revision(request: Request, values: dict[str, Any]) -> int | None:
    """Taken out of the values, or read from If-Match; None when neither is there."""
    typed: int | None = values.pop("revision", None)
    tag = request.headers.get("If-Match", "").strip()
    if typed is not None or tag in ("", "*"):
        return typed
    number = whole_number(tag.removeprefix("W/").strip('"'))
    if number is None:
        raise ValidationError(
            {"If-Match": ["Enter the revision you saw, as a number."]}
        )
    return number


class TrueFalseFilter(filters.TypedChoiceFilter):  # type: ignore[misc]
    """``true`` or ``false``; anything else is an error, not "no filter"."""

    def __init__(self, **kwargs: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(choices=choices, coerce=lambda text: text == "true", **kwargs)


class RecordFilter(filters.FilterSet):  # type: ignore[misc]
    updated_since = filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gte"
    )


class KnownFilters(filters.DjangoFilterBackend):  # type: ignore[misc]
    """Refuses filters it does not know: a typing error must not list everything."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        known = set(filterset.base_filters) if filterset else set()
        unknown = set(request.query_params) - known - EVERY_LIST_TAKES
        if unknown:
            raise ValidationError({n: ["Unknown parameter."] for n in sorted(unknown)})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
