"""Whom a changed setting concerns, counted before it is saved."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from customers.models import Contact, ContactQuerySet
from invoicing.models import Invoice, InvoiceQuerySet
from xero_sync.models import SyncSettings
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.wording import counted

_BILLING = (
    "billing_line1",
    "billing_line2",
    "billing_city",
    "billing_postcode",
    "billing_country",
)


def effects_of(settings: SyncSettings, values: Mapping[str, Any]) -> list[str]:
    """A sentence for each change that concerns somebody; none before the first sync,
    when nothing has been sent yet."""
    new = {
        name: value for name, value in values.items() if _differs(settings, name, value)
    }
    return list(_sentences(settings, new))


def left_out_before(day: date | None) -> tuple[int, Decimal]:
    """Approved invoices dated before the day that Xero does not have, and their sum."""
    if day is None:
        return 0, Decimal(0)
    sums = (
        _unsent()
        .approved()
        .filter(issued_on__lt=day)
        .aggregate(count=Count("pk"), amount=Sum("total"))
    )
    return sums["count"], sums["amount"] or Decimal(0)


def _sentences(settings: SyncSettings, new: Mapping[str, Any]) -> Iterator[str]:
    if "email" in new:
        count = _contacts().exclude(accounting_email__in=["", F("email")]).count()
        label = SyncSettings.Email(new["email"]).label.lower()
        yield f"{_people(count)} will have their {label} in Xero."
    if "address_slot" in new:
        filled = Q()
        for name in _BILLING:
            filled |= ~Q(**{name: ""})
        count = _contacts().filter(filled).count()
        label = SyncSettings.AddressSlot(new["address_slot"]).label.lower()
        yield f"{_people(count)}: our address goes to Xero's {label}. The other is left."
    if "invoices_from" in new:
        yield from _invoice_sentences(settings.invoices_from, new["invoices_from"])
    if "sends_drafts" in new:
        count = _unsent().filter(status=Invoice.Status.DRAFT).count()
        fate = "will be sent as drafts" if new["sends_drafts"] else "stay here"
        yield f"{counted(count, Kind.INVOICE)} in draft {fate}."
    if "arrival_status" in new:
        count = _unsent().approved().count()
        label = SyncSettings.ArrivalStatus(new["arrival_status"]).label.lower()
        yield f"{counted(count, Kind.INVOICE)} not yet sent will arrive as {label}."


def _invoice_sentences(old: date | None, new: date | None) -> Iterator[str]:
    before, _ = left_out_before(old)
    after, amount = left_out_before(new)
    if after > before:
        more = counted(after - before, Kind.INVOICE)
        yield f"{more} more will be left out: {after} in all, £{amount:,.2f}."
    elif after < before:
        yield f"{counted(before - after, Kind.INVOICE)} left out so far will be sent."


def _differs(settings: SyncSettings, name: str, value: object) -> bool:
    return bool(getattr(settings, name) != value)


def _contacts() -> ContactQuerySet:
    return Contact.objects.active().exclude(is_customer=False, is_supplier=False)


def _unsent() -> InvoiceQuerySet:
    return Invoice.objects.not_cancelled().filter(xero_links__isnull=True)


def _people(count: int) -> str:
    return (
        f"{count} {'customer or supplier' if count == 1 else 'customers and suppliers'}"
    )
