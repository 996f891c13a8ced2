"""Named reads of invoices and the chart of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import (
    DecimalField,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from customers.models import ContactQuerySet
from fieldops.common.prepared import prepared
from fieldops.users.models import User
from invoicing.models import Account, Invoice, InvoiceQuerySet, TaxRate

NOTHING = Decimal("0.00")
_DUE = F("total") - F("amount_paid") - F("amount_credited")


def visible_invoices(user: User) -> InvoiceQuerySet:
    """The door to invoices: what this person may see."""
    if not user.has_perm("invoicing.view_invoice"):
        return Invoice.objects.none()
    return Invoice.objects.all()


def active_accounts() -> QuerySet[Account]:
    return Account.objects.filter(is_active=True)


def active_tax_rates() -> QuerySet[TaxRate]:
    return TaxRate.objects.filter(is_active=True)


@prepared
def accounts_of(codes: list[str]) -> QuerySet[Account]:
    return Account.objects.filter(code__in=codes)


@prepared
def tax_rates_of(tax_types: list[str]) -> QuerySet[TaxRate]:
    return TaxRate.objects.filter(tax_type__in=tax_types)


def amount_due(invoices: InvoiceQuerySet) -> Decimal:
    """What is still to come on those of the invoices that are approved."""
    due = invoices.approved().aggregate(due=Sum(_DUE))["due"]
    return due or NOTHING


def overdue(invoices: InvoiceQuerySet, *, on: date) -> InvoiceQuerySet:
    return invoices.owing().filter(due_on__lt=on)


def with_money(contacts: ContactQuerySet, *, on: date) -> ContactQuerySet:
    """Adds ``balance``, ``overdue`` and ``last_invoiced_on``."""
    invoices = Invoice.objects.filter(customer=OuterRef("pk")).order_by()
    last = invoices.not_cancelled().values("customer")
    return contacts.annotate(
        balance=_sum_due(invoices.approved()),
        overdue=_sum_due(overdue(invoices, on=on)),
        last_invoiced_on=Subquery(last.annotate(l=Max("issued_on")).values("l")),
    )


@dataclass(frozen=True)
class AgeClass:
    """How late money is: ``key`` is the filter's value, days are those past due."""

    key: str
    label: str
    from_days: int | None
    to_days: int | None

    def condition(self, on: date) -> Q:
        condition = Q()
        if self.to_days is not None:
            condition &= Q(due_on__gte=on - timedelta(days=self.to_days))
        if self.from_days is not None:
            condition &= Q(due_on__lte=on - timedelta(days=self.from_days))
        return condition


AGE_CLASSES = (
    AgeClass("0", "Not yet due", None, 0),
    AgeClass("1", "1–30 days", 1, 30),  # noqa: RUF001 - a range
    AgeClass("31", "31–60 days", 31, 60),  # noqa: RUF001 - a range
    AgeClass("61", "61–90 days", 61, 90),  # noqa: RUF001 - a range
    AgeClass("91", "Over 90 days", 91, None),
)


def ageing(
    invoices: InvoiceQuerySet, *, on: date
) -> Sequence[tuple[AgeClass, Decimal]]:
    """What is owed, by how late it is."""
    sums = invoices.owing().aggregate(
        **{f"age_{age.key}": Sum(_DUE, filter=age.condition(on)) for age in AGE_CLASSES}
    )
    return [(age, sums[f"age_{age.key}"] or NOTHING) for age in AGE_CLASSES]


def _sum_due(invoices: InvoiceQuerySet) -> Coalesce:
    due = invoices.values("customer").annotate(due=Sum(_DUE)).values("due")
    return Coalesce(
        Subquery(due),
        NOTHING,
        output_field=DecimalField(max_digits=16, decimal_places=2),
    )


def account_choices() -> list[tuple[str, str]]:
    return [(account.code, str(account)) for account in active_accounts()]


def tax_rate_choices() -> list[tuple[str, str]]:
    return [(rate.tax_type, rate.name) for rate in active_tax_rates()]


def chart_names() -> dict[str, str]:
    """What accounts and VAT rates are called, by code; no code is in both."""
    accounts = {account.code: str(account) for account in Account.objects.all()}
    rates = {rate.tax_type: rate.name for rate in TaxRate.objects.all()}
    return rates | accounts
