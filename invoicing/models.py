"""Chart of accounts, VAT rates, sales invoices with their lines."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from customers.models import Contact, PaymentTerms
from fieldops.common.models import Record
from fieldops.common.money import AmountsAre
from fieldops.common.prepared import prepared
from stock.models import StockItem


class AccountClass(models.TextChoices):
    ASSET = "ASSET", "Asset"
    EQUITY = "EQUITY", "Equity"
    EXPENSE = "EXPENSE", "Expense"
    LIABILITY = "LIABILITY", "Liability"
    REVENUE = "REVENUE", "Revenue"


# Xero's account types and the class each belongs to (accounting API, Account.Type).
CLASS_OF_TYPE: dict[str, str] = {
    "BANK": AccountClass.ASSET,
    "CURRENT": AccountClass.ASSET,
    "FIXED": AccountClass.ASSET,
    "INVENTORY": AccountClass.ASSET,
    "NONCURRENT": AccountClass.ASSET,
    "PREPAYMENT": AccountClass.ASSET,
    "EQUITY": AccountClass.EQUITY,
    "DEPRECIATN": AccountClass.EXPENSE,
    "DIRECTCOSTS": AccountClass.EXPENSE,
    "EXPENSE": AccountClass.EXPENSE,
    "OVERHEADS": AccountClass.EXPENSE,
    "CURRLIAB": AccountClass.LIABILITY,
    "LIABILITY": AccountClass.LIABILITY,
    "PAYG": AccountClass.LIABILITY,
    "TERMLIAB": AccountClass.LIABILITY,
    "OTHERINCOME": AccountClass.REVENUE,
    "REVENUE": AccountClass.REVENUE,
    "SALES": AccountClass.REVENUE,
}


class Account(Record):
    """A nominal code."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=150)
    type = models.CharField(max_length=20)
    tax_type = models.CharField("usual VAT rate", max_length=50, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def account_class(self) -> str:
        return CLASS_OF_TYPE.get(self.type, "")


class TaxRate(Record):
    """A VAT rate, told apart by ``tax_type``; two rates may share a name.

    ``percent`` is the effective rate: 20 for twenty per cent.
    """

    tax_type = models.CharField("code", max_length=50, unique=True)
    name = models.CharField(max_length=100)
    percent = models.DecimalField(max_digits=9, decimal_places=4)
    applies_to_assets = models.BooleanField(default=True)
    applies_to_equity = models.BooleanField(default=True)
    applies_to_expenses = models.BooleanField(default=True)
    applies_to_liabilities = models.BooleanField(default=True)
    applies_to_revenue = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "VAT rate"

    def __str__(self) -> str:
        return self.name

    def applies_to(self, account: Account) -> bool:
        """Whether the pair is allowed; an account of no known class takes any rate."""
        allowed: dict[str, bool] = {
            AccountClass.ASSET: self.applies_to_assets,
            AccountClass.EQUITY: self.applies_to_equity,
            AccountClass.EXPENSE: self.applies_to_expenses,
            AccountClass.LIABILITY: self.applies_to_liabilities,
            AccountClass.REVENUE: self.applies_to_revenue,
        }
        return allowed.get(account.account_class, True)


class InvoicingSettings(Record):
    """What a new invoice starts with; exactly one row."""

    number_prefix = models.CharField(max_length=20, default="INV-", blank=True)
    next_number = models.PositiveIntegerField(default=1001)
    payment_terms = models.CharField(
        max_length=24, choices=PaymentTerms, default=PaymentTerms.DAYS_AFTER_INVOICE
    )
    payment_days = models.PositiveSmallIntegerField(default=30)
    sales_account_code = models.CharField(max_length=10, default="200")
    sales_tax_type = models.CharField(max_length=50, default="OUTPUT2")
    purchase_account_code = models.CharField(max_length=10, default="300")
    purchase_tax_type = models.CharField(max_length=50, default="INPUT2")

    class Meta:
        verbose_name_plural = "invoicing settings"

    def __str__(self) -> str:
        return "Invoicing settings"

    @classmethod
    def current(cls) -> "InvoicingSettings":
        return next(iter(_the_settings()), None) or cls.objects.get_or_create(pk=1)[0]


@prepared
def _the_settings() -> models.QuerySet[InvoicingSettings]:
    return InvoicingSettings.objects.filter(pk=1)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def approved(self) -> "InvoiceQuerySet":
        return self.filter(status=Invoice.Status.APPROVED)

    def not_cancelled(self) -> "InvoiceQuerySet":
        return self.exclude(status=Invoice.Status.CANCELLED)

    def owing(self) -> "InvoiceQuerySet":
        """Approved, and money is still to come."""
        return self.approved().filter(total__gt=F("amount_paid") + F("amount_credited"))


class Invoice(Record):
    """A sales invoice. Totals are those of its lines, stored when they are saved.

    ``amount_paid`` and ``amount_credited`` come from the books once it is there.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=255, blank=True)
    customer = models.ForeignKey(Contact, models.PROTECT, related_name="invoices")
    status = models.CharField(
        max_length=10, choices=Status, default=Status.DRAFT, db_index=True
    )
    issued_on = models.DateField("invoice date")
    due_on = models.DateField("due date")
    reference = models.CharField(max_length=255, blank=True)
    notes = models.TextField("notes for the customer", blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    amounts_are = models.CharField(
        max_length=10, choices=AmountsAre, default=AmountsAre.EXCLUSIVE
    )
    subtotal = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    amount_paid = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0)
    )
    amount_credited = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0)
    )
    moved_stock = models.BooleanField(default=False, editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="invoice_number_unique"
            )
        ]
        indexes = [models.Index(fields=["status", "due_on"])]
        permissions = [
            ("edit_invoice", "Can write draft invoices"),
            ("approve_invoice", "Can approve invoices"),
            ("cancel_invoice", "Can cancel invoices"),
        ]

    def __str__(self) -> str:
        return self.number or f"Draft for {self.customer}"

    def get_absolute_url(self) -> str:
        return reverse("invoicing:invoice-detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def amount_due(self) -> Decimal:
        if not self.is_approved:
            return Decimal("0.00")
        return self.total - self.amount_paid - self.amount_credited


class InvoiceLine(models.Model):
    """``tax_percent`` is the rate as it was when the line was written."""

    part_of = "invoice"

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        StockItem, models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    description = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=16, decimal_places=4)
    unit_price = models.DecimalField(max_digits=16, decimal_places=4)
    discount_percent = models.DecimalField(
        max_digits=7, decimal_places=4, default=Decimal(0)
    )
    account_code = models.CharField(max_length=10, blank=True)
    tax_type = models.CharField(max_length=50, blank=True)
    tax_percent = models.DecimalField(
        max_digits=9, decimal_places=4, default=Decimal(0)
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    tax_amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="invoice_line_position_unique"
            )
        ]

    def __str__(self) -> str:
        return self.description[:60]
