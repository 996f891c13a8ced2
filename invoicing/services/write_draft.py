"""Write a draft invoice: make it, change it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.errors import ContactArchived
from customers.models import Contact
from customers.services import promote_to_customer
from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, create_record, locked, stripped
from fieldops.common.merging import surviving
from fieldops.common.models import Company
from fieldops.common.money import Totals
from invoicing.errors import DueBeforeIssued, NotADraft, NumberTaken
from invoicing.models import Invoice, InvoiceLine, InvoicingSettings
from invoicing.services.lines import (
    LineValues,
    lines_as_history,
    priced_lines,
    put_lines,
)
from invoicing.terms import due_date


@transaction.atomic
def create_invoice(
    customer: Contact,
    values: Mapping[str, Any],
    lines: Sequence[LineValues],
    *,
    by: Actor,
) -> Invoice:
    """A draft. A lead becomes a customer with it; for a customer that was merged into
    another one, the draft is that one's: a phone may not have heard of it.

    ``values``: number, issued_on, due_on, reference, notes, amounts_are, currency; what
    is left out is today, the customer's terms, the company's currency.
    """
    meant, customer = customer, surviving(locked(customer))
    customer = locked(customer)
    if customer.is_archived:
        raise ContactArchived(customer.name)
    invoice = Invoice(customer=customer, **_with_defaults(customer, stripped(values)))
    _check(invoice)
    priced, totals = priced_lines(lines, invoice.amounts_are)
    _set_totals(invoice, totals)
    extra: dict[str, Any] = {"lines": lines_as_history(priced)}
    if meant.pk != customer.pk:
        extra["meant_for_id"] = meant.pk
    create_record(invoice, by=by, extra=extra)
    put_lines(invoice, priced)
    if not customer.is_customer:
        promote_to_customer(customer, by=by)
    return invoice


@transaction.atomic
def change_invoice(
    invoice: Invoice,
    values: Mapping[str, Any],
    lines: Sequence[LineValues] | None = None,
    *,
    by: Actor,
    revision: int | None = None,
) -> Invoice:
    """Change a draft; ``lines`` replace those it has, None leaves them."""
    invoice = locked(invoice, revision=revision)
    if not invoice.is_draft:
        raise NotADraft(invoice.get_status_display())
    values = stripped(values)
    old = list(invoice.lines.all())
    amounts_are = values.get("amounts_are", invoice.amounts_are)
    typed = [as_values(line) for line in old] if lines is None else lines
    priced, totals = priced_lines(typed, amounts_are)
    candidate = Invoice(pk=invoice.pk, customer=invoice.customer)
    for name in ("number", "issued_on", "due_on"):
        setattr(candidate, name, values.get(name, getattr(invoice, name)))
    _check(candidate)
    change_record(
        invoice,
        values
        | {"subtotal": totals.subtotal, "tax": totals.tax, "total": totals.total},
        by=by,
        extra_before={"lines": lines_as_history(old)},
        extra_after={"lines": lines_as_history(priced)},
    )
    put_lines(invoice, priced)
    customer = invoice.customer
    if not customer.is_customer:
        promote_to_customer(customer, by=by)
    return invoice


def as_values(line: InvoiceLine) -> LineValues:
    return LineValues(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        account_code=line.account_code,
        tax_type=line.tax_type,
        item=line.item,
    )


def default_due_date(customer: Contact, issued_on: date) -> date:
    """From the customer's own terms, else from the company's."""
    settings = InvoicingSettings.current()
    if customer.payment_terms and customer.payment_days is not None:
        return due_date(issued_on, customer.payment_terms, customer.payment_days)
    return due_date(issued_on, settings.payment_terms, settings.payment_days)


def _with_defaults(customer: Contact, values: dict[str, Any]) -> dict[str, Any]:
    issued_on = values.get("issued_on") or timezone.localdate()
    return values | {
        "issued_on": issued_on,
        "due_on": values.get("due_on") or default_due_date(customer, issued_on),
        "currency": values.get("currency") or Company.current().base_currency,
    }


def _check(invoice: Invoice) -> None:
    if invoice.due_on < invoice.issued_on:
        raise DueBeforeIssued
    taken = Invoice.objects.filter(number=invoice.number).exclude(pk=invoice.pk)
    if invoice.number and taken.exists():
        raise NumberTaken(invoice.number)


def _set_totals(invoice: Invoice, totals: Totals) -> None:
    invoice.subtotal, invoice.tax, invoice.total = (
        totals.subtotal,
        totals.tax,
        totals.total,
    )
