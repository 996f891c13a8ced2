"""Whether what comes from Xero has room in our columns: asked before it is written,
because not every database minds."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from customers.models import Contact
from invoicing.models import Account, Invoice, TaxRate
from stock.models import StockItem, StockMovement
from xero_sync.outcomes.authority import FIELDS
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.drafts import own_column
from xero_sync.store.plan import Planned

_ROWS: dict[str, type[models.Model]] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
    Kind.INVOICE: Invoice,
    Kind.ACCOUNT: Account,
    Kind.TAX_RATE: TaxRate,
}
_LABELS = {
    (kind, rule.field): rule.label for kind, rules in FIELDS.items() for rule in rules
}
# An opening movement, not a column of the item.
_QUANTITY = "quantity_on_hand"
_SMALL_MOST = 32_767


def without_room(change: Planned) -> Problem | None:
    """The first of a change's values that does not fit in here."""
    for field in change.fields:
        value = field.after
        if value is None or value == "":
            continue
        column = _column(change.kind, field.name)
        if isinstance(column, models.CharField) and isinstance(value, str):
            limit = column.max_length or len(value)
            if len(value) > limit:
                return _too_long(change.kind, field.name, len(value), limit)
        elif not _has_digits_for(column, value):
            message = f"{_label(change.kind, field.name)} is {value} in Xero."
            message += " That number is too large here."
            return Problem(IssueCode.RULE, field.name, {"message": message})
    return None


def _too_long(kind: str, name: str, length: int, limit: int) -> Problem:
    details = {
        "label": _label(kind, name),
        "length": str(length),
        "limit": str(limit),
    }
    return Problem(IssueCode.TOO_LONG_FOR_US, name, details)


def _label(kind: str, name: str) -> str:
    return _LABELS.get((Kind(kind), name)) or name.replace("_", " ").capitalize()


def _has_digits_for(column: Any, value: str | int) -> bool:
    if isinstance(column, models.DecimalField):
        digits = int(column.max_digits or 0) - int(column.decimal_places or 0)
        return abs(Decimal(value)) < Decimal(10) ** digits
    if isinstance(column, models.PositiveSmallIntegerField):
        return 0 <= int(value) <= _SMALL_MOST
    return True


@cache
def _column(kind: str, name: str) -> Any:
    if name == _QUANTITY:
        return StockMovement._meta.get_field("quantity")
    try:
        return _ROWS[kind]._meta.get_field(own_column(name))
    except FieldDoesNotExist:
        return None
