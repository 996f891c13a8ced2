"""What no call of ours may change in Xero's books (invariant 13)."""

from typing import Any


def touched_closed(before: dict[str, Any], home: Any) -> list[str]:
    """Invoices that a call of ours changed although nobody may: paid, in a locked period,
    or approved and not voided."""
    locked = home.profile.period_lock_date
    said = []
    for key, row in before.items():
        now = home.invoices.get(key)
        if now is row:
            continue
        is_closed = row.amount_paid or row.status in ("PAID", "VOIDED", "DELETED")
        is_locked = locked is not None and row.date <= locked
        is_void = now is not None and now.status == "VOIDED"
        if is_closed or is_locked or (row.status == "AUTHORISED" and not is_void):
            said.append(f"{row.invoice_number} was {row.status} and is changed by us")
    return said
