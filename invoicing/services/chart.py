"""Keep the chart of accounts and the VAT rates."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, create_records
from invoicing.models import Account, TaxRate

Row = TypeVar("Row", Account, TaxRate)
Values = Mapping[str, Any]


@transaction.atomic
def put_accounts(values: Mapping[str, Values], *, by: Actor) -> None:
    """By code: create the account, or change what differs."""
    _put(Account, "code", values, by)


@transaction.atomic
def put_tax_rates(values: Mapping[str, Values], *, by: Actor) -> None:
    """By tax type."""
    _put(TaxRate, "tax_type", values, by)


def put_account(code: str, values: Values, *, by: Actor) -> Account:
    put_accounts({code: values}, by=by)
    return Account.objects.get(code=code)


def put_tax_rate(tax_type: str, values: Values, *, by: Actor) -> TaxRate:
    put_tax_rates({tax_type: values}, by=by)
    return TaxRate.objects.get(tax_type=tax_type)


def _put(model: type[Row], key: str, values: Mapping[str, Values], by: Actor) -> None:
    if not values:
        return
    rows = model._default_manager.filter(**{f"{key}__in": list(values)})
    known = {getattr(row, key): row for row in rows.select_for_update()}
    for name, row in known.items():
        change_record(row, values[name], by=by)
    new = [name for name in values if name not in known]
    create_records([model(**{key: name}, **values[name]) for name in new], by=by)
