"""Numbers as people type them: with commas, spaces and a pound sign; and those that
pages send back."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

_ORNAMENTS = re.compile(r"[£€$,\s\u00a0\u202f]|%$")
# Digits; 64 bits hold all numbers with fewer.
_TOO_LONG = 19


class TypedDecimalField(forms.DecimalField):
    """£1,234.50 is 1234.50; a true minus sign counts, a comma only groups thousands."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = _ORNAMENTS.sub("", value).replace("\u2212", "-")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Without the zeros that say nothing: 12.5, not 12.5000."""
        return plain(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


def whole_number(text: str) -> int | None:
    """Of a row, or a revision; None for what no database can hold."""
    fits = text.isascii() and text.isdigit() and len(text) < _TOO_LONG
    return int(text) if fits else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    return [number for text in texts if (number := whole_number(text)) is not None]


def plain(number: Decimal, *, places: int = 0) -> str:
    """Without the zeros that say nothing, but with at least so many places."""
    whole, _, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(places, "0")
    return f"{whole}.{decimals}" if decimals else whole
