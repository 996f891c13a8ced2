"""A record as both sides can say it: our rows and Xero's JSON meet in these drafts.

Texts have no white space at their ends nor doubled inside; "" stands for nothing. Money
and quantities are Decimal with no more places than the field has. Two drafts that are
equal need no write.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import msgspec


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """``address_*`` is the one address slot that the settings chose; ``people`` is the
    canonical text of a list (``outcomes.people``)."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    account_number: str = ""
    tax_number: str = ""
    website: str = ""
    phone: str = ""
    mobile: str = ""
    direct_dial: str = ""
    fax: str = ""
    address_attention: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    address_line4: str = ""
    address_city: str = ""
    address_region: str = ""
    address_postcode: str = ""
    address_country: str = ""
    payment_terms: str = ""
    payment_days: int | None = None
    people: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """Prices have four places, or None where there is none."""

    code: str = ""
    name: str = ""
    description: str = ""
    purchase_description: str = ""
    sell_price: Decimal | None = None
    cost_price: Decimal | None = None
    sales_account_code: str = ""
    purchase_account_code: str = ""
    sales_tax_type: str = ""
    purchase_tax_type: str = ""


class LineDraft(msgspec.Struct, frozen=True):
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    account_code: str
    tax_type: str
    item_code: str = ""


class InvoiceDraft(msgspec.Struct, frozen=True):
    """``status`` is the one it arrives with: DRAFT, SUBMITTED or AUTHORISED."""

    number: str
    contact_id: str
    issued_on: date
    due_on: date
    reference: str
    amounts_are: str
    currency: str
    status: str
    lines: tuple[LineDraft, ...]


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A contact as Xero last told us. ``contact_number`` is our own id, if we wrote it."""

    xero_id: str
    updated_at: datetime
    draft: ContactDraft
    contact_number: str = ""
    is_customer: bool = False
    is_supplier: bool = False
    is_archived: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """``quantity_on_hand`` is None for items Xero does not track."""

    xero_id: str
    updated_at: datetime
    draft: ItemDraft
    is_sold: bool = True
    is_purchased: bool = True
    quantity_on_hand: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """``type`` is ACCREC (ours) or ACCPAY (a bill); ``status`` is Xero's word."""

    xero_id: str
    updated_at: datetime
    type: str
    number: str
    status: str
    contact_id: str
    contact_name: str
    issued_on: date | None
    due_on: date | None
    reference: str
    currency: str
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    amount_due: Decimal
    amount_paid: Decimal
    amount_credited: Decimal


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    xero_id: str
    code: str
    name: str
    type: str
    tax_type: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class RemoteTaxRate:
    """``percent`` is the effective rate, four places."""

    tax_type: str
    name: str
    percent: Decimal
    is_active: bool
    applies_to_assets: bool
    applies_to_equity: bool
    applies_to_expenses: bool
    applies_to_liabilities: bool
    applies_to_revenue: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """``lock_date`` is the later of Xero's two; moments and dates are Xero's own."""

    name: str
    short_code: str
    base_currency: str
    country: str
    time_zone: str
    is_demo: bool
    lock_date: date | None


@dataclass(frozen=True, slots=True)
class Connection:
    """One organisation that a consent opened."""

    connection_id: str
    tenant_id: str
    tenant_name: str
    tenant_type: str


@dataclass(frozen=True, slots=True)
class TokenSet:
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scope: str


class ElementResult(msgspec.Struct, frozen=True):
    """What became of one element of a batch.

    ``key`` is its natural key (ContactNumber, InvoiceNumber, item Code) and ``xero_id``
    its id, empty when nothing was made; ``errors`` are Xero's own sentences; ``text`` is
    the element as we keep it, and ``digest`` the hash of that. Most are only kept: as
    text they cost a tenth of the memory.
    """

    key: str
    xero_id: str
    errors: tuple[str, ...]
    text: msgspec.Raw = msgspec.Raw(b"{}")
    digest: str = ""
    updated_at: datetime | None = None

    @property
    def accepted(self) -> bool:
        return not self.errors

    @property
    def payload(self) -> dict[str, object]:
        read: dict[str, object] = msgspec.json.decode(self.text)
        return read
