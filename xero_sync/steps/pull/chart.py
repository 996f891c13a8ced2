"""Accounts and VAT rates from Xero's chart of accounts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from invoicing.services.chart import put_account, put_tax_rate
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.steps.pull.base import carry_out, one_by_one
from xero_sync.store.plan import Planned


def pull_chart(ctx: Context, ids: Sequence[int]) -> None:
    carry_out(ctx, ids, one_by_one(_apply))


def _apply(ctx: Context, change: Planned) -> bool:
    values = {field.name: _value(field) for field in change.fields}
    put = put_account if change.kind == Kind.ACCOUNT else put_tax_rate
    put(change.details["key"], values, by=ctx.actor)
    return True


def _value(field: FieldChange) -> Any:
    if field.name == "percent":
        return Decimal(str(field.after))
    if field.name == "is_active" or field.name.startswith("applies_to_"):
        return bool(field.after)
    return field.after or ""
