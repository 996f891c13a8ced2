"""Xero's own Python SDK against the running ledger: it must not notice the difference.

Every 200 and 400 answer of this file is judged by Xero's specification.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from xero_python.accounting import Account as AccountModel
from xero_python.accounting import (
    AccountingApi,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    Invoice,
    Invoices,
    Item,
    Items,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
    Purchase,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException, NotFoundException
from xero_python.identity import IdentityApi

from tests.ledger import CLIENT_ID, CLIENT_SECRET, PracticeLedger
from tests.sandbox import specification


class Sdk:
    """The SDK's two clients over one token set, with every answer judged on the way."""

    def __init__(self, ledger: PracticeLedger) -> None:
        self.tokens = ledger.sign_in()
        self.api_client = ApiClient(
            Configuration(oauth2_token=OAuth2Token(CLIENT_ID, CLIENT_SECRET)),
            pool_threads=1,
            oauth2_token_getter=lambda: self.tokens,
            oauth2_token_saver=self._save,
        )
        self.judged = 0
        self._judge_answers()
        base_url = f"{ledger.url}/api.xro/2.0"
        self.accounting = AccountingApi(self.api_client, base_url=base_url)
        self.identity = IdentityApi(self.api_client, base_url=ledger.url)
        self.tenant = self.identity.get_connections()[0].tenant_id

    def _save(self, tokens: dict[str, Any]) -> None:
        self.tokens = tokens

    def _judge_answers(self) -> None:
        pool = self.api_client.rest_client.pool_manager
        send = pool.request

        def judged(method: str, url: str, *args: Any, **options: Any) -> Any:
            answer = send(method, url, *args, **options)
            if specification.is_at_hand() and answer.status in (200, 400):
                body = json.loads(answer.data)
                specification.check_answer(
                    method, urlsplit(url).path, answer.status, body
                )
                self.judged += 1
            return answer

        pool.request = judged

    def invoice(self, **fields: Any) -> Any:
        """One created invoice of 2 x 60.00 plus VAT."""
        line = LineItem(
            description="Service",
            quantity=2,
            unit_amount=60,
            account_code="200",
            tax_type="OUTPUT2",
        )
        wanted = Invoice(
            type="ACCREC",
            contact=Contact(name=unique("Customer")),
            date=date(2026, 5, 1),
            due_date=date(2026, 5, 31),
            line_items=[line],
            **fields,
        )
        made = self.accounting.create_invoices(self.tenant, Invoices(invoices=[wanted]))
        return made.invoices[0]


def unique(name: str) -> str:
    """The tests share one ledger, at the same time perhaps."""
    return f"{name} {uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def sdk(server: PracticeLedger) -> Iterator[Sdk]:
    sdk = Sdk(server)
    yield sdk
    assert sdk.judged or not specification.is_at_hand()


def test_the_specification_judges(sdk: Sdk) -> None:
    if not specification.is_at_hand():
        pytest.skip("Xero's specification is not at hand (../shared)")
    wrong = {"Contacts": [{"Name": 7}]}
    with pytest.raises(AssertionError, match="7 is not of type 'string'"):
        specification.check_answer("GET", "/api.xro/2.0/Contacts", 200, wrong)


def test_connections(sdk: Sdk) -> None:
    connection = sdk.identity.get_connections()[0]

    assert connection.tenant_type == "ORGANISATION"
    assert connection.tenant_name == "Practice Company (UK)"


def test_the_token_refreshes(sdk: Sdk, server: PracticeLedger) -> None:
    before = dict(sdk.tokens)
    token_api = TokenApi(sdk.api_client, CLIENT_ID, CLIENT_SECRET)
    token_api.refresh_token_url = f"{server.url}/connect/token"

    fresh = token_api.refresh_token(before["refresh_token"], before["scope"].split())

    OAuth2Token(CLIENT_ID, CLIENT_SECRET).update_token(**fresh)
    assert fresh["access_token"] != before["access_token"]
    assert fresh["refresh_token"] != before["refresh_token"]
    sdk.tokens = fresh
    assert sdk.identity.get_connections()[0].tenant_id == sdk.tenant


def test_organisation_accounts_and_tax_rates(sdk: Sdk) -> None:
    (organisation,) = sdk.accounting.get_organisations(sdk.tenant).organisations
    actions = sdk.accounting.get_organisation_actions(sdk.tenant).actions
    accounts = sdk.accounting.get_accounts(sdk.tenant).accounts
    rates = sdk.accounting.get_tax_rates(sdk.tenant).tax_rates

    assert organisation.base_currency.value == "GBP"
    assert {"CreateApprovedInvoice", "CreateDraftBill"} <= {row.name for row in actions}
    sales = next(row for row in accounts if row.code == "200")
    assert (sales.name, sales.tax_type, sales._class) == (
        "Sales",
        "OUTPUT2",
        "REVENUE",
    )
    standard = next(row for row in rates if row.tax_type == "OUTPUT2")
    assert (standard.effective_rate, standard.can_apply_to_revenue) == (20, True)


def test_contacts_in_a_batch_with_some_invalid(sdk: Sdk) -> None:
    name = unique("Ann")
    wanted = [
        Contact(
            name=name, email_address="ann@abbott.example", contact_number=unique("n")
        ),
        Contact(name=unique("Bob"), email_address="bob at home"),
        Contact(name=name.upper()),
    ]

    made = sdk.accounting.create_contacts(
        sdk.tenant, Contacts(contacts=wanted), summarize_errors=False
    ).contacts

    assert [row.has_validation_errors for row in made] == [False, True, True]
    assert made[1].validation_errors[0].message == "Email address must be valid."
    assert "already assigned to another contact" in made[2].validation_errors[0].message

    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.accounting.create_contacts(
            sdk.tenant, Contacts(contacts=[Contact(name=name)])
        )
    assert refused.value.error_data["ErrorNumber"] == 10
    assert len(refused.value.error_data["Elements"]) == 1


def test_contacts_paged_updated_and_archived(sdk: Sdk) -> None:
    marker = unique("Paged")
    wanted = [Contact(name=f"{marker} {n}") for n in range(5)]
    sdk.accounting.create_contacts(sdk.tenant, Contacts(contacts=wanted))
    where = f'Name.StartsWith("{marker.lower()}")'

    def page(number: int, *, include_archived: bool = False) -> list[Any]:
        found: list[Any] = sdk.accounting.get_contacts(
            sdk.tenant,
            where=where,
            order="Name ASC",
            page=number,
            page_size=2,
            include_archived=include_archived,
        ).contacts
        return found

    names = [row.name for number in (1, 2, 3, 4) for row in page(number)]
    assert names == [f"{marker} {n}" for n in range(5)]

    first = page(1)[0]
    change = Contacts(contacts=[Contact(email_address="new@mail.example")])
    sdk.accounting.update_contact(sdk.tenant, first.contact_id, change)
    archive = Contact(contact_id=first.contact_id, contact_status="ARCHIVED")
    sdk.accounting.update_or_create_contacts(sdk.tenant, Contacts(contacts=[archive]))

    assert page(1)[0].name == f"{marker} 1"
    archived = page(1, include_archived=True)[0]
    assert (archived.name, archived.contact_status) == (f"{marker} 0", "ARCHIVED")
    (read,) = sdk.accounting.get_contact(sdk.tenant, first.contact_id).contacts
    assert read.email_address == "new@mail.example"


def test_changed_since(sdk: Sdk) -> None:
    name = unique("Later")
    made = sdk.accounting.create_contacts(
        sdk.tenant, Contacts(contacts=[Contact(name=name)])
    )
    stamp = made.contacts[0].updated_date_utc

    def names(since: datetime) -> list[str]:
        rows = sdk.accounting.get_contacts(sdk.tenant, if_modified_since=since).contacts
        return [row.name for row in rows]

    assert name in names(stamp)
    assert name not in names(timezone.now() + timedelta(minutes=1))


def test_items(sdk: Sdk) -> None:
    code = unique("P")
    wanted = Item(
        code=code,
        name="Pump",
        sales_details=Purchase(
            unit_price=1.2345, account_code="200", tax_type="OUTPUT2"
        ),
    )

    (made,) = sdk.accounting.create_items(
        sdk.tenant, Items(items=[wanted]), unitdp=4
    ).items
    (read,) = sdk.accounting.get_item(sdk.tenant, made.item_id, unitdp=4).items
    clash = sdk.accounting.create_items(
        sdk.tenant, Items(items=[Item(code=code)]), summarize_errors=False
    ).items

    assert str(read.sales_details.unit_price) == "1.2345"
    assert clash[0].validation_errors[0].message == (
        f"Price List Item with Code '{code}' already exists"
    )
    assert code in [row.code for row in sdk.accounting.get_items(sdk.tenant).items]
    sdk.accounting.delete_item(sdk.tenant, made.item_id)
    with pytest.raises(NotFoundException):
        sdk.accounting.get_item(sdk.tenant, made.item_id)


def test_invoices_created_authorised_voided(sdk: Sdk) -> None:
    draft = sdk.invoice()
    assert (draft.status, str(draft.total)) == ("DRAFT", "144.00")

    def step(status: str) -> Any:
        change = Invoices(invoices=[Invoice(status=status)])
        answer = sdk.accounting.update_invoice(sdk.tenant, draft.invoice_id, change)
        return answer.invoices[0].status

    assert step("AUTHORISED") == "AUTHORISED"
    assert step("VOIDED") == "VOIDED"
    with pytest.raises(AccountingBadRequestException):
        step("AUTHORISED")
    (read,) = sdk.accounting.get_invoice(sdk.tenant, draft.invoice_id).invoices
    assert (read.status, read.due_date) == ("VOIDED", date(2026, 5, 31))


def test_invoices_listed(sdk: Sdk) -> None:
    made = sdk.invoice(status="AUTHORISED")

    rows = sdk.accounting.get_invoices(
        sdk.tenant,
        where=f'Contact.ContactID==Guid("{made.contact.contact_id}")',
        statuses=["AUTHORISED"],
        page=1,
    ).invoices

    assert [row.invoice_number for row in rows] == [made.invoice_number]
    assert str(rows[0].line_items[0].line_amount) == "120.00"


def put_payment(sdk: Sdk, invoice: Invoice, amount: int) -> Payment:
    payment = Payment(
        invoice=Invoice(invoice_id=invoice.invoice_id),
        account=AccountModel(code="090"),
        amount=amount,
    )
    sent = Payments(payments=[payment])
    (paid,) = sdk.accounting.create_payments(sdk.tenant, sent).payments
    return paid


def put_credit_note(sdk: Sdk, invoice: Invoice, amount: int) -> CreditNote:
    back = LineItem(
        description="Back", unit_amount=amount, account_code="200", tax_type="NONE"
    )
    note = CreditNote(
        type="ACCRECCREDIT",
        contact=Contact(contact_id=invoice.contact.contact_id),
        status="AUTHORISED",
        line_items=[back],
    )
    sent = CreditNotes(credit_notes=[note])
    (credit,) = sdk.accounting.create_credit_notes(sdk.tenant, sent).credit_notes
    allocation = Allocation(
        invoice=Invoice(invoice_id=invoice.invoice_id),
        amount=amount,
        date=date(2026, 5, 2),
    )
    sdk.accounting.create_credit_note_allocation(
        sdk.tenant, credit.credit_note_id, Allocations(allocations=[allocation])
    )
    return credit


def test_payments_and_credit_notes(sdk: Sdk) -> None:
    made = sdk.invoice(status="AUTHORISED")
    paid, credit = put_payment(sdk, made, 100), put_credit_note(sdk, made, 44)

    (settled,) = sdk.accounting.get_invoice(sdk.tenant, made.invoice_id).invoices
    assert (settled.status, str(settled.amount_due)) == ("PAID", "0.00")
    assert str(settled.amount_paid) == "100.00"
    assert str(settled.amount_credited) == "44.00"

    sdk.accounting.delete_payment(
        sdk.tenant, paid.payment_id, PaymentDelete(status="DELETED")
    )
    (reopened,) = sdk.accounting.get_invoice(sdk.tenant, made.invoice_id).invoices
    assert (reopened.status, str(reopened.amount_due)) == ("AUTHORISED", "100.00")
    listed = sdk.accounting.get_payments(sdk.tenant, page=1).payments
    assert "DELETED" in [
        row.status for row in listed if row.payment_id == paid.payment_id
    ]
    notes = sdk.accounting.get_credit_notes(sdk.tenant, page=1).credit_notes
    assert credit.credit_note_id in [row.credit_note_id for row in notes]
