"""What an administrator chooses, confirms and is warned of; connecting by browser."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fieldops.common.models import ChangeEntry
from invoicing.models import InvoicingSettings
from tests.builders import make_customer, make_invoice
from tests.ledger import CLIENT_ID, CLIENT_SECRET, EmptyLedger, PracticeLedger
from tests.pages import main_of
from tests.xero_sync.rows import confirm_settings, make_connection, make_run
from xero_sync.models import SyncRun, SyncSettings, XeroConnection

pytestmark = pytest.mark.django_db
PAGE = "/settings/xero/"
CUSTOMERS = "/settings/customers/"


def values(**changes: str) -> dict[str, str]:
    return {
        "address_slot": "POBOX",
        "mode": "automatic",
        "frequency": "10",
        "arrival_status": "AUTHORISED",
        "invoices_from": "",
        "vat_quarters": "3",
        "sales_account_code": "200",
        "sales_tax_type": "OUTPUT2",
        "purchase_account_code": "300",
        "purchase_tax_type": "INPUT2",
    } | changes


def test_everything_can_be_chosen_and_confirmed(administrator_client: Client) -> None:
    make_connection(first_sync_done_at=None)
    answer = administrator_client.post(
        PAGE,
        values(
            address_slot="STREET",
            mode="manual",
            frequency="120",
            arrival_status="SUBMITTED",
            sends_drafts="on",
            invoices_from="2026-04-01",
            sales_account_code="260",
            address_confirmed="on",
            invoices_confirmed="on",
        ),
    )
    assert answer.status_code == 302
    settings = SyncSettings.current()
    assert (settings.address_slot, settings.mode, settings.frequency) == (
        "STREET",
        "manual",
        120,
    )
    assert (settings.arrival_status, settings.sends_drafts) == ("SUBMITTED", True)
    assert settings.invoices_from == date(2026, 4, 1)
    assert settings.unconfirmed == ["the email address to use"]
    assert InvoicingSettings.current().sales_account_code == "260"
    administrator_client.post(
        CUSTOMERS, {"email": "accounting", "email_confirmed": "on"}
    )
    settings = SyncSettings.current()
    assert (settings.email, settings.unconfirmed) == ("accounting", [])


def test_saving_without_the_tick_confirms_nothing(administrator_client: Client) -> None:
    administrator_client.post(PAGE, values())
    assert len(SyncSettings.current().unconfirmed) == 3
    page = main_of(administrator_client, PAGE)
    assert "Not sure? Ask your bookkeeper." in page
    assert "I have checked this" in page


def test_saving_says_what_is_left_to_confirm(administrator_client: Client) -> None:
    make_connection(first_sync_done_at=None)
    ticked = values(address_confirmed="on", invoices_confirmed="on")
    said = administrator_client.post(PAGE, ticked, follow=True).content.decode()
    assert "Saved. Still to confirm: the email address to use." in said
    assert "Still to confirm: the email address to use. Then a preview" in said
    ticked = {"email": "main", "email_confirmed": "on"}
    said = administrator_client.post(CUSTOMERS, ticked, follow=True).content.decode()
    assert "Still to confirm" not in said
    assert "All settings are confirmed. Next, see what the first sync" in said


def test_what_is_confirmed_stays_confirmed(administrator_client: Client) -> None:
    make_connection()
    confirm_settings()
    assert "I have checked this" not in main_of(administrator_client, PAGE)
    administrator_client.post(PAGE, values(frequency="30"))
    settings = SyncSettings.current()
    assert (settings.frequency, settings.unconfirmed) == (30, [])


def test_a_change_that_concerns_nobody_is_saved_at_once(
    administrator_client: Client,
) -> None:
    make_connection()
    confirm_settings()
    answer = administrator_client.post(CUSTOMERS, {"email": "accounting"}, follow=True)
    assert "Before you save" not in answer.content.decode()
    assert SyncSettings.current().email == "accounting"


@pytest.mark.parametrize(
    "changes",
    [
        {"frequency": "7"},
        {"address_slot": "HOME"},
        {"sales_account_code": "999"},
        {"invoices_from": "soon"},
    ],
)
def test_what_is_no_choice_is_refused(
    administrator_client: Client, changes: dict[str, str]
) -> None:
    before = ChangeEntry.objects.count()
    answer = administrator_client.post(PAGE, values(**changes))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert ChangeEntry.objects.count() == before


def test_a_change_shows_whom_it_concerns_before_it_is_saved(
    administrator_client: Client,
) -> None:
    make_connection()
    confirm_settings()
    make_customer(email="a@b.example", accounting_email="c@b.example")
    make_customer(email="a@b.example")
    asked = administrator_client.post(CUSTOMERS, {"email": "accounting"})
    assert "1 customer or supplier will have their accounting email address" in (
        asked.content.decode()
    )
    assert SyncSettings.current().email == "main"
    administrator_client.post(CUSTOMERS, {"email": "accounting", "affects_seen": "1"})
    assert SyncSettings.current().email == "accounting"


def test_the_first_of_those_concerned_are_named(
    administrator_client: Client,
) -> None:
    make_connection()
    confirm_settings()
    for number in range(7):
        make_customer(
            f"Castle {number}",
            accounting_email=f"pay{number}@b.example",
            billing_city="Bangor",
        )
    make_customer("Accents", email="main@b.example", accounting_email="pay@b.example")
    make_customer("Nobody", email="n@b.example", is_archived=True)
    before = ChangeEntry.objects.count()

    page = administrator_client.post(CUSTOMERS, {"email": "accounting"})
    assert page.context["effects"][0].first == [
        "Accents: pay@b.example",
        *(f"Castle {number}: pay{number}@b.example" for number in range(4)),
    ]
    assert "and 3 more" in page.content.decode()
    page = administrator_client.post(PAGE, values(address_slot="STREET"))
    (effect,) = page.context["effects"]
    assert (effect.count, effect.first[0], effect.more) == (7, "Castle 0", 2)
    assert ChangeEntry.objects.count() == before
    assert SyncSettings.current().email == "main"
    assert SyncSettings.current().address_slot == "POBOX"


def test_going_back_to_the_main_address_names_it(administrator_client: Client) -> None:
    make_connection()
    confirm_settings()
    SyncSettings.objects.update(email="accounting")
    make_customer("Castle", email="info@b.example", accounting_email="pay@b.example")
    page = administrator_client.post(CUSTOMERS, {"email": "main"})
    assert page.context["effects"][0].first == ["Castle: info@b.example"]


def test_invoices_that_a_day_lets_go_are_named(administrator_client: Client) -> None:
    make_connection()
    confirm_settings()
    SyncSettings.objects.update(invoices_from=date(2026, 3, 1))
    customer = make_customer("Castle")
    for month in (1, 2, 4):
        make_invoice(customer, issued_on=date(2026, month, 5))
    page = administrator_client.post(PAGE, values(invoices_from="2026-02-01"))
    (effect,) = page.context["effects"]
    assert effect.sentence == "1 invoice left out so far will be sent."
    assert effect.first == ["INV-1002, Castle, £12.00"]


def test_the_preview_takes_the_same_queries_whatever_their_number(
    administrator_client: Client,
) -> None:
    make_connection()
    confirm_settings()
    counts = []
    for _ in range(2):
        for _ in range(8):
            make_customer(billing_city="Bangor")
        with CaptureQueriesContext(database) as queries:
            administrator_client.post(PAGE, values(address_slot="STREET"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_later_day_says_what_stays_out(administrator_client: Client) -> None:
    make_connection()
    confirm_settings()
    make_invoice(issued_on=date(2026, 1, 5))
    asked = administrator_client.post(PAGE, values(invoices_from="2026-02-01"))
    assert (
        "1 invoice more will be left out: 1 in all, £12.00." in asked.content.decode()
    )
    assert SyncSettings.current().invoices_from is None


def test_the_day_after_the_lock_date_is_proposed(administrator_client: Client) -> None:
    make_connection(first_sync_done_at=None, lock_date=date(2026, 3, 31))
    make_invoice(issued_on=date(2026, 3, 1))
    page = main_of(administrator_client, PAGE)
    assert 'value="2026-04-01"' in page
    assert "1 invoice dated before 1 Apr 2026, £12.00 in all, stays out." in page


def test_a_page_that_is_behind_saves_nothing(administrator_client: Client) -> None:
    make_connection(first_sync_done_at=None)
    seen = SyncSettings.current().revision
    administrator_client.post(CUSTOMERS, {"email": "accounting", "revision": str(seen)})
    late = administrator_client.post(PAGE, values(frequency="60", revision=str(seen)))
    assert late.status_code == 422
    assert "Somebody changed these settings" in late.content.decode()
    assert SyncSettings.current().frequency == 10


# --- connecting, by the roads a browser takes ---


@pytest.fixture(scope="module")
def running_ledger() -> Iterator[PracticeLedger]:
    with EmptyLedger() as ledger:
        yield ledger


@pytest.fixture
def ledger(running_ledger: PracticeLedger, settings: object) -> PracticeLedger:
    for name, value in (
        ("XERO_URL", running_ledger.url),
        ("XERO_LOGIN_URL", running_ledger.url),
        ("XERO_IDENTITY_URL", running_ledger.url),
        ("XERO_API_URL", running_ledger.url),
        ("XERO_CLIENT_ID", CLIENT_ID),
        ("XERO_CLIENT_SECRET", CLIENT_SECRET),
        ("XERO_REDIRECT_URI", "http://localhost/xero/callback/"),
    ):
        setattr(settings, name, value)
    return running_ledger


def consent(client: Client, decision: str = "allow") -> str:
    """Press Connect, answer Xero's page, and give the address it sends us back to."""
    leaving = client.post("/xero/connect/")
    asked = urlsplit(leaving.headers["Location"])
    form = {name: found[0] for name, found in parse_qs(asked.query).items()}
    answer = requests.post(
        f"{asked.scheme}://{asked.netloc}{asked.path}",
        data=form | {"decision": decision},
        allow_redirects=False,
        timeout=10,
    )
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_connecting_reads_the_organisation(
    administrator_client: Client, ledger: PracticeLedger
) -> None:
    back = administrator_client.get(consent(administrator_client), follow=True)
    connection = XeroConnection.objects.get()
    assert connection.is_connected
    assert f"Connected to {connection.tenant_name}." in back.content.decode()
    assert connection.base_currency == "GBP"


def test_the_answer_of_another_visit_is_refused(
    administrator_client: Client, ledger: PracticeLedger
) -> None:
    address = consent(administrator_client)
    forged = address.replace("state=", "state=x")
    answer = administrator_client.get(forged, follow=True)
    assert (
        "This answer from Xero does not belong to your visit."
        in answer.content.decode()
    )
    replayed = administrator_client.get(address, follow=True)
    assert (
        "This answer from Xero does not belong to your visit."
        in replayed.content.decode()
    )
    assert XeroConnection.objects.count() == 0


def test_a_consent_that_was_not_given(
    administrator_client: Client, ledger: PracticeLedger
) -> None:
    address = consent(administrator_client, decision="deny")
    answer = administrator_client.get(address, follow=True)
    assert "access was not allowed there" in answer.content.decode()
    assert XeroConnection.objects.count() == 0


def test_disconnecting_is_asked_for_first(
    administrator_client: Client, ledger: PracticeLedger
) -> None:
    administrator_client.get(consent(administrator_client))
    asked = main_of(administrator_client, f"{PAGE}?disconnect=1")
    assert "Nothing is deleted, here or there" in asked
    administrator_client.post("/xero/disconnect/")
    connection = XeroConnection.objects.get()
    assert connection.state == XeroConnection.State.DISCONNECTED
    assert connection.access_token == ""
    assert "Reconnect to Xero" in main_of(administrator_client, PAGE)


def test_without_an_app_of_its_own_it_says_what_is_missing(
    administrator_client: Client,
) -> None:
    assert "no Xero client id and secret yet" in main_of(administrator_client, PAGE)
    answer = administrator_client.post("/xero/connect/", follow=True)
    assert "XERO_CLIENT_ID" in answer.content.decode()


def test_before_the_first_sync_the_page_leads_to_the_preview(
    administrator_client: Client,
) -> None:
    connection = make_connection(first_sync_done_at=None)
    confirm_settings()
    for page in (PAGE, CUSTOMERS):
        said = main_of(administrator_client, page)
        assert "Nothing goes to Xero before the first sync" in said
        assert "Go to Xero sync" in said
    make_run(connection, reason="preview")
    assert 'href="/xero/preview/"' in main_of(administrator_client, CUSTOMERS)

    answer = administrator_client.post(
        CUSTOMERS, {"email": "accounting"}, follow=True
    ).content.decode()
    assert "A new preview of the first sync is on its way." in answer
    runs = SyncRun.objects.order_by("pk").values_list("reason", "state")
    assert list(runs) == [("preview", "finished"), ("preview", "queued")]

    SyncRun.objects.update(state="finished")
    administrator_client.post(CUSTOMERS, {"email": "accounting"})
    assert SyncRun.objects.count() == 2  # nothing was changed
    XeroConnection.objects.update(first_sync_done_at=timezone.now())
    said = main_of(administrator_client, PAGE)
    assert "Nothing goes to Xero before" not in said
