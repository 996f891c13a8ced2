"""From the preview to the undo: what two lists become one on is readable for everybody,
by light and dark and on a phone."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.merging import merge_contacts
from customers.models import Contact
from tests.accessibility import assert_readable
from tests.builders import TESTER, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.windows import Opened
from tests.xero_sync.world import connect, first_sync, next_sync, work_on
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.models import FoundPair, SyncRun
from xero_sync.runs.requests import preview_first_sync

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Northern Regional Facilities Management and Grounds Maintenance Ltd"
SHARED = {"email": "accounts@castle.example", "phone": "028 9032 1188"}


def look_at(page: Page, addresses: Iterable[str]) -> None:
    for address in addresses:
        page.goto(address)
        assert_readable(page)


def two_companies(ledger: PracticeLedger) -> tuple[Contact, Contact]:
    """Some are the same, some look like it, one Xero refuses; two are here twice."""
    kept, other = make_customer("Castle Hotel", **SHARED), make_customer("Castle Inn")
    make_invoice(kept)
    make_customer("Castle Hotel Ltd", **SHARED)
    for name in ("Foyle Dental", "Sea View", LONG):
        make_customer(name)
    make_customer("Dunes Bar", email="nobody")
    make_item("VAL22", name="Gate valve 22 mm")
    make_item("VAL-22", name="Gate valve 22mm")
    names = ("Foyle Dental", "Sea View", LONG, "Only There")
    books = [{"Name": name, "IsCustomer": True} for name in names]
    ledger.load_books({"Contacts": books})
    return kept, other


def test_every_page_from_the_preview_to_the_undo(
    opened: Opened, ledger: PracticeLedger, tmp_path: Path
) -> None:
    kept, other = two_companies(ledger)
    connection = connect(ledger)
    work_on(preview_first_sync(by=TESTER))
    first, *_ = FoundPair.objects.doubtful()
    decide_pair(first, "different", by=TESTER)

    page = opened("/xero/preview/")
    assert_readable(page)
    copies = "/xero/duplicates/copies/"
    look_at(
        page,
        (
            "/xero/duplicates/",
            copies,
            f"{copies}?place=copy_stock",
            "/customers/",
            "/settings/customers/",
            f"/customers/{kept.pk}/merge/",
        ),
    )
    look_at_the_file_of_links(page, tmp_path)

    run = first_sync()
    assert run.state == SyncRun.State.FINISHED
    merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    look_at(
        page,
        (
            f"/xero/runs/{run.pk}/undo/",
            f"/customers/{kept.pk}/",
            "/xero/duplicates/called-two/",
        ),
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Twice on one side")
    assert connection.pk == run.connection_id


def look_at_the_file_of_links(page: Page, folder: Path) -> None:
    file = folder / "links.csv"
    file.write_text("Name,ContactID\nFoyle Dental,nobody\n,x\n")
    page.goto("/xero/duplicates/links/")
    assert_readable(page)
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("heading", name="The file")).to_be_visible()
    assert_readable(page)
