"""Accounts and VAT rates from Xero's chart of accounts."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from invoicing.services.chart import put_accounts, put_tax_rates
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.steps.pull.base import carry_out
from xero_sync.store.plan import Planned


def pull_chart(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, _apply)


def _apply(ctx: Context, changes: Sequence[Planned]) -> Collection[int]:
    """None of them is left alone."""
    for kind, put in ((Kind.ACCOUNT, put_accounts), (Kind.TAX_RATE, put_tax_rates)):
        values = {
            change.details["key"]: {one.name: _value(one) for one in change.fields}
            for change in changes
            if change.kind == kind
        }
        put(values, by=ctx.actor)
    return ()


def _value(field: FieldChange) -> Any:
    if field.name == "percent":
        return Decimal(str(field.after))
    if field.name == "is_active" or field.name.startswith("applies_to_"):
        return bool(field.after)
    return field.after or ""
