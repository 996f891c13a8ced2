"""pyxero: the same pull, the same batch create."""

import time
from collections.abc import Callable
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from xero import Xero
from xero.auth import OAuth2Credentials

from tests.bench import books
from tests.bench.jobs.peer_xero_python import PAGE, batches
from tests.bench.jobs.storing import other_connection, store_page, store_pages
from tests.bench.sizes import Sizes
from tests.ledger import CLIENT_ID, CLIENT_SECRET, PracticeLedger


def run(options: dict[str, Any]) -> dict[str, Any]:
    ledger = PracticeLedger(port=urlsplit(options["url"]).port)
    credentials = OAuth2Credentials(
        CLIENT_ID,
        CLIENT_SECRET,
        token=ledger.sign_in(),
        tenant_id=ledger.state()["tenant_id"],
    )
    credentials.base_url = ledger.url
    api = Xero(credentials, unit_price_4dps=True)
    task = pull if options["task"] == "pull" else create
    start = time.process_time()
    records = task(api, Sizes(options["contacts"]))
    return {"cpu": time.process_time() - start, "records": records}


def pull(api: Any, sizes: Sizes) -> int:
    connection = other_connection()

    def pages(manager: Any) -> Callable[[int], Any]:
        return lambda page: manager.filter(page=page, pageSize=PAGE)

    contacts, invoices = pages(api.contacts), pages(api.invoices)
    items = api.items.all()
    return (
        store_pages(connection, "contact", contacts, _stored("ContactID"), size=PAGE)
        + store_pages(connection, "invoice", invoices, _stored("InvoiceID"), size=PAGE)
        + store_page(connection, "item", map(_stored("ItemID"), items))
    )


def _stored(id_field: str) -> Callable[[Any], Any]:
    return lambda one: (
        one[id_field],
        one["UpdatedDateUTC"].replace(tzinfo=UTC),
        one,
    )


def create(api: Any, sizes: Sizes) -> int:
    ids: list[str] = []
    for numbers in batches(sizes.contacts):
        sent = [books.xero_contact(number) for number in numbers]
        made = api.contacts.put(sent, summarize_errors=False)
        ids += [one["ContactID"] for one in made]
    items = invoices = 0
    for numbers in batches(sizes.items):
        sent = [books.xero_item(number) for number in numbers]
        items += len(api.items.put(sent, summarize_errors=False))
    for numbers in batches(sizes.invoices):
        sent = [_invoice(number, ids[number % len(ids)]) for number in numbers]
        made = api.invoices.put(sent, summarize_errors=False)
        invoices += sum(not one.get("HasErrors") for one in made)
    return len(ids) + items + invoices


def _invoice(number: int, contact_id: str) -> dict[str, Any]:
    """Its dates are dates: pyxero writes them itself."""
    day = books.issued_on(number)
    body = books.xero_invoice(number, {"ContactID": contact_id})
    return body | {"Date": day, "DueDate": day + books.DAYS_TO_PAY}
