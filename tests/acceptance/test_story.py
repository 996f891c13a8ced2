"""The whole story in one browser: a company comes in by its files, is connected to the
books of its accountant, synced, put right row by row, and both sides agree."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.db.models import QuerySet, Sum
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Contact
from fieldops.common.permissions import Role
from fieldops.demo.company import DemoCompany, make_company
from fieldops.demo.flaws import BRANCHES
from invoicing.models import Invoice
from stock.models import StockItem
from tests.acceptance.office import office_beside
from tests.builders import make_user
from tests.ledger import PracticeLedger
from tests.services import CeleryProcesses
from xero_sync.models import ContactLink, InvoiceLink, ItemLink, SyncIssue, SyncRun

pytestmark = [pytest.mark.browser, pytest.mark.workers]

SEED = 1
SIZES = {"contacts": 70, "items": 30, "invoices": 80}
ORGANISATION = "Practice Company (UK)"
PATIENCE = 90_000
IN_STEP = "is in step with Xero now."

Troubles = set[tuple[str, str]]  # cause on the page, title of the record

BAD_EMAIL = "Email address is not valid"
NUMBER_USED = "Account number is already used"
NUMBER_IN_XERO = "Account number is already used in Xero"
LONG_NAME = "Stock name is too long"
NO_CODE = "Stock item has no code"
TWIN = "May be in Xero already"
CAUSES = {
    "email_invalid": BAD_EMAIL,
    "account_number_used_here": NUMBER_USED,
    "account_number_used_in_xero": NUMBER_IN_XERO,
    "name_too_long": LONG_NAME,
    "code_missing": NO_CODE,
    "possible_twin": TWIN,
}


@pytest.fixture
def company(tmp_path: Path) -> DemoCompany:
    """Its files stand in ``tmp_path``, with its accountant's books."""
    call_command("demo_data", str(tmp_path), seed=SEED, stdout=StringIO(), **SIZES)
    return make_company(SEED, timezone.localdate(), **SIZES)


@pytest.fixture
def ledger(company: DemoCompany, tmp_path: Path) -> Iterator[PracticeLedger]:
    with PracticeLedger(
        "--tier", "unlimited", "--books", str(tmp_path / "ledger.json")
    ) as ledger:
        yield ledger


@pytest.fixture
def office(
    ledger: PracticeLedger,
    live_server: LiveServer,
    celery_processes: CeleryProcesses,
    settings: Any,
    page: Page,
) -> Iterator[Page]:
    with office_beside(ledger, live_server, celery_processes, settings, page):
        page.goto(live_server.url)
        yield page


def test_from_files_to_books_that_agree(
    office: Page, company: DemoCompany, ledger: PracticeLedger, tmp_path: Path
) -> None:
    before = ledger.state()
    make_user(Role.ADMINISTRATOR, username="mary")
    sign_in(office, "mary")
    import_files(office, company, tmp_path)
    assert Invoice.objects.approved().count() == SIZES["invoices"]

    connect(office)
    confirm_settings(office)
    troubles = planted(company, tmp_path)
    names = [name for _, name in troubles]
    held = Invoice.objects.filter(customer__name__in=names)
    going = Invoice.objects.exclude(customer__name__in=names)
    assert (held.exists(), going.exists()) == (True, True)
    look_at_the_preview(office, going=going, held=held)
    assert ledger.state()["calls"]["writes"] == 0

    run_first_sync(office, ledger)
    read_the_report(office, troubles)
    assert_sent(ledger, going, before)

    put_right(office)
    sync_now(office, ledger)
    assert_sent(ledger, Invoice.objects.all(), before)
    assert_one_of_each(ledger)


# --- what a person does ---


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill("practice")
    page.get_by_role("button", name="Sign in").click()
    expect(top_bar(page)).to_contain_text("Xero: not connected")


def import_files(page: Page, company: DemoCompany, folder: Path) -> None:
    for file, label, records, count in (
        ("contacts", "Contacts", "contacts", len(company.contacts)),
        ("suppliers", "Suppliers", "suppliers", len(company.suppliers)),
        ("items", "Stock items", "stock items", len(company.goods)),
        ("invoices", "Invoices", "invoices", len(company.sales)),
    ):
        go_to(page, "Import")
        page.get_by_label(label, exact=True).check()
        page.get_by_label("CSV file").set_input_files(folder / f"{file}.csv")
        page.get_by_role("button", name="Show preview").click()
        expect(page.get_by_text("Nothing has been written yet")).to_be_visible()
        page.get_by_role("button", name=f"Import {count} {records}").click()
        expect(page.get_by_text("The file was imported", exact=True)).to_be_visible()


def connect(page: Page) -> None:
    go_to(page, "Xero sync")
    page.get_by_role("button", name="Connect to Xero").click()
    expect(page.get_by_text("wants access to your organisation")).to_be_visible()
    page.get_by_label(ORGANISATION, exact=True).check()
    page.get_by_role("button", name="Allow access").click()
    expect(page.get_by_role("region", name="Connection")).to_contain_text(ORGANISATION)
    expect(top_bar(page)).to_contain_text("Xero: first sync not done")


def confirm_settings(page: Page) -> None:
    confirmations = page.get_by_label("I have checked this")
    expect(confirmations).to_have_count(2)
    for confirmation in confirmations.all():
        confirmation.check()
    page.get_by_role("button", name="Save settings").click()
    expect(confirmations).to_have_count(0)
    page.get_by_role("link", name="Change in Customer settings").click()
    confirmations.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(confirmations).to_have_count(0)


def look_at_the_preview(
    page: Page, *, going: QuerySet[Invoice], held: QuerySet[Invoice]
) -> None:
    """Counts and money as this side has them."""
    go_to(page, "Xero sync")
    page.get_by_role("button", name="Show what it will do").click()
    start = page.get_by_role("button", name="Sign off and start")
    expect(start).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("region", name="In short")).to_contain_text(
        f"{going.count()} invoices will be sent, £{total_of(going):,.2f} in all."
    )
    expect(group_of(page, "Invoices to Xero")).to_contain_text(
        f"{going.count()} new in Xero, {held.count()} held back"
    )


def run_first_sync(page: Page, ledger: PracticeLedger) -> None:
    """Slowed down where it sends: the page looks every two seconds."""
    ledger.control("faults", kind="delay", times=-1, method="PUT", delay_ms=1500)
    page.get_by_role("button", name="Sign off and start").click()
    progress = page.get_by_role("region", name="First sync is running")
    expect(progress.get_by_role("progressbar")).to_be_visible()
    expect(progress).to_contain_text("You can leave this page.")
    expect(progress).to_contain_text(
        re.compile(r"[\d,]+ of [\d,]+ records\. Sending "), timeout=PATIENCE
    )
    expect(page.get_by_text("First sync: finished.")).to_be_visible(timeout=PATIENCE)
    ledger.control("faults/clear")
    expect(top_bar(page)).to_contain_text("Xero: last good sync just now")
    run = SyncRun.objects.get(reason=SyncRun.Reason.FIRST)
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)


def read_the_report(page: Page, troubles: Troubles) -> None:
    """All that was planted, nothing else, under its cause."""
    # Before its scripts are there a row that is answered loads the whole page anew.
    expect(page.locator("body[data-seen]")).to_be_attached()
    issues = SyncIssue.objects.open()
    assert {(CAUSES[one.code], one.title) for one in issues} == troubles
    heading = f"{len(troubles)} records need a fix"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    for cause, size in Counter(cause for cause, _ in troubles).items():
        group = group_of(page, cause)
        expect(group.locator(".issue")).to_have_count(size)
        open_group(group)
        for title in (title for found, title in troubles if found == cause):
            expect(row_of(group, title)).to_be_visible()


def put_right(page: Page) -> None:
    """Every record in its row, one after the other; all are watched until they have gone."""
    rows = {
        issue: page.locator(f"#issue-{issue.pk}") for issue in SyncIssue.objects.open()
    }
    for issue, row in rows.items():
        answer(row, issue)
        expect(row).to_contain_text(re.compile(f"On its way to Xero|{IN_STEP}"))
    for row in rows.values():
        expect(row).to_contain_text(IN_STEP, timeout=PATIENCE)


def answer(row: Locator, issue: SyncIssue) -> None:
    """A doubtful one is linked, but for the branches, which are customers of their own."""
    if issue.code == "possible_twin":
        is_branch = issue.title.startswith(BRANCHES)
        name = "It is new" if is_branch else "Link"
        row.get_by_role("button", name=name).click()
        return
    good = {
        "email_invalid": "office@mended.example",
        "name_too_long": f"A shorter name {issue.pk}",
    }
    row.get_by_role("textbox").fill(good.get(issue.code, f"NEW{issue.pk}"))
    row.get_by_role("button", name="Save and try again").click()


def sync_now(page: Page, ledger: PracticeLedger) -> None:
    """Slowed down, so that the page still sees it at work."""
    ledger.control("faults", kind="delay", times=-1, delay_ms=1500)
    go_to(page, "Xero sync")
    button = page.get_by_role("button", name="Sync now")
    button.click()
    expect(button).to_be_disabled()
    ledger.control("faults/clear")
    expect(page.get_by_text("Sync: finished.")).to_contain_text(
        "1 record brought in step. Everything is in step with Xero.", timeout=PATIENCE
    )
    expect(button).to_be_enabled()
    expect(page.get_by_text("Nothing needs a fix.")).to_be_visible()
    expect(top_bar(page)).to_contain_text("Xero: last good sync just now")


# --- parts of the pages ---


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=place).first.click()


def top_bar(page: Page) -> Locator:
    return page.get_by_role("banner")


def group_of(page: Page, title: str) -> Locator:
    exact = page.get_by_text(title, exact=True)
    return page.locator("details.disclosure").filter(has=exact)


def open_group(group: Locator) -> None:
    if group.get_attribute("open") is None:
        group.locator("summary").first.click()


def row_of(group: Locator, title: str) -> Locator:
    return group.locator(".issue").filter(has_text=title)


# --- what must be true ---


def planted(company: DemoCompany, folder: Path) -> Troubles:
    """What is wrong, from the company as it was made up and the accountant's books."""
    flaws = {flaw.flaw: flaw.records for flaw in company.flaws}
    items = {item.name: str(item) for item in StockItem.objects.all()}
    goods = {
        LONG_NAME: (
            *flaws["stock name of 65 characters"],
            *flaws["stock name of 55 characters"],
        ),
        NO_CODE: flaws["stock item without a code"],
    }
    people = {
        BAD_EMAIL: flaws["bad email address"],
        NUMBER_USED: flaws["account number used twice"],
        TWIN: flaws["branches that share an email"],
    }
    ours = {party.account_number: party.name for party in company.contacts}
    books = msgspec.json.decode((folder / "ledger.json").read_bytes())["Contacts"]
    bare = [row["Name"] for row in books if len(row) == 2]
    # Of a stranger the accountant knows everything, our customer's number included.
    taken = [
        ours[row["AccountNumber"]]
        for row in books
        if "TaxNumber" in row and row["AccountNumber"] in ours
    ]
    found = {(cause, name) for cause, names in people.items() for name in names}
    found |= {(cause, items[name]) for cause, names in goods.items() for name in names}
    found |= {(TWIN, name) for name in bare}
    found |= {(NUMBER_IN_XERO, name) for name in taken}
    assert len({cause for cause, _ in found}) == len(CAUSES)
    return found


def total_of(invoices: QuerySet[Invoice]) -> Decimal:
    total: Decimal = invoices.aggregate(total=Sum("total"))["total"]
    return total


def assert_sent(
    ledger: PracticeLedger, invoices: QuerySet[Invoice], before: dict[str, Any]
) -> None:
    """These and no others, to the penny."""
    after = ledger.state()
    assert after["invoices"] - before["invoices"] == invoices.count()
    gained = Decimal(after["sales_total"]) - Decimal(before["sales_total"])
    assert gained == total_of(invoices)
    linked = InvoiceLink.objects.values_list("record", flat=True)
    assert sorted(linked) == sorted(invoices.values_list("pk", flat=True))


def assert_one_of_each(ledger: PracticeLedger) -> None:
    """What one side has the other has once."""
    books = ledger.state()
    synced = Contact.objects.customers() | Contact.objects.suppliers()
    names = [name.casefold() for name in synced.values_list("name", flat=True)]
    assert len(set(names)) == len(names)
    assert len(names) == ContactLink.objects.count() == books["contacts"]
    assert StockItem.objects.count() == ItemLink.objects.count() == books["items"]
