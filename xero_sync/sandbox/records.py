"""The rows of the ledger. They are frozen: a change is a new row."""

import datetime as dt
from decimal import Decimal

import msgspec

from xero_sync.sandbox.wire import ZERO


class Profile(msgspec.Struct, frozen=True):
    """The organisation itself, and the locks an accountant sets."""

    tenant_id: str
    name: str
    created: dt.datetime
    base_currency: str = "GBP"
    offline: bool = False
    period_lock_date: dt.date | None = None
    end_of_year_lock_date: dt.date | None = None
    next_invoice_number: int = 1
    next_credit_note_number: int = 1
    forbidden_actions: tuple[str, ...] = ("UseMulticurrency",)


class Account(msgspec.Struct, frozen=True):
    account_id: str
    code: str
    name: str
    type: str
    tax_type: str
    updated: dt.datetime
    description: str = ""
    status: str = "ACTIVE"
    system_account: str = ""
    enable_payments: bool = False
    bank_account_number: str = ""
    currency_code: str = ""


class TaxRate(msgspec.Struct, frozen=True):
    tax_type: str
    name: str
    rate: Decimal
    classes: tuple[str, ...]
    status: str = "ACTIVE"


class Address(msgspec.Struct, frozen=True):
    attention_to: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    address_line4: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class Phone(msgspec.Struct, frozen=True):
    phone_number: str = ""
    phone_area_code: str = ""
    phone_country_code: str = ""


class ContactPerson(msgspec.Struct, frozen=True):
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    include_in_emails: bool = False


class Terms(msgspec.Struct, frozen=True):
    day: int
    type: str


class Contact(msgspec.Struct, frozen=True):
    contact_id: str
    name: str
    updated: dt.datetime
    status: str = "ACTIVE"
    contact_number: str = ""
    account_number: str = ""
    first_name: str = ""
    last_name: str = ""
    email_address: str = ""
    company_number: str = ""
    tax_number: str = ""
    bank_account_details: str = ""
    website: str = ""
    default_currency: str = ""
    sales_default_account_code: str = ""
    purchases_default_account_code: str = ""
    accounts_receivable_tax_type: str = ""
    accounts_payable_tax_type: str = ""
    addresses: dict[str, Address] = {}
    phones: dict[str, Phone] = {}
    persons: tuple[ContactPerson, ...] = ()
    sales_terms: Terms | None = None
    bills_terms: Terms | None = None
    is_customer: bool = False
    is_supplier: bool = False
    merged_to_contact_id: str = ""

    @property
    def is_active(self) -> bool:
        return self.status == "ACTIVE"


class ItemDetails(msgspec.Struct, frozen=True):
    unit_price: Decimal | None = None
    account_code: str = ""
    cogs_account_code: str = ""
    tax_type: str = ""


class Item(msgspec.Struct, frozen=True):
    item_id: str
    code: str
    updated: dt.datetime
    name: str = ""
    description: str = ""
    purchase_description: str = ""
    is_sold: bool = True
    is_purchased: bool = True
    sales: ItemDetails = ItemDetails()
    purchase: ItemDetails = ItemDetails()
    inventory_asset_account_code: str = ""

    @property
    def is_tracked(self) -> bool:
        return bool(self.inventory_asset_account_code)


class Line(msgspec.Struct, frozen=True):
    line_item_id: str
    description: str = ""
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    item_code: str = ""
    account_code: str = ""
    tax_type: str = ""
    tax_amount: Decimal = ZERO
    line_amount: Decimal = ZERO
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None


class Invoice(msgspec.Struct, frozen=True):
    invoice_id: str
    type: str
    contact_id: str
    date: dt.date
    updated: dt.datetime
    invoice_number: str = ""
    reference: str = ""
    status: str = "DRAFT"
    due_date: dt.date | None = None
    line_amount_types: str = "Exclusive"
    currency_code: str = "GBP"
    url: str = ""
    sent_to_contact: bool = False
    lines: tuple[Line, ...] = ()
    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO
    total_discount: Decimal = ZERO
    amount_paid: Decimal = ZERO
    amount_credited: Decimal = ZERO
    fully_paid_on: dt.date | None = None

    @property
    def amount_due(self) -> Decimal:
        return self.total - self.amount_paid - self.amount_credited

    @property
    def is_live(self) -> bool:
        return self.status not in ("VOIDED", "DELETED")

    @property
    def is_settled_in_part(self) -> bool:
        return bool(self.amount_paid or self.amount_credited)


class Payment(msgspec.Struct, frozen=True):
    payment_id: str
    invoice_id: str
    account_code: str
    date: dt.date
    amount: Decimal
    updated: dt.datetime
    reference: str = ""
    status: str = "AUTHORISED"
    is_reconciled: bool = False


class Allocation(msgspec.Struct, frozen=True):
    allocation_id: str
    invoice_id: str
    amount: Decimal
    date: dt.date


class CreditNote(msgspec.Struct, frozen=True):
    credit_note_id: str
    type: str
    contact_id: str
    date: dt.date
    updated: dt.datetime
    credit_note_number: str = ""
    reference: str = ""
    status: str = "DRAFT"
    line_amount_types: str = "Exclusive"
    currency_code: str = "GBP"
    lines: tuple[Line, ...] = ()
    sub_total: Decimal = ZERO
    total_tax: Decimal = ZERO
    total: Decimal = ZERO
    allocations: tuple[Allocation, ...] = ()

    @property
    def remaining_credit(self) -> Decimal:
        return self.total - sum((a.amount for a in self.allocations), ZERO)
