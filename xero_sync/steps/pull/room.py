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
from xero_sync.models import SyncSettings
from xero_sync.outcomes.authority import FIELDS
from xero_sync.outcomes.changes import FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.drafts import contact_column
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


def without_room(change: Planned, settings: SyncSettings) -> Problem | None:
    """The first of a change's values that does not fit in here."""
    problems = (_problem(change.kind, field, settings) for field in change.fields)
    return next((problem for problem in problems if problem), None)


def _problem(kind: str, field: FieldChange, settings: SyncSettings) -> Problem | None:
    value, column = field.after, _column(kind, field.name, settings)
    label = _LABELS.get((Kind(kind), field.name))
    label = label or field.name.replace("_", " ").capitalize()
    if isinstance(column, models.CharField) and isinstance(value, str):
        limit = column.max_length or len(value)
        if len(value) > limit:
            details = {"label": label, "length": str(len(value)), "limit": str(limit)}
            return Problem(IssueCode.TOO_LONG_FOR_US, field.name, details)
    elif value is not None and not _has_digits_for(column, value):
        message = f"{label} is {value} in Xero. That number is too large here."
        return Problem(IssueCode.RULE, field.name, {"message": message})
    return None


def _has_digits_for(column: Any, value: str | int) -> bool:
    if isinstance(column, models.DecimalField):
        digits = int(column.max_digits or 0) - int(column.decimal_places or 0)
        return abs(Decimal(value)) < Decimal(10) ** digits
    if isinstance(column, models.PositiveSmallIntegerField):
        return 0 <= int(value) <= _SMALL_MOST
    return True


def _column(kind: str, name: str, settings: SyncSettings) -> Any:
    if kind == Kind.CONTACT:
        name = contact_column(name, None, settings)
    return _field_of(kind, name)


@cache
def _field_of(kind: str, name: str) -> Any:
    if name == _QUANTITY:
        return StockMovement._meta.get_field("quantity")
    try:
        return _ROWS[kind]._meta.get_field(name)
    except FieldDoesNotExist:
        return None
