"""Companies whose runs are undone, or go wrong on the way."""

import pytest

from customers.models import Contact
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.three_customers import THREE
from tests.xero_sync.world import connect, in_step
from xero_sync.models import XeroConnection
from xero_sync.runs.choices import change_settings

# As the builder makes stock items.
DETAILS = {
    "SalesDetails": {"UnitPrice": 10, "AccountCode": "200", "TaxType": "OUTPUT2"},
    "PurchaseDetails": {"UnitPrice": 6, "AccountCode": "300", "TaxType": "INPUT2"},
}


@pytest.fixture
def mixed(ledger: PracticeLedger) -> PracticeLedger:
    """New on either side, recognised with values each way, invoices of both states."""
    ledger.write(
        "PUT",
        "Contacts",
        {"Name": "Only There Ltd", "EmailAddress": "there@example.com"},
        {
            "Name": "Both Sides Ltd",
            "EmailAddress": "both@example.com",
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "0161 1"}],
        },
    )
    ledger.write(
        "PUT",
        "Items",
        {"Code": "HOSE", "Name": "Garden hose, green"},
        {"Code": "BOTH", "Name": "On both", "Description": "Theirs", **DETAILS},
    )
    for contact in ledger.records("Contacts", archived=True):
        ledger.write(
            "PUT",
            "Invoices",
            {
                "Type": "ACCREC",
                "Contact": {"ContactID": contact["ContactID"]},
                "Status": "DRAFT",
                "InvoiceNumber": f"X-{contact['Name'][:4]}",
                "LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 5}],
            },
        )
    castle = make_customer("Castle Hotel", email="castle@example.com")
    make_customer("Both Sides Ltd", email="both@example.com", mobile="07700 900123")
    make_item("BOTH", name="On both", purchase_description="Ours")
    item = make_item("VALVE", name="Copper valve")
    make_invoice(castle, [line(item=item)])
    make_draft(castle)
    connect(ledger)
    change_settings({"sends_drafts": True}, by=TESTER)
    return ledger


@pytest.fixture
def company(ledger: PracticeLedger) -> PracticeLedger:
    """Three customers with an invoice for a stock item each, connected."""
    for number in range(THREE):
        item = make_item(f"VAL{number}")
        make_invoice(make_customer(f"Customer {number}"), [line(item=item)])
    connect(ledger)
    return ledger


@pytest.fixture
def customer(ledger: PracticeLedger) -> Contact:
    """One that is on both sides."""
    customer = make_customer("Castle Hotel", phone="028 1")
    connect(ledger)
    in_step()
    return customer


@pytest.fixture
def connection(db: None, ledger: PracticeLedger) -> XeroConnection:
    """Just made; the ledger has counted no call yet."""
    made = connect(ledger)
    ledger.control("calls/reset")
    return made
