"""Named reads of invoices and the chart of accounts."""

from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from customers.models import Contact
from fieldops.users.models import User
from invoicing.models import Account, Invoice, InvoiceQuerySet, TaxRate


def visible_invoices(user: User) -> InvoiceQuerySet:
    """The door to invoices: what this person may see."""
    if not user.has_perm("invoicing.view_invoice"):
        return Invoice.objects.none()
    return Invoice.objects.all()


def active_accounts() -> QuerySet[Account]:
    return Account.objects.filter(is_active=True)


def active_tax_rates() -> QuerySet[TaxRate]:
    return TaxRate.objects.filter(is_active=True)


def balance_of(customer: Contact) -> Decimal:
    """What the customer owes on approved invoices."""
    owed = Invoice.objects.approved().filter(customer=customer)
    due = owed.aggregate(due=Sum(F("total") - F("amount_paid") - F("amount_credited")))[
        "due"
    ]
    return due or Decimal("0.00")
