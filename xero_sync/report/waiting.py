"""What would go to Xero if it could: counted when it cannot."""

from collections import Counter
from typing import Any

from django.db.models import F

from customers.models import Contact
from stock.models import StockItem
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.queries import in_words, unsent_invoices


def what_waits(connection: XeroConnection) -> str:
    """ "3 contacts, 12 invoices"; empty when nothing does."""
    contacts = Contact.objects.active()
    linkable = contacts.customers() | contacts.suppliers()
    invoices = unsent_invoices(SyncSettings.current())
    counts = Counter(
        {
            Kind.CONTACT.value: _new(linkable, ContactLink, connection),
            Kind.ITEM.value: _new(StockItem.objects.active(), ItemLink, connection),
            Kind.INVOICE.value: invoices.count(),
        }
    )
    for kind, model in (
        (Kind.CONTACT, ContactLink),
        (Kind.ITEM, ItemLink),
        (Kind.INVOICE, InvoiceLink),
    ):
        counts[kind.value] += _changed(model, connection)
    return in_words(+counts)


def _new(records: Any, model: Any, connection: XeroConnection) -> int:
    linked = model.objects.filter(connection=connection).values("record")
    count: int = records.exclude(pk__in=linked).count()
    return count


def _changed(model: Any, connection: XeroConnection) -> int:
    links = model.objects.filter(connection=connection)
    count: int = links.exclude(revision=F("record__revision")).count()
    return count
