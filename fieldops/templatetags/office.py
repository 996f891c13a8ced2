"""The tags and filters of the office pages: ``{% load office %}``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from fieldops.ui.charts import (
    BarInput,
    ColumnChart,
    ColumnInput,
    bars_of,
    columns_of,
)
from fieldops.ui.components import parse_component, parse_slot
from fieldops.ui.fields import control_of, error_lines, error_texts, kind_of
from fieldops.ui.filters import chips_of, query_with

register = template.Library()
register.tag("component", parse_component)
register.tag("slot", parse_slot)

TONE_ICONS = {
    "ok": "check",
    "warn": "clock",
    "bad": "circle-alert",
    "info": "info",
    "mute": "minus",
}
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$", "AUD": "A$", "NZD": "NZ$"}
MINUS = "\N{MINUS SIGN}"
BLANK = mark_safe('\N{EN DASH}<span class="vh">none</span>')


@register.simple_tag
@cache
def icon(name: str, size: int = 16) -> str:
    """An inline icon that readers skip: the word beside it, or a name, says it all."""
    return str(lucide(name, size=size, aria_hidden="true", focusable="false"))


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS[tone or "mute"]


# --- words for values ---------------------------------------------------------------


@register.filter
def money(amount: Decimal | int | None, currency: str = "GBP") -> str:
    """£1,234.50, with a true minus sign; a dash when there is no amount."""
    if amount is None or amount == "":
        return BLANK
    sign = CURRENCY_SIGNS.get(currency, f"{currency} ")
    return f"{MINUS if amount < 0 else ''}{sign}{abs(Decimal(amount)):,.2f}"


@register.filter
def price(amount: Decimal | None, currency: str = "GBP") -> str:
    """A unit price: £18.50, but £0.0125 where the pennies do not say it all."""
    if amount is None or amount == "":
        return BLANK
    amount = Decimal(amount)
    if amount == round(amount, 2):
        return money(amount, currency)
    sign = CURRENCY_SIGNS.get(currency, f"{currency} ")
    return f"{MINUS if amount < 0 else ''}{sign}{f'{abs(amount):,f}'.rstrip('0')}"


@register.filter
def quantity(number: Decimal | int | None) -> str:
    """12 or 2.5: no zeros behind the point that say nothing."""
    if number is None or number == "":
        return BLANK
    text = f"{abs(Decimal(number)):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS}{text}" if number < 0 else text


@register.filter
def day(value: date | None) -> str:
    """21 Nov 2026"""
    if not value:
        return BLANK
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j M Y")


@register.filter
def moment(value: datetime | None) -> str:
    """21 Nov 2026, 10:42; only the time when it was today."""
    if not value:
        return BLANK
    local = timezone.localtime(value)
    if local.date() == timezone.localdate():
        return date_format(local, "H:i")
    return date_format(local, "j M Y, H:i")


@register.filter
def dash(value: Any) -> Any:
    """The value, or the dash that stands in an empty cell."""
    return BLANK if value in (None, "") else value


# --- forms ----------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def office_field(
    field: BoundField,
    *,
    label: str = "",
    help: str = "",
    width: str = "",
    prefix: str = "",
    suffix: str = "",
    optional: bool = False,
    hide_label: bool = False,
) -> dict[str, Any]:
    """A Django form field with label, help, control and error."""
    help_text = help or str(field.help_text)
    kind = kind_of(field.field.widget)
    names = [
        f"{field.auto_id}_helptext" if help_text else "",
        f"{field.auto_id}_error" if field.errors else "",
    ]
    described_by = " ".join(filter(None, names))
    return {
        "field": field,
        "kind": kind,
        "control": control_of(field, described_by=described_by, kind=kind),
        "errors": error_texts(field),
        "label": label or str(field.label),
        "help": help_text,
        "described_by": described_by,
        "width": width,
        "prefix": prefix,
        "suffix": suffix,
        "optional": optional,
        "hide_label": hide_label,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_and_formsets: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with the forms, on top of the page, each line linking to its field."""
    return {"errors": error_lines(forms_and_formsets)}


# --- lists ----------------------------------------------------------------------------


def _request(context: Context) -> HttpRequest:
    request = context["request"]
    assert isinstance(request, HttpRequest)  # noqa: S101 - the context processor's
    return request


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(
    context: Context, form: forms.BaseForm, *, skip: str = "q", target: str = "#list"
) -> dict[str, Any]:
    """A chip with a menu for each field of the filter form, and "Clear all"."""
    query = _request(context).GET
    chips = list(chips_of(form, query, set(skip.split())))
    names = [*form.fields, *skip.split()]
    return {
        "chips": chips,
        "any_chosen": any(chip.chosen for chip in chips),
        "clear_url": query_with(query, **dict.fromkeys(names)),
        "target": target,
    }


@register.simple_tag(takes_context=True)
def carry(context: Context, *names: str) -> SafeString:
    """Hidden fields that keep these values of the address when a filter form is sent."""
    query = _request(context).GET
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        ((name, value) for name in names for value in query.getlist(name)),
    )


@register.inclusion_tag("components/th_sort.html", takes_context=True)
def th_sort(
    context: Context,
    key: str,
    label: str,
    *,
    current: str = "",
    numeric: bool = False,
    css: str = "",
    target: str = "#list",
) -> dict[str, Any]:
    """A head cell that sorts: ``current`` is the sort in force, "-key" for downwards."""
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    wanted = f"-{key}" if direction == "ascending" else key
    return {
        "label": label,
        "direction": direction,
        "url": query_with(_request(context).GET, sort=wanted),
        "numeric": numeric,
        "css": css,
        "target": target,
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: Context, page: Page[Any], *, target: str = "#list"
) -> dict[str, Any]:
    """ "1-25 of 140", Previous, Next."""

    def url(wanted: bool, number: int) -> str:
        query = _request(context).GET
        return query_with(query, page=str(number)) if wanted else ""

    return {
        "page": page,
        "previous_url": url(page.has_previous(), page.number - 1),
        "next_url": url(page.has_next(), page.number + 1),
        "target": target,
    }


# --- charts ---------------------------------------------------------------------------


@register.inclusion_tag("components/bar_rows.html")
def bar_rows(rows: Sequence[BarInput], caption: str) -> dict[str, Any]:
    """Horizontal bars: rows of label, value, shown (the value in words) and url."""
    return {"bars": bars_of(rows), "caption": caption}


@register.inclusion_tag("components/column_chart.html")
def column_chart(
    rows: Sequence[ColumnInput], caption: str, ok_word: str, bad_word: str
) -> dict[str, Any]:
    """Stacked columns with a table twin: rows of label, ok, bad and url."""
    chart: ColumnChart = columns_of(rows)
    return {
        "chart": chart,
        "caption": caption,
        "ok_word": ok_word,
        "bad_word": bad_word,
    }
