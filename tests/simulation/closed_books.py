"""What no call of ours may change in Xero's books (invariant 13)."""

from typing import Any

import msgspec


def touched_closed(before: dict[str, Any], home: Any) -> list[str]:
    """Invoices that a call of ours changed although nobody may: paid, in a locked period,
    or approved and neither voided nor about to be."""
    locked = home.profile.period_lock_date
    said = []
    for key, row in before.items():
        now = home.invoices.get(key)
        if now is row or _says_the_same(row, now):
            continue
        is_closed = row.amount_paid or row.status in ("PAID", "VOIDED", "DELETED")
        is_locked = locked is not None and row.date <= locked
        is_ending = now is not None and (
            now.status == "VOIDED" or _is_given_up(row, now)
        )
        if is_closed or is_locked or (row.status == "AUTHORISED" and not is_ending):
            said.append(f"{row.invoice_number} was {row.status} and is changed by us")
    return said


def _says_the_same(row: Any, now: Any) -> bool:
    """Written once more, because nobody knew whether it had been."""
    return now is not None and bool(
        msgspec.structs.replace(now, updated=row.updated) == row
    )


def _is_given_up(row: Any, now: Any) -> bool:
    """An undo frees the number before it ends the invoice, and changes nothing else."""
    as_before = {"invoice_number": row.invoice_number, "updated": row.updated}
    is_marked = now.invoice_number.startswith(f"{row.invoice_number} u")
    return is_marked and bool(msgspec.structs.replace(now, **as_before) == row)
