"""First the demo company, then the real one: not a trace of the old links is left, and
nothing of a run for the one ever reaches the other."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice
from tests.builders import TESTER, line, make_customer, make_invoice, make_item
from tests.ledger import CLIENT_ID, CLIENT_SECRET, PracticeLedger
from tests.xero_sync.world import (
    CONFIRMED,
    assert_silent,
    connect,
    first_sync,
    in_step,
    next_sync,
    one_slice,
    open_codes,
)
from xero_sync.client.api import XeroApi
from xero_sync.models import (
    ContactLink,
    Intent,
    InvoiceLink,
    ItemLink,
    MirrorRecord,
    PairDecision,
    SyncCursor,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.runs.choices import change_settings
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.errors import AnotherOrganisation, ConsentRefused, NotConfirmed
from xero_sync.runs.practice import connect_practice_ledger
from xero_sync.runs.requests import start_first_sync, sync_now
from xero_sync.runs.runner import Slice
from xero_sync.runs.starting_again import stake_of, start_again, stay_as_it_was

pytestmark = pytest.mark.django_db

OF_A_CONNECTION = (
    ContactLink,
    ItemLink,
    InvoiceLink,
    MirrorRecord,
    SyncCursor,
    SyncIssue,
    PairDecision,
    Intent,
)


@pytest.fixture
def ledger(ledger: PracticeLedger) -> Iterator[PracticeLedger]:
    """Nobody after this is asked which of the organisations opened here is meant."""
    yield ledger
    answer = requests.post(
        f"{ledger.url}/connect/revocation",
        data={"token": ledger.sign_in()["refresh_token"]},
        auth=(CLIENT_ID, CLIENT_SECRET),
        timeout=5,
    )
    answer.raise_for_status()


@pytest.fixture
def company(ledger: PracticeLedger) -> PracticeLedger:
    """A customer with a paid invoice for a stock item, in step with the first books; one
    more customer that Xero does not take."""
    item = make_item("VALVE")
    invoice = make_invoice(make_customer("Castle Hotel"), [line(item=item)])
    make_customer("Dunes Bar", email="not an address")
    connect(ledger)
    in_step()
    ledger.control("invoice/pay", invoice=invoice.number)
    next_sync()
    return ledger


@pytest.fixture
def other(company: PracticeLedger) -> str:
    """The tenant of a second organisation, with books of its own."""
    opened = company.control("organisation", name="Real Trading Ltd")
    return str(opened["tenant_id"])


def consent(ledger: PracticeLedger, tenant: str, *, again: bool) -> XeroConnection:
    return connect_practice_ledger(
        ledger.url, by=TESTER, organisation=tenant, again=again
    )


def books(ledger: PracticeLedger, tenant: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in ledger.state()["organisations"] if one["tenant_id"] == tenant
    )
    return found


def rows_of(connection: XeroConnection) -> dict[str, int]:
    return {
        model.__name__: count
        for model in OF_A_CONNECTION
        if (count := model._default_manager.filter(connection=connection).count())
    }


# --- until somebody says so ---


def test_another_organisation_is_refused_and_nothing_is_touched(
    company: PracticeLedger, other: str
) -> None:
    disconnect(by=TESTER)
    before = XeroConnection.objects.get()
    rows = rows_of(before)

    with pytest.raises(AnotherOrganisation, match="Real Trading Ltd"):
        consent(company, other, again=False)

    kept = XeroConnection.objects.get()
    assert (kept.pk, kept.state, kept.access_token) == (before.pk, before.state, "")
    assert rows_of(kept) == rows
    assert books(company, other)["contacts"] == 0
    consent(company, company.state()["tenant_id"], again=False)
    assert_silent()


def test_the_stake_is_told_in_numbers(company: PracticeLedger) -> None:
    stake = stake_of(XeroConnection.objects.get())

    assert (stake.contacts, stake.items, stake.invoices, stake.issues) == (1, 1, 1, 1)
    assert (stake.sent_again, stake.paid_among_them, stake.open_runs) == (1, 1, 0)


# --- and then ---


def test_not_a_trace_of_the_old_links_is_left_and_every_record_stays(
    company: PracticeLedger, other: str
) -> None:
    old = XeroConnection.objects.get()
    entries = ChangeEntry.objects.count()
    assert rows_of(old)

    new = consent(company, other, again=True)

    old.refresh_from_db()
    assert (new.tenant_id, new.is_current, new.is_connected) == (other, True, True)
    assert XeroConnection.current() == new
    assert (old.is_current, old.access_token, old.refresh_token) == (False, "", "")
    assert rows_of(old) == rows_of(new) == {}
    assert (new.first_sync_done_at, new.accepted_differences) == (None, [])
    assert SyncRun.objects.filter(connection=old).count() == 2
    assert Contact.objects.count() == 2
    invoice = Invoice.objects.get()
    assert (invoice.amount_paid, invoice.status) == (invoice.total, "approved")
    assert not invoice.xero_links.exists()
    assert ChangeEntry.objects.count() == entries + 1  # the confirmations
    assert SyncSettings.current().unconfirmed


def test_the_new_books_are_filled_from_the_first_sync_on(
    company: PracticeLedger, other: str
) -> None:
    home = company.state()["tenant_id"]
    before = books(company, home)
    consent(company, other, again=True)
    with pytest.raises(NotConfirmed):
        start_first_sync(by=TESTER)

    change_settings(CONFIRMED, by=TESTER)
    run = first_sync()

    assert run.state == SyncRun.State.FINISHED
    filled = books(company, other)
    assert (filled["contacts"], filled["items"], filled["invoices"]) == (1, 1, 1)
    assert books(company, home) == before
    assert open_codes() == ["email_invalid"]
    assert_silent()
    # The new organisation has the word about money from now on.
    assert Invoice.objects.get().amount_paid == 0


def test_coming_back_is_starting_again_once_more(
    company: PracticeLedger, other: str
) -> None:
    home = company.state()["tenant_id"]
    before = books(company, home)
    consent(company, other, again=True)
    change_settings(CONFIRMED, by=TESTER)
    first_sync()

    back = consent(company, home, again=True)
    change_settings(CONFIRMED, by=TESTER)
    first_sync()

    assert (back.tenant_id, XeroConnection.objects.count()) == (home, 3)
    # All is recognised: nothing is made there a second time.
    assert books(company, home) == before
    assert ContactLink.objects.get().origin == "matched"
    assert Invoice.objects.get().amount_paid > 0
    assert_silent()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_for_the_old_one_writes_nothing_into_the_new_one(
    company: PracticeLedger,
    other: str,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    """An administrator starts again while a worker is sending."""
    make_customer("Abbey Dental")
    run = sync_now(by=TESTER)

    def sends(original: Callable[..., Any]) -> Callable[..., Any]:
        def sending(*args: Any, **named: Any) -> Any:
            if moment == "before":
                consent(company, other, again=True)
            answer = original(*args, **named)
            if moment == "after":
                consent(company, other, again=True)
            return answer

        return sending

    for name in ("write", "write_all"):
        if hasattr(XeroApi, name):
            monkeypatch.setattr(XeroApi, name, sends(getattr(XeroApi, name)))

    assert one_slice(run) is Slice.BUSY

    assert (run.state, run.problem) == (SyncRun.State.FAILED, "disconnected")
    assert books(company, other)["contacts"] == 0
    assert not ContactLink.objects.exists()
    assert not Intent.objects.exists()


def test_staying_leaves_no_tokens_behind(company: PracticeLedger, other: str) -> None:
    before = XeroConnection.objects.get()
    candidate = candidate_for(company, other)
    assert XeroConnection.candidate() == candidate

    stay_as_it_was()

    assert XeroConnection.objects.get() == before
    assert_silent()


def test_only_what_was_opened_can_be_chosen(
    company: PracticeLedger, other: str
) -> None:
    before = rows_of(XeroConnection.objects.get())
    candidate = candidate_for(company, other)

    with pytest.raises(ConsentRefused):
        start_again(candidate, "somebody-else", by=TESTER)

    current = XeroConnection.current()
    assert current is not None
    assert rows_of(current) == before


# --- the page ---


def candidate_for(ledger: PracticeLedger, tenant: str) -> XeroConnection:
    """As after Xero's page, before the word is given."""
    connection = XeroConnection.objects.create(
        is_current=False,
        practice_url=ledger.url,
        choices=[
            {
                "tenant_id": tenant,
                "tenant_name": "Real Trading Ltd",
                "connection_id": "c2",
            }
        ],
    )
    return connection


def consent_in_browser(
    client: Client, ledger: PracticeLedger, tenant: str, settings: Any
) -> Any:
    """Press the button, choose on the ledger's own page, come back."""
    for name in ("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"):
        setattr(settings, name, ledger.url)
    settings.XERO_CLIENT_ID = "practice-client"
    settings.XERO_CLIENT_SECRET = "practice-secret"
    settings.XERO_REDIRECT_URI = "http://localhost:9/xero/callback/"
    asked = client.post("/xero/connect/", {"another": "1"})
    address, _, query = asked["Location"].partition("?")
    form = {name: values[0] for name, values in parse_qs(query).items()}
    answer = requests.post(
        address,
        data=form | {"decision": "allow", "organisation": tenant},
        allow_redirects=False,
        timeout=5,
    )
    back = urlsplit(answer.headers["Location"])
    return client.get(f"/xero/callback/?{back.query}", follow=True)


def test_an_administrator_starts_again_in_the_browser(
    company: PracticeLedger,
    other: str,
    administrator_client: Client,
    settings: Any,
) -> None:
    first = administrator_client.get("/xero/start-again/").content.decode()
    assert "Choose the other organisation in Xero" in first

    page = consent_in_browser(administrator_client, company, other, settings)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/xero/start-again/"
    assert "Start again with Real Trading Ltd" in text
    assert "The links of 1 contact, 1 stock item and 1 invoice" in text

    refused = administrator_client.post("/xero/start-again/", {"tenant_id": other})
    assert refused["Location"] == "/xero/start-again/"
    assert ContactLink.objects.count() == 1

    administrator_client.post(
        "/xero/start-again/", {"tenant_id": other, "understood": "on"}
    )
    current = XeroConnection.current()
    assert current is not None
    assert (current.tenant_id, ContactLink.objects.count()) == (other, 0)


def test_an_automatic_sync_that_is_off_is_pointed_out(
    company: PracticeLedger, administrator_client: Client
) -> None:
    page = administrator_client.get("/xero/start-again/").content.decode()
    assert "The automatic sync is off" not in page
    SyncSettings.objects.update(mode=SyncSettings.Mode.MANUAL)
    page = administrator_client.get("/xero/start-again/").content.decode()
    assert "The automatic sync is off, and stays off until you switch it on." in page


def test_choosing_the_same_one_again_is_said(
    company: PracticeLedger, administrator_client: Client, settings: Any
) -> None:
    home = company.state()["tenant_id"]

    page = consent_in_browser(administrator_client, company, home, settings)

    assert "choose the other organisation on Xero" in page.content.decode()
    assert XeroConnection.candidate() is None
    assert ContactLink.objects.count() == 1


@pytest.mark.parametrize("path", ["/xero/start-again/", "/xero/start-again/stay/"])
def test_only_administrators_start_again(
    company: PracticeLedger, office_client: Client, path: str
) -> None:
    assert office_client.get("/xero/start-again/").status_code == 403
    assert office_client.post(path, {"understood": "on"}).status_code == 403
    assert ContactLink.objects.count() == 1
