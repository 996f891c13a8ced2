"""Filter chips: what a bound filter form says is chosen, and the link that drops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.choices import flatten_choices, normalize_choices
from django.utils.formats import date_format

# More than this many choices are counted instead of named.
NAMED_CHOICES = 2


def query_with(query: QueryDict, **changes: str | None) -> str:
    """The query string with some values changed (None drops one), on its first page."""
    changed = query.copy()
    for name in ("page", *changes):
        changed.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"


@dataclass(frozen=True)
class Chip:
    field: BoundField
    chosen: str
    clear_url: str

    @property
    def label(self) -> str:
        return str(self.field.label)


def chips_of(form: forms.BaseForm, query: QueryDict, skip: set[str]) -> Iterator[Chip]:
    for field in form:
        if field.is_hidden or field.name in skip:
            continue
        yield Chip(
            field=field,
            chosen=chosen_text(field),
            clear_url=query_with(query, **{field.html_name: None}),
        )


def chosen_text(field: BoundField) -> str:
    """What is chosen, in words; empty when nothing is."""
    value = field.value()
    if value in (None, "", [], False):
        return ""
    if isinstance(field.field, forms.ChoiceField):
        return _chosen_labels(field.field, value)
    if isinstance(field.field, forms.BooleanField):
        return "Yes"
    if isinstance(field.field, forms.DateField):
        return _day(field, value)
    return str(value)


def _chosen_labels(field: forms.ChoiceField, value: Any) -> str:
    chosen = {str(v) for v in (value if isinstance(value, list | tuple) else [value])}
    options: Iterable[tuple[Any, Any]] = flatten_choices(
        normalize_choices(field.choices)
    )
    labels = [str(label) for key, label in options if str(key) in chosen and key != ""]
    if len(labels) > NAMED_CHOICES:
        return f"{len(labels)} chosen"
    return ", ".join(labels)


def _day(field: BoundField, value: Any) -> str:
    try:
        day = field.field.clean(value)
    except forms.ValidationError:
        return str(value)
    return date_format(day, "j M Y") if isinstance(day, date) else str(value)
