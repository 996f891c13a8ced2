"""The endpoints of the Accounting API, one small function each, and the table of them."""

from xero_sync.sandbox import accounts, contact_wire, credit_notes, invoice_wire
from xero_sync.sandbox.batch import BatchRules
from xero_sync.sandbox.call import Call
from xero_sync.sandbox.contacts import create_contact, save_contact
from xero_sync.sandbox.errors import NotFound
from xero_sync.sandbox.http import Response, json_response
from xero_sync.sandbox.invoices import create_invoice, invoice_by_key, save_invoice
from xero_sync.sandbox.items import (
    create_item,
    delete_item,
    item_by_code,
    save_item,
    wire_item,
)
from xero_sync.sandbox.payments import create_payment, delete_payment, wire_payment
from xero_sync.sandbox.records import (
    Account,
    Contact,
    CreditNote,
    Invoice,
    Item,
    Payment,
    TaxRate,
)
from xero_sync.sandbox.wire import Element, JsonObject

CONTACT = BatchRules("ContactID")
ITEM = BatchRules("ItemID")
INVOICE = BatchRules("InvoiceID", "HasErrors")
CREDIT_NOTE = BatchRules("CreditNoteID", "HasErrors")
PAYMENT = BatchRules("PaymentID")
ALLOCATION = BatchRules("AllocationID")

CONTACTS = ("accounting.contacts",)
SETTINGS = ("accounting.settings",)
INVOICES = ("accounting.invoices", "accounting.transactions")
PAYMENTS = ("accounting.payments", "accounting.transactions")
ITEMS = (*SETTINGS, *INVOICES)


# --- organisation, accounts, VAT rates ---------------------------------------------


def get_organisation(call: Call) -> Response:
    return call.answer("Organisations", [accounts.wire_organisation(call.org)])


def get_actions(call: Call) -> Response:
    return call.answer("Actions", accounts.wire_actions(call.org))


def list_accounts(call: Call) -> Response:
    rows = call.listing.select(Account, call.org.accounts, key=lambda row: row.code)
    return call.answer("Accounts", [accounts.wire_account(row) for row in rows])


def get_account(call: Call, key: str) -> Response:
    account = call.org.accounts.get(key.lower()) or call.org.account_by_code(key)
    if account is None:
        raise NotFound(key)
    return call.answer("Accounts", [accounts.wire_account(account)])


def list_tax_rates(call: Call) -> Response:
    rows = call.listing.select(
        TaxRate, call.org.tax_rates, key=lambda row: row.name, stamped=False
    )
    return call.answer("TaxRates", [accounts.wire_tax_rate(row) for row in rows])


# --- contacts ----------------------------------------------------------------------


def list_contacts(call: Call) -> Response:
    listing = call.listing
    ids, term = listing.values("IDs"), listing.text("searchTerm").casefold()
    chosen = [
        row
        for row in call.org.contacts
        if (not ids or row.contact_id in ids)
        and (row.is_active or listing.flag("includeArchived"))
        and (not term or _contact_mentions(row, term))
    ]
    rows = listing.select(Contact, chosen, key=lambda row: row.contact_id)
    if listing.flag("summaryOnly"):
        return call.page("Contacts", rows, contact_wire.contact_summary)
    if listing.paging() is None:
        wired = [contact_wire.listed_contact(row) for row in rows]
        return call.answer("Contacts", wired)
    return call.page(
        "Contacts", rows, lambda row: contact_wire.full_contact(call.org, row)
    )


def _contact_mentions(contact: Contact, term: str) -> bool:
    texts = (
        contact.name,
        contact.first_name,
        contact.last_name,
        contact.contact_number,
        contact.company_number,
        contact.email_address,
    )
    return any(term in text.casefold() for text in texts)


def get_contact(call: Call, key: str) -> Response:
    numbered = call.org.contacts.find("contact_number", key.casefold())
    contact = call.org.contacts.get(key.lower()) or next(iter(numbered), None)
    if contact is None:
        raise NotFound(key)
    return call.answer("Contacts", [contact_wire.single_contact(call.org, contact)])


def put_contacts(call: Call) -> Response:
    return call.write(
        "Contacts",
        CONTACT,
        lambda sent: contact_wire.written_contact(create_contact(call.org, sent)),
    )


def post_contacts(call: Call, contact_id: str | None = None) -> Response:
    return call.write(
        "Contacts",
        CONTACT,
        lambda sent: contact_wire.written_contact(save_contact(call.org, sent)),
        record_id=contact_id,
    )


# --- items -------------------------------------------------------------------------


def list_items(call: Call) -> Response:
    rows = call.listing.select(Item, call.org.items, key=lambda row: row.item_id)
    return call.answer("Items", [wire_item(row, places=call.places) for row in rows])


def get_item(call: Call, key: str) -> Response:
    item = call.org.items.get(key.lower()) or item_by_code(call.org, key)
    if item is None:
        raise NotFound(key)
    return call.answer("Items", [wire_item(item, places=call.places)])


def put_items(call: Call) -> Response:
    def write(sent: Element) -> JsonObject:
        item = create_item(call.org, sent, places=call.places)
        return wire_item(item, places=call.places, written=True)

    return call.write("Items", ITEM, write)


def post_items(call: Call, item_id: str | None = None) -> Response:
    def write(sent: Element) -> JsonObject:
        item = save_item(call.org, sent, places=call.places)
        return wire_item(item, places=call.places, written=True)

    return call.write("Items", ITEM, write, record_id=item_id)


def remove_item(call: Call, item_id: str) -> Response:
    delete_item(call.org, item_id.lower())
    return Response(204)


# --- invoices ----------------------------------------------------------------------


def list_invoices(call: Call) -> Response:
    listing, org = call.listing, call.org
    relations = {"contact": lambda row: org.contacts.get(row.contact_id)}
    chosen = [row for row in org.invoices if _is_wanted(call, row)]
    rows = listing.select(
        Invoice,
        chosen,
        key=lambda row: row.invoice_id,
        relations=relations,
    )
    if listing.flag("summaryOnly"):
        return call.page(
            "Invoices", rows, lambda row: invoice_wire.summarised_invoice(org, row)
        )
    if listing.paging() is None:
        wired = [invoice_wire.listed_invoice(org, row) for row in rows]
        return call.answer("Invoices", wired)
    return call.page(
        "Invoices",
        rows,
        lambda row: invoice_wire.full_invoice(org, row, places=call.places),
    )


def _is_wanted(call: Call, invoice: Invoice) -> bool:
    wanted = (
        ("IDs", invoice.invoice_id),
        ("InvoiceNumbers", invoice.invoice_number.casefold()),
        ("ContactIDs", invoice.contact_id),
        ("Statuses", invoice.status.casefold()),
    )
    if any(
        call.chosen(name) and value not in call.chosen(name) for name, value in wanted
    ):
        return False
    term = call.listing.text("searchTerm").casefold()
    texts = (invoice.invoice_number.casefold(), invoice.reference.casefold())
    return not term or any(term in text for text in texts)


def get_invoice(call: Call, key: str) -> Response:
    invoice = invoice_by_key(call.org, key)
    if invoice is None:
        raise NotFound(key)
    row = invoice_wire.single_invoice(call.org, invoice, places=call.places)
    return call.answer("Invoices", [row])


def put_invoices(call: Call) -> Response:
    def write(sent: Element) -> JsonObject:
        invoice = create_invoice(call.org, sent, places=call.places)
        return invoice_wire.written_invoice(call.org, invoice, places=call.places)

    return call.write("Invoices", INVOICE, write)


def post_invoices(call: Call, invoice_id: str | None = None) -> Response:
    def write(sent: Element) -> JsonObject:
        invoice = save_invoice(call.org, sent, places=call.places)
        return invoice_wire.written_invoice(call.org, invoice, places=call.places)

    return call.write("Invoices", INVOICE, write, record_id=invoice_id)


# --- payments, credit notes --------------------------------------------------------


def list_payments(call: Call) -> Response:
    relations = {"invoice": lambda row: call.org.invoices.get(row.invoice_id)}
    rows = call.listing.select(
        Payment,
        call.org.payments,
        key=lambda row: row.payment_id,
        relations=relations,
    )
    return call.page("Payments", rows, lambda row: wire_payment(call.org, row))


def get_payment(call: Call, payment_id: str) -> Response:
    payment = call.org.payments.get(payment_id.lower())
    if payment is None:
        raise NotFound(payment_id)
    return call.answer("Payments", [wire_payment(call.org, payment)])


def put_payments(call: Call) -> Response:
    return call.write(
        "Payments",
        PAYMENT,
        lambda sent: wire_payment(call.org, create_payment(call.org, sent)),
    )


def end_payment(call: Call, payment_id: str) -> Response:
    def write(sent: Element) -> JsonObject:
        return wire_payment(
            call.org, delete_payment(call.org, payment_id.lower(), sent)
        )

    return call.write("Payments", PAYMENT, write, record_id=payment_id)


def list_credit_notes(call: Call) -> Response:
    org, places = call.org, call.places
    relations = {"contact": lambda row: org.contacts.get(row.contact_id)}
    rows = call.listing.select(
        CreditNote,
        org.credit_notes,
        key=lambda row: row.credit_note_id,
        relations=relations,
    )
    with_lines = call.listing.paging() is not None
    return call.page(
        "CreditNotes",
        rows,
        lambda row: credit_notes.wire_credit_note(
            org, row, places=places, lines=with_lines
        ),
    )


def get_credit_note(call: Call, key: str) -> Response:
    note = credit_notes.credit_note_by_key(call.org, key)
    if note is None:
        raise NotFound(key)
    row = credit_notes.wire_credit_note(call.org, note, places=call.places)
    return call.answer("CreditNotes", [row])


def put_credit_notes(call: Call) -> Response:
    def write(sent: Element) -> JsonObject:
        note = credit_notes.create_credit_note(call.org, sent, places=call.places)
        return credit_notes.wire_credit_note(call.org, note, places=call.places)

    return call.write("CreditNotes", CREDIT_NOTE, write)


def post_credit_notes(call: Call, note_id: str | None = None) -> Response:
    def write(sent: Element) -> JsonObject:
        note = credit_notes.save_credit_note(call.org, sent, places=call.places)
        return credit_notes.wire_credit_note(call.org, note, places=call.places)

    return call.write("CreditNotes", CREDIT_NOTE, write, record_id=note_id)


def put_allocations(call: Call, note_id: str) -> Response:
    def write(sent: Element) -> JsonObject:
        allocation = credit_notes.allocate(call.org, note_id.lower(), sent)
        return credit_notes.wire_allocation(call.org, allocation)

    return call.write("Allocations", ALLOCATION, write)


def remove_allocation(call: Call, note_id: str, allocation_id: str) -> Response:
    gone = credit_notes.delete_allocation(
        call.org, note_id.lower(), allocation_id.lower()
    )
    # The specification answers with the bare allocation, without an envelope.
    row = credit_notes.wire_allocation(call.org, gone, is_deleted=True)
    return json_response(row)
