"""Our rows as drafts, and a draft's fields as values of our rows."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from operator import attrgetter
from typing import Any

from customers.models import ADDRESS_PARTS, Contact
from fieldops.common.rows import Among, read_named
from invoicing.models import Invoice, InvoiceLine
from stock.models import StockItem
from xero_sync.mappers.wire import normal_text
from xero_sync.models import SyncSettings
from xero_sync.outcomes.drafts import ContactDraft, InvoiceDraft, ItemDraft, LineDraft
from xero_sync.outcomes.people import Person, people_of, people_text
from xero_sync.outcomes.wire import fingerprint

_SAME_NAME = (
    "name",
    "first_name",
    "last_name",
    "account_number",
    "tax_number",
    "website",
    "phone",
    "mobile",
    "direct_dial",
    "fax",
    "payment_terms",
)
_ITEM_TEXTS = (
    "code",
    "name",
    "description",
    "purchase_description",
    "sales_account_code",
    "purchase_account_code",
    "sales_tax_type",
    "purchase_tax_type",
)
# A draft's texts by our columns.
_TEXTS = {name: name for name in _SAME_NAME} | {
    f"address_{part}": f"billing_{part}" for part in ADDRESS_PARTS
}
# What a draft is made from; a row of these columns is as good as a record.
CONTACT_COLUMNS = (
    *_TEXTS.values(),
    *("email", "accounting_email", "payment_days", "people"),
)
ITEM_COLUMNS = (*_ITEM_TEXTS, "sell_price", "cost_price")
LINE_COLUMNS = (
    *("invoice_id", "description", "quantity", "unit_price", "discount_percent"),
    *("account_code", "tax_type", "item_id", "position"),
)
INVOICE_COLUMNS = (
    *("id", "revision", "number", "status", "customer_id", "issued_on", "due_on"),
    *("reference", "amounts_are", "currency", "total"),
)
_FOUR_PLACES = Decimal("0.0001")


def contact_draft(contact: Contact, settings: SyncSettings) -> ContactDraft:
    """Our address is the billing one; the chosen email falls back on the main one."""
    texts = {
        ours: normal_text(text)
        for ours, column in _TEXTS.items()
        if (text := getattr(contact, column))
    }
    texts["name"] = name_for_xero(contact, texts.get("name", ""), settings)
    email = getattr(contact, email_field(contact, settings))
    return ContactDraft(
        **texts,
        email=normal_text(email),
        payment_days=contact.payment_days if contact.payment_terms else None,
        people=people_draft(contact.people),
    )


def name_for_xero(contact: Contact, name: str, settings: SyncSettings) -> str:
    """Ours, if nobody approved another one for it."""
    approved = settings.names_in_xero.get(contact.id)
    return approved.name if approved and approved.stands_for == name else name


def people_draft(people: Iterable[Mapping[str, Any]]) -> str:
    """Our list of people as the text that both sides can say."""
    return people_text(
        Person(
            normal_text(one["first_name"]),
            normal_text(one["last_name"]),
            normal_text(one["email"]),
            one["gets_copies"],
        )
        for one in people
    )


def email_field(contact: Contact, settings: SyncSettings) -> str:
    """Which of the two addresses stands for the contact in Xero."""
    chosen = settings.email == SyncSettings.Email.ACCOUNTING
    return "accounting_email" if chosen and contact.accounting_email else "email"


def other_emails(contact: Contact, settings: SyncSettings) -> tuple[str, ...]:
    chosen = email_field(contact, settings)
    other = contact.email if chosen == "accounting_email" else contact.accounting_email
    return (other,) if other else ()


def slots(settings: SyncSettings) -> dict[str, str]:
    """The settings that decide which of our columns a base speaks of."""
    return {"address": settings.address_slot, "email": settings.email}


def contact_column(name: str, contact: Contact | None, settings: SyncSettings) -> str:
    """The column of ours that a draft's field is written to."""
    if name == "email" and contact is not None:
        return email_field(contact, settings)
    return own_column(name)


def own_column(name: str) -> str:
    if name.startswith("address_"):
        return name.replace("address_", "billing_", 1)
    return name


def item_draft(item: StockItem) -> ItemDraft:
    return ItemDraft(
        **{name: normal_text(getattr(item, name)) for name in _ITEM_TEXTS},
        sell_price=_price(item.sell_price),
        cost_price=_price(item.cost_price),
    )


def invoice_draft(
    invoice: Invoice,
    lines: Iterable[InvoiceLine],
    *,
    contact_id: str,
    status: str,
    item_codes: Mapping[int, str],
) -> InvoiceDraft:
    """``item_codes``: the codes of the stock items that Xero has, by our id."""
    return InvoiceDraft(
        number=invoice.number,
        contact_id=contact_id,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        reference=normal_text(invoice.reference),
        amounts_are=invoice.amounts_are,
        currency=invoice.currency,
        status=status,
        lines=tuple(line_draft(line, item_codes) for line in lines),
    )


def invoice_rows(ids: Iterable[int]) -> dict[int, Any]:
    """As rows, not records: there are many."""
    rows = read_named(Invoice, INVOICE_COLUMNS, Among("id", ids))
    return {row.id: row for row in rows}


def lines_by_invoice(ids: Iterable[int]) -> dict[int, list[Any]]:
    """Rows in their order on the invoice, by its id."""
    rows = read_named(InvoiceLine, LINE_COLUMNS, Among("invoice_id", ids))
    lines: dict[int, list[Any]] = {}
    for row in sorted(rows, key=attrgetter("position")):
        lines.setdefault(row.invoice_id, []).append(row)
    return lines


def invoice_content(invoice: Invoice, lines: Iterable[InvoiceLine]) -> str:
    """The hash of what an invoice says, whatever its status and whoever has its items."""
    said = [
        [
            line.description,
            f"{line.quantity:.4f}",
            f"{line.unit_price:.4f}",
            f"{line.discount_percent:.4f}",
            line.account_code,
            line.tax_type,
            line.item_id,
        ]
        for line in lines
    ]
    head = [
        invoice.customer_id,
        invoice.issued_on.isoformat(),
        invoice.due_on.isoformat(),
        invoice.reference,
        invoice.amounts_are,
    ]
    return fingerprint([head, said])


def line_draft(line: InvoiceLine, item_codes: Mapping[int, str]) -> LineDraft:
    return LineDraft(
        description=line.description.strip(),
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        account_code=line.account_code,
        tax_type=line.tax_type,
        item_code=item_codes.get(line.item_id or 0, ""),
    )


def item_value(name: str, value: Any) -> Any:
    """A planned item field as our column holds it."""
    if name in ("sell_price", "cost_price"):
        return None if value is None else Decimal(value)
    return value or ""


def contact_value(name: str, value: Any) -> Any:
    if name in ("is_customer", "is_supplier", "is_archived"):
        return bool(value)
    if name == "payment_days":
        return value
    if name == "people":
        return [asdict(person) for person in people_of(value or "")]
    return value or ""


def _price(price: Decimal | None) -> Decimal | None:
    return None if price is None else price.quantize(_FOUR_PLACES)
