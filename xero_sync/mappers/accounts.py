"""Accounts of Xero's chart, by code; some bank accounts have none."""

from xero_sync.mappers import wire
from xero_sync.outcomes.drafts import RemoteAccount


def account_from_wire(payload: object) -> RemoteAccount:
    account = wire.payload_of(payload)
    return RemoteAccount(
        xero_id=wire.required_guid(account, "AccountID"),
        code=wire.text(account, "Code", longest=wire.LONGEST_ACCOUNT_CODE),
        name=wire.text(account, "Name"),
        type=wire.text(account, "Type"),
        tax_type=wire.text(account, "TaxType"),
        is_active=wire.text(account, "Status") == "ACTIVE",
    )
