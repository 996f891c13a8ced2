"""Client and mappers against the practice ledger, over real HTTP."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.ledger import CLIENT_ID, CLIENT_SECRET, REDIRECT, PracticeLedger
from tests.xero_sync.client.fakes import read
from tests.xero_sync.client.writing import write
from xero_sync.client.answers import Json
from xero_sync.client.api import XeroApi
from xero_sync.client.auth import XeroApp, XeroAuth
from xero_sync.client.errors import (
    AnswerLost,
    NotFound,
    RateLimited,
    XeroDisconnected,
    XeroUnavailable,
)
from xero_sync.client.exchange import SystemClock
from xero_sync.client.lines import ThreadLines
from xero_sync.client.messages import classify
from xero_sync.client.throttle import MemoryBudget, Throttle
from xero_sync.client.transport import HttpTransport
from xero_sync.mappers.contacts import contact_from_wire, contact_to_wire
from xero_sync.mappers.invoices import (
    invoice_from_wire,
    invoice_status_to_wire,
    invoice_to_wire,
)
from xero_sync.mappers.items import item_from_wire, item_to_wire
from xero_sync.mappers.organisation import organisation_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire
from xero_sync.mappers.wire import request_body
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, InvoiceDraft, ItemDraft, LineDraft

ADA = ContactDraft(
    name='Ada "Quick" O\'Brien & Söhne',
    first_name="Ada",
    email="ada@example.com",
    phone="+44 1632 960001",
    address_line1="1 High Street",
    address_city="Leeds",
    address_postcode="LS1 1PR",
    payment_terms="DAYSAFTERBILLDATE",
    payment_days=14,
)


@dataclass
class Connected:
    """A sign-in whose token it renews, as the store's does."""

    ledger: PracticeLedger
    refresh_token: str = ""
    token: str = ""
    renewed: int = -1
    auth: XeroAuth = field(init=False)

    def __post_init__(self) -> None:
        url = self.ledger.url
        app = XeroApp(CLIENT_ID, CLIENT_SECRET, REDIRECT, url, url, url)
        self.auth = XeroAuth(app, HttpTransport())
        self.refresh_token = self.ledger.sign_in()["refresh_token"]
        self.refresh("")

    def access_token(self) -> str:
        return self.token

    def refresh(self, rejected: str) -> str:
        tokens = self.auth.refresh(self.refresh_token)
        self.refresh_token, self.token = tokens.refresh_token, tokens.access_token
        self.renewed += 1
        return self.token

    def api(self) -> XeroApi:
        (connection,) = self.auth.connections(self.token)
        return XeroApi(
            ThreadLines(HttpTransport()),
            Throttle(MemoryBudget(), SystemClock(), calls_per_minute=10_000),
            self,
            connection.tenant_id,
            api_url=self.ledger.url,
            max_wait=1.0,
        )

    def worked(self, access: str) -> None:
        pass


@pytest.fixture
def connected(ledger: PracticeLedger) -> Connected:
    return Connected(ledger)


@pytest.fixture
def api(connected: Connected) -> XeroApi:
    return connected.api()


def new_key() -> str:
    """The ledger remembers keys over a reset, as Xero does."""
    return str(uuid4())


def put_contact(api: XeroApi, draft: ContactDraft, number: str) -> str:
    element = contact_to_wire(
        draft, address_slot="POBOX", fields=None, contact_number=number
    )
    body = request_body("Contacts", [element])
    (result,) = write(api, "PUT", "Contacts", body, idempotency_key=new_key())
    assert result.accepted
    return result.xero_id


def test_a_contact_comes_back_as_it_was_sent(api: XeroApi) -> None:
    xero_id = put_contact(api, ADA, "our-1")

    (found,) = api.contacts_by_number(["our-1", "our-2"])
    (by_id,) = api.contacts_by_id([xero_id])

    remote = contact_from_wire(found, address_slot="POBOX")
    assert (remote.draft, remote.contact_number) == (ADA, "our-1")
    assert remote.xero_id == xero_id
    assert by_id == found


def test_an_update_changes_what_it_names_and_nothing_else(api: XeroApi) -> None:
    xero_id = put_contact(api, ADA, "our-1")
    changed = replace(ADA, phone="", address_city="York")
    element = contact_to_wire(
        changed, address_slot="POBOX", fields=["phone", "address_city"], xero_id=xero_id
    )

    write(
        api,
        "POST",
        "Contacts",
        request_body("Contacts", [element]),
        idempotency_key=new_key(),
    )

    (found,) = api.contacts_by_id([xero_id])
    assert contact_from_wire(found, address_slot="POBOX").draft == changed
    assert contact_from_wire(found, address_slot="STREET").draft.address_city == ""


def test_in_a_mixed_batch_the_good_are_made_and_the_bad_say_why(api: XeroApi) -> None:
    drafts = [ADA, replace(ADA, name="Bad Mail", email="nowhere"), ADA]
    elements = [
        contact_to_wire(
            draft, address_slot="POBOX", fields=None, contact_number=f"our-{place}"
        )
        for place, draft in enumerate(drafts)
    ]

    results = write(
        api,
        "PUT",
        "Contacts",
        request_body("Contacts", elements),
        idempotency_key=new_key(),
    )

    assert [result.key for result in results] == ["our-0", "our-1", "our-2"]
    assert [result.accepted for result in results] == [True, False, False]
    assert [bool(result.xero_id) for result in results] == [True, False, False]
    codes = [classify(result.errors[0]).code for result in results if result.errors]
    assert codes == [IssueCode.EMAIL_INVALID, IssueCode.NAME_TAKEN_IN_XERO]
    assert len(_contacts(api)) == 1


def test_an_item_keeps_the_four_places_of_its_price(api: XeroApi) -> None:
    draft = ItemDraft(
        code="BLR-1",
        name="Boiler",
        description="A boiler",
        sell_price=Decimal("12.3456"),
        sales_account_code="200",
        sales_tax_type="OUTPUT2",
    )
    element = item_to_wire(draft, fields=None)

    write(
        api, "PUT", "Items", request_body("Items", [element]), idempotency_key=new_key()
    )

    (found,) = api.items()
    assert item_from_wire(found).draft == draft


def test_an_invoice_arrives_with_the_totals_of_both_sides(api: XeroApi) -> None:
    draft = InvoiceDraft(
        number='INV-"7"',
        contact_id=put_contact(api, ADA, "our-1"),
        issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 30),
        reference="Job 4",
        amounts_are="Exclusive",
        currency="GBP",
        status="AUTHORISED",
        lines=(
            LineDraft(
                "Labour", Decimal(3), Decimal("10.1234"), Decimal(10), "200", "OUTPUT2"
            ),
        ),
    )
    body = request_body("Invoices", [invoice_to_wire(draft)])

    (result,) = write(api, "PUT", "Invoices", body, idempotency_key=new_key())

    (found,) = api.invoices_by_number([draft.number])
    remote = invoice_from_wire(found)
    assert result.xero_id == remote.xero_id
    assert (remote.subtotal, remote.tax) == (Decimal("27.33"), Decimal("5.47"))
    assert (remote.total, remote.amount_due) == (Decimal("32.80"), Decimal("32.80"))
    assert (remote.issued_on, remote.due_on) == (draft.issued_on, draft.due_on)
    assert remote.contact_id == draft.contact_id
    (sent,) = api.invoices_by_id([remote.xero_id])
    lines = sent["LineItems"]
    assert isinstance(lines, list)
    assert lines[0]["UnitAmount"] == "10.1234"

    voided = request_body(
        "Invoices", [invoice_status_to_wire(remote.xero_id, "VOIDED")]
    )
    (result,) = write(api, "POST", "Invoices", voided, idempotency_key=new_key())
    assert invoice_from_wire(result.payload).status == "VOIDED"


def test_a_lost_answer_is_repeated_under_its_key_and_makes_one_contact(
    ledger: PracticeLedger, api: XeroApi
) -> None:
    ledger.control("faults", kind="lose_answer", method="PUT", times=1)

    put_contact(api, ADA, "our-1")

    assert len(_contacts(api)) == 1
    assert api.writes == 2


def test_an_answer_lost_for_good_is_found_by_our_own_number(
    ledger: PracticeLedger, api: XeroApi
) -> None:
    ledger.control("faults", kind="lose_answer", method="PUT", times=3)

    with pytest.raises(AnswerLost) as refusal:
        put_contact(api, ADA, "our-1")

    assert refusal.value.outcome_unknown
    (found,) = api.contacts_by_number(["our-1"])
    assert found["Name"] == ADA.name


def test_half_an_answer_is_repeated(ledger: PracticeLedger, api: XeroApi) -> None:
    ledger.control("faults", kind="truncate", times=1)

    assert organisation_from_wire(api.organisation()).base_currency == "GBP"
    assert api.calls == 2


def test_an_expired_token_is_renewed_in_the_middle(
    ledger: PracticeLedger, connected: Connected
) -> None:
    api = connected.api()
    ledger.control("faults", kind="token_expired", times=1)

    (page,) = read(api, api.tax_rate_list())
    rates = [tax_rate_from_wire(rate) for rate in page.elements]

    assert connected.renewed == 1
    assert Decimal(20) in {rate.percent for rate in rates}


def test_closed_doors_are_named(ledger: PracticeLedger, api: XeroApi) -> None:
    ledger.control("faults", kind="offline", times=1)
    with pytest.raises(XeroUnavailable) as refusal:
        api.actions()
    assert refusal.value.retry_after == 300

    ledger.control(
        "faults", kind="rate_limit", times=1, problem="minute", retry_after=26
    )
    with pytest.raises(RateLimited) as limit:
        api.actions()
    assert (limit.value.problem, limit.value.retry_after) == ("minute", 26)


def test_what_is_not_there_and_who_may_not_enter(connected: Connected) -> None:
    api = connected.api()
    unknown = "5c2f6a52-6b8e-44a8-a2a7-0d2d43a7f002"
    element = invoice_status_to_wire(unknown, "VOIDED")
    voided = request_body("Invoices", [element])
    with pytest.raises(NotFound):
        write(api, "POST", "Invoices", voided, idempotency_key=new_key())

    (connection,) = connected.auth.connections(connected.token)
    connected.auth.disconnect(connected.token, connection.connection_id)
    with pytest.raises(XeroDisconnected):
        api.actions()
    connected.auth.revoke(connected.refresh_token)
    with pytest.raises(XeroDisconnected) as refusal:
        connected.refresh("")
    assert refusal.value.reason == "invalid_grant"


def test_a_quiet_second_read_is_one_call(api: XeroApi) -> None:
    for place in range(5):
        put_contact(api, replace(ADA, name=f"Ada {place}"), f"our-{place}")
    *_, last = read(api, api.contact_pages(None))
    before = api.reads

    (again,) = read(api, api.contact_pages(last.watermark))

    assert api.reads == before + 1
    assert again.watermark == last.watermark


def _contacts(api: XeroApi) -> list[Json]:
    (page,) = read(api, api.contact_pages(None))
    return page.elements
