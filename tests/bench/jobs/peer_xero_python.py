"""Xero's own SDK: the same pull, the same batch create."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from xero_python.accounting import (
    AccountingApi,
    Address,
    Contact,
    Contacts,
    Invoice,
    Invoices,
    Item,
    Items,
    LineAmountTypes,
    LineItem,
    Phone,
    Purchase,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.api_client.serializer import serialize

from tests.bench import books
from tests.bench.jobs.storing import other_connection, store_page, store_pages
from tests.bench.sizes import BATCH, LINES, Sizes
from tests.ledger import CLIENT_ID, CLIENT_SECRET, PracticeLedger

PAGE = 1000


def run(options: dict[str, Any]) -> dict[str, Any]:
    ledger = PracticeLedger(port=urlsplit(options["url"]).port)
    tokens, tenant = ledger.sign_in(), ledger.state()["tenant_id"]
    client = ApiClient(
        Configuration(oauth2_token=OAuth2Token(CLIENT_ID, CLIENT_SECRET)),
        pool_threads=1,
        oauth2_token_getter=lambda: tokens,
        oauth2_token_saver=lambda renewed: None,
    )
    api = AccountingApi(client, base_url=f"{ledger.url}/api.xro/2.0")
    task = pull if options["task"] == "pull" else create
    start = time.process_time()
    records = task(api, tenant, Sizes(options["contacts"]))
    return {"cpu": time.process_time() - start, "records": records}


def pull(api: AccountingApi, tenant: str, sizes: Sizes) -> int:
    connection = other_connection()

    def contacts(page: int) -> Any:
        found = api.get_contacts(
            tenant, page=page, page_size=PAGE, include_archived=True
        )
        return found.contacts

    def invoices(page: int) -> Any:
        found = api.get_invoices(
            tenant, page=page, page_size=PAGE, include_archived=True, unitdp=4
        )
        return found.invoices

    items = api.get_items(tenant, unitdp=4).items
    return (
        store_pages(connection, "contact", contacts, _stored("contact_id"), size=PAGE)
        + store_pages(connection, "invoice", invoices, _stored("invoice_id"), size=PAGE)
        + store_page(connection, "item", map(_stored("item_id"), items))
    )


def _stored(id_field: str) -> Callable[[Any], Any]:
    return lambda one: (getattr(one, id_field), one.updated_date_utc, serialize(one))


def create(api: AccountingApi, tenant: str, sizes: Sizes) -> int:
    options: dict[str, Any] = {"summarize_errors": False}
    ids: list[str] = []
    for numbers in batches(sizes.contacts):
        sent = Contacts(contacts=[_contact(number) for number in numbers])
        made = api.create_contacts(tenant, sent, **options).contacts
        ids += [one.contact_id for one in made]
    items = invoices = 0
    for numbers in batches(sizes.items):
        sent = Items(items=[_item(number) for number in numbers])
        items += len(api.create_items(tenant, sent, unitdp=4, **options).items)
    for numbers in batches(sizes.invoices):
        sent = Invoices(invoices=[_invoice(n, ids[n % len(ids)]) for n in numbers])
        made = api.create_invoices(tenant, sent, unitdp=4, **options).invoices
        invoices += sum(not one.has_errors for one in made)
    return len(ids) + items + invoices


def batches(count: int) -> Iterator[range]:
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def _contact(number: int) -> Contact:
    ours = books.contact_fields(number)
    return Contact(
        name=ours["name"],
        first_name=ours["first_name"],
        last_name=ours["last_name"],
        email_address=ours["email"],
        account_number=ours["account_number"],
        tax_number=ours["tax_number"],
        phones=[
            Phone(phone_type="DEFAULT", phone_number=ours["phone"]),
            Phone(phone_type="MOBILE", phone_number=ours["mobile"]),
        ],
        addresses=[
            Address(
                address_type="POBOX",
                attention_to=ours["billing_attention"],
                address_line1=ours["billing_line1"],
                address_line2=ours["billing_line2"],
                city=ours["billing_city"],
                region=ours["billing_region"],
                postal_code=ours["billing_postcode"],
                country=ours["billing_country"],
            )
        ],
    )


def _item(number: int) -> Item:
    ours = books.item_fields(number)
    return Item(
        code=ours["code"],
        name=ours["name"],
        description=ours["description"],
        purchase_description=ours["purchase_description"],
        sales_details=Purchase(
            unit_price=ours["sell_price"],
            account_code=ours["sales_account_code"],
            tax_type=ours["sales_tax_type"],
        ),
        purchase_details=Purchase(
            unit_price=ours["cost_price"],
            account_code=ours["purchase_account_code"],
            tax_type=ours["purchase_tax_type"],
        ),
    )


def _invoice(number: int, contact_id: str) -> Invoice:
    day = books.issued_on(number)
    return Invoice(
        type="ACCREC",
        invoice_number=books.invoice_number(number),
        contact=Contact(contact_id=contact_id),
        date=day,
        due_date=day + books.DAYS_TO_PAY,
        reference=f"Order {number}",
        line_amount_types=LineAmountTypes.EXCLUSIVE,
        status="AUTHORISED",
        line_items=[_line(number, place) for place in range(LINES)],
    )


def _line(number: int, place: int) -> LineItem:
    ours = books.line_fields(number, place)
    return LineItem(
        description=ours["description"],
        quantity=ours["quantity"],
        unit_amount=ours["unit_price"],
        account_code=ours["account_code"],
        tax_type=ours["tax_type"],
    )
