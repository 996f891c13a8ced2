"""How a Django form field is shown: its kind, its control and what describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

# The first match decides; the more special widget stands before its base.
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)


def kind_of(widget: forms.Widget) -> str:
    return next((kind for base, kind in _KINDS if isinstance(widget, base)), "input")


def control_of(field: BoundField, *, described_by: str, kind: str) -> SafeString:
    """The bare control with our class, and the attributes that tie it to its texts."""
    widget = _plain_widget(field)
    attrs: dict[str, Any] = {}
    if kind in {"input", "select", "textarea"}:
        classes = [field.field.widget.attrs.get("class", ""), "input"]
        if isinstance(widget, forms.NumberInput):
            classes.append("num")
            # Django derives both from IntegerField.
            has_places = isinstance(field.field, forms.DecimalField | forms.FloatField)
            attrs["inputmode"] = "decimal" if has_places else "numeric"
        attrs["class"] = " ".join(filter(None, classes))
    if described_by and kind != "choices":
        attrs["aria-describedby"] = described_by
    return field.as_widget(widget, attrs=attrs)


def _plain_widget(field: BoundField) -> forms.Widget:
    """Numbers are typed as text: a wheel must not change an amount. Dates get a picker."""
    widget: forms.Widget = copy(field.field.widget)
    widget.attrs = dict(widget.attrs)
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        for unused in ("step", "min", "max"):
            widget.attrs.pop(unused, None)
    if isinstance(widget, forms.DateInput) and _picker_can_show(field.value()):
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    return widget


def _picker_can_show(value: object) -> bool:
    """A date picker drops what it cannot read, and typed values must be kept."""
    if isinstance(value, str) and value:
        try:
            return parse_date(value) is not None
        except ValueError:
            return False
    return not value or isinstance(value, date)


@dataclass(frozen=True)
class ErrorLine:
    text: str
    target: str


def error_lines(forms_and_formsets: Iterable[Any]) -> list[ErrorLine]:
    """All errors in page order, each with the id of the control it belongs to."""
    return list(chain.from_iterable(map(_lines_of, forms_and_formsets)))


def error_texts(field: BoundField) -> list[str]:
    """The field's errors; a missing value is named instead of "this field"."""
    return [_error_text(field, error) for error in field.errors.as_data()]


def _error_text(field: BoundField, error: forms.ValidationError) -> str:
    text = str(next(iter(error)))
    if text == str(forms.Field.default_error_messages["required"]):
        return f"{field.label} is missing."
    return text


def _summary_text(field: BoundField, text: str) -> str:
    """Away from its field, an error must say which one it means."""
    label = str(field.label)
    return text if label.lower() in text.lower() else f"{label}: {text}"


def _lines_of(part: Any) -> Iterator[ErrorLine]:
    if isinstance(part, forms.BaseFormSet):
        yield from (ErrorLine(str(text), "") for text in part.non_form_errors())
        for form in part.forms:
            yield from _lines_of(form)
    elif isinstance(part, BaseForm):
        yield from (ErrorLine(str(text), "") for text in part.non_field_errors())
        for field in part:
            for text in error_texts(field):
                yield ErrorLine(_summary_text(field, text), focus_target(field))


def focus_target(field: BoundField) -> str:
    if kind_of(field.field.widget) == "choices":
        return f"{field.auto_id}_0"
    return field.auto_id
