"""What goes over the wire for each verb, and what comes of a batch."""

from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.xero_sync.client.fakes import (
    CONTACT_ID,
    NO_ID,
    SECRET_TOKEN,
    TENANT,
    Api,
    found,
    page_of,
    read,
)
from tests.xero_sync.client.writing import write
from xero_sync.client.errors import UnreadableAnswer

SINCE = datetime(2026, 11, 21, 13, 30, 5, 999000, tzinfo=timezone(timedelta(hours=1)))


def test_a_page_of_contacts_is_asked_for_in_order_with_the_archived() -> None:
    api = Api(page_of("Contacts", {"ContactID": CONTACT_ID}))

    (page,) = read(api, api.contact_pages(SINCE))

    (request,) = api.transport.requests
    assert request.method == "GET"
    assert request.address == "https://api.xero.com/api.xro/2.0/Contacts"
    assert dict(request.params) == {
        "order": "UpdatedDateUTC ASC",
        "includeArchived": "true",
        "page": "1",
        "pageSize": "1000",
    }
    assert dict(request.headers) == {
        "Accept": "application/json",
        "Authorization": f"Bearer {SECRET_TOKEN}",
        "User-Agent": "Fieldops",
        "Xero-Tenant-Id": TENANT,
        "If-Modified-Since": "2026-11-21T12:30:04",
    }
    assert page.elements == [{"ContactID": CONTACT_ID}]
    assert page.is_last


def test_a_page_of_invoices_keeps_four_places() -> None:
    api = Api(page_of("Invoices"))

    read(api, api.invoice_pages(None))

    (request,) = api.transport.requests
    assert request.params["unitdp"] == "4"
    assert "If-Modified-Since" not in request.headers


def test_a_page_that_does_not_say_which_it_is_is_not_trusted() -> None:
    api = Api(found("Contacts", {"ContactID": CONTACT_ID}))

    with pytest.raises(UnreadableAnswer):
        read(api, api.contact_pages(None))


def test_reads_the_plain_lists() -> None:
    api = Api(
        found("Organisations", {"Name": "Books"}),
        found("Actions", {"Name": "CreateDraftInvoice"}),
        found("Items", {"Code": "A"}),
        found("Accounts", {"Code": "200"}),
        found("TaxRates", {"TaxType": "OUTPUT2"}),
    )

    assert api.organisation() == {"Name": "Books"}
    assert api.actions() == [{"Name": "CreateDraftInvoice"}]
    assert api.items() == [{"Code": "A"}]
    (accounts,) = read(api, api.account_list())
    assert accounts.elements == [{"Code": "200"}]
    (rates,) = read(api, api.tax_rate_list())
    assert rates.elements == [{"TaxType": "OUTPUT2"}]
    assert [urlsplit(request.url).path for request in api.transport.requests] == [
        "/api.xro/2.0/Organisation",
        "/api.xro/2.0/Organisation/Actions",
        "/api.xro/2.0/Items",
        "/api.xro/2.0/Accounts",
        "/api.xro/2.0/TaxRates",
    ]
    assert (api.calls, api.reads, api.writes) == (5, 5, 0)


def test_numbers_are_looked_up_in_addresses_that_are_short_enough() -> None:
    numbers = [f"{number:036d}" for number in range(60)]
    api = Api(*[page_of("Contacts", {"ContactNumber": "x"})] * 3)

    found_contacts = api.contacts_by_number([*numbers, *numbers])

    asked = [
        part
        for request in api.transport.requests
        for part in request.params["where"].split(" OR ")
    ]
    assert asked == [f'ContactNumber=="{number}"' for number in numbers]
    assert len(found_contacts) == 3
    assert max(len(request.url) for request in api.transport.requests) < 2048


def test_a_quotation_mark_in_a_number_cannot_end_the_filter() -> None:
    api = Api(page_of("Invoices"))

    api.invoices_by_number(['INV-1" OR Total>0 OR "', "A,B"])

    (request,) = api.transport.requests
    where = parse_qs(urlsplit(request.url).query)["where"][0]
    assert where == (
        'InvoiceNumber=="INV-1"" OR Total>0 OR """ OR InvoiceNumber=="A,B"'
    )


def test_nothing_to_look_up_costs_no_call() -> None:
    api = Api()

    assert api.contacts_by_number([]) == []
    assert api.invoices_by_id([]) == []
    assert api.calls == 0


def test_a_write_carries_the_exact_bytes_and_its_key() -> None:
    api = Api(found("Items", {"ItemID": CONTACT_ID, "Code": "A"}))
    body = b'{"Items" : [ {"Code":"A"} ]}'

    write(api, "POST", "Items", body, idempotency_key="k" * 128)

    (request,) = api.transport.requests
    assert request.body == body
    assert request.headers["Idempotency-Key"] == "k" * 128
    assert request.headers["Content-Type"] == "application/json"
    assert dict(request.params) == {"summarizeErrors": "false", "unitdp": "4"}
    assert (api.reads, api.writes) == (0, 1)


@pytest.mark.parametrize("key", ["", "k" * 129])
def test_a_key_that_xero_would_refuse_is_not_sent(key: str) -> None:
    api = Api()

    with pytest.raises(ValueError, match="128"):
        write(api, "PUT", "Items", b"{}", idempotency_key=key)

    assert api.calls == 0


def test_each_element_of_a_batch_has_its_own_outcome() -> None:
    good = {"ContactID": CONTACT_ID.upper(), "ContactNumber": "u-1"}
    taken = {
        "ContactID": NO_ID,
        "ContactNumber": "u-2",
        "HasValidationErrors": True,
        "StatusAttributeString": "ERROR",
        "ValidationErrors": [{"Message": "The contact name Ada is already assigned"}],
    }
    deep = {
        "ContactNumber": "u-3",
        "ValidationErrors": [],
        "Phones": [{"ValidationErrors": [{"Message": "Too long"}]}],
    }
    silent = {"ContactID": CONTACT_ID, "StatusAttributeString": "ERROR"}
    warned = good | {"StatusAttributeString": "WARNING", "Warnings": [{"Message": "x"}]}
    api = Api(found("Contacts", good, taken, deep, silent, warned))

    results = write(api, "PUT", "Contacts", b"{}", idempotency_key="k")

    assert [(one.key, one.xero_id, one.errors) for one in results] == [
        ("u-1", CONTACT_ID, ()),
        ("u-2", "", ("The contact name Ada is already assigned",)),
        ("u-3", "", ("Too long",)),
        ("", CONTACT_ID, ("Xero refused it without a reason.",)),
        ("u-1", CONTACT_ID, ()),
    ]
    # What only says how the answer went is not kept.
    assert results[1].payload == {"ContactID": NO_ID, "ContactNumber": "u-2"}


def test_invoices_and_items_are_known_by_number_and_code() -> None:
    api = Api(
        found("Invoices", {"InvoiceID": CONTACT_ID, "InvoiceNumber": "INV-1"}),
        found("Items", {"ItemID": CONTACT_ID, "Code": "A"}),
    )

    (invoice,) = write(api, "PUT", "Invoices", b"{}", idempotency_key="k")
    (item,) = write(api, "POST", f"Items/{CONTACT_ID}", b"{}", idempotency_key="l")

    assert (invoice.key, invoice.xero_id) == ("INV-1", CONTACT_ID)
    assert (item.key, item.xero_id) == ("A", CONTACT_ID)
