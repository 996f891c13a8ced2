"""Whom a changed setting concerns, counted before it is saved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Lower

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


NAMED = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """``first`` are the first of the ``count`` it concerns, in words."""

    sentence: str
    count: int
    first: Sequence[str] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def effects_of(settings: SyncSettings, values: Mapping[str, Any]) -> list[Effect]:
    """One for each change that concerns somebody; none before the first sync, when
    nothing has been sent yet."""
    new = {
        name: value for name, value in values.items() if _differs(settings, name, value)
    }
    return [one for one in _effects(settings, new) if one.count]


def left_out_before(day: date | None) -> tuple[int, Decimal]:
    """Approved invoices dated before the day that Xero does not have, and their sum."""
    if day is None:
        return 0, Decimal(0)
    left_out = _approved_before(day)
    sums = left_out.aggregate(count=Count("pk"), amount=Sum("total"))
    return sums["count"], sums["amount"] or Decimal(0)


def _effects(settings: SyncSettings, new: Mapping[str, Any]) -> Iterator[Effect]:
    if "email" in new:
        yield _email_effect(SyncSettings.Email(new["email"]))
    if "address_slot" in new:
        yield _address_effect(SyncSettings.AddressSlot(new["address_slot"]))
    if "invoices_from" in new:
        yield from _invoice_effects(settings.invoices_from, new["invoices_from"])
    if "sends_drafts" in new:
        drafts = _unsent().filter(status=Invoice.Status.DRAFT)
        fate = "will be sent as drafts" if new["sends_drafts"] else "stay here"
        yield _on_invoices(drafts, f"in draft {fate}.")
    if "arrival_status" in new:
        label = SyncSettings.ArrivalStatus(new["arrival_status"]).label.lower()
        yield _on_invoices(
            _unsent().approved(), f"not yet sent will arrive as {label}."
        )


def _email_effect(email: SyncSettings.Email) -> Effect:
    column = "accounting_email" if email is SyncSettings.Email.ACCOUNTING else "email"
    contacts = _contacts().exclude(accounting_email__in=["", F("email")])
    count = contacts.count()
    return Effect(
        f"{_people(count)} will have their {email.label.lower()} in Xero.",
        count,
        [
            f"{name}: {value or 'none'}"
            for name, value in _by_name(contacts).values_list("name", column)[:NAMED]
        ],
    )


def _address_effect(slot: SyncSettings.AddressSlot) -> Effect:
    filled = Q()
    for name in _BILLING:
        filled |= ~Q(**{name: ""})
    contacts = _contacts().filter(filled)
    count, label = contacts.count(), slot.label.lower()
    return Effect(
        f"{_people(count)}: our address goes to Xero's {label}. The other one there "
        "stays as it is.",
        count,
        list(_by_name(contacts).values_list("name", flat=True)[:NAMED]),
    )


def _invoice_effects(old: date | None, new: date | None) -> Iterator[Effect]:
    before, after = _approved_before(old), _approved_before(new)
    joining = after.exclude(pk__in=before.values("pk"))
    leaving = before.exclude(pk__in=after.values("pk"))
    if count := joining.count():
        more = counted(count, Kind.INVOICE)
        total, amount = left_out_before(new)
        sentence = f"{more} more will be left out: {total} in all, £{amount:,.2f}."
        yield Effect(sentence, count, _first(joining))
    if count := leaving.count():
        sentence = f"{counted(count, Kind.INVOICE)} left out so far will be sent."
        yield Effect(sentence, count, _first(leaving))


def _on_invoices(invoices: InvoiceQuerySet, fate: str) -> Effect:
    count = invoices.count()
    return Effect(f"{counted(count, Kind.INVOICE)} {fate}", count, _first(invoices))


def _first(invoices: InvoiceQuerySet) -> list[str]:
    """The oldest: their numbers, whose they are and how much."""
    rows = invoices.order_by("issued_on", "pk").values_list(
        "number", "customer__name", "total"
    )
    return [
        f"{number or 'Draft'}, {name}, £{total:,.2f}"
        for number, name, total in rows[:NAMED]
    ]


def _approved_before(day: date | None) -> InvoiceQuerySet:
    approved = _unsent().approved()
    return approved.none() if day is None else approved.filter(issued_on__lt=day)


def _by_name(contacts: ContactQuerySet) -> ContactQuerySet:
    return contacts.order_by(Lower("name"), "pk")


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
