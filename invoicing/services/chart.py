"""Keep the chart of accounts and the VAT rates."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, create_record, locked
from invoicing.models import Account, TaxRate


@transaction.atomic
def put_account(code: str, values: Mapping[str, Any], *, by: Actor) -> Account:
    """Create the account, or change what differs."""
    account = Account.objects.filter(code=code).first()
    if account is None:
        return create_record(Account(code=code, **values), by=by)
    account = locked(account)
    change_record(account, values, by=by)
    return account


@transaction.atomic
def put_tax_rate(tax_type: str, values: Mapping[str, Any], *, by: Actor) -> TaxRate:
    rate = TaxRate.objects.filter(tax_type=tax_type).first()
    if rate is None:
        return create_record(TaxRate(tax_type=tax_type, **values), by=by)
    rate = locked(rate)
    change_record(rate, values, by=by)
    return rate
