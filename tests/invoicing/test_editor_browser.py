"""The invoice editor in a real browser: typed, not posted."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from fieldops.common.permissions import Role
from invoicing.models import Invoice
from tests.builders import make_customer, make_item, make_user
from tests.windows import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(opened: Opened) -> Page:
    """A new invoice, opened by somebody of the office."""
    make_customer("Castle Hotel", account_number="C1027")
    make_item("VAL22", name="Boiler valve 22 mm", sell_price=Decimal("18.50"))
    return opened("/invoices/new/", by=make_user(Role.OFFICE))


def box(page: Page, line: int, name: str) -> Locator:
    return page.locator(f"#id_lines-{line}-{name}")


def test_writes_an_invoice_with_the_keyboard(editor: Page) -> None:
    expect(editor.locator("#id_customer")).to_be_focused()
    expect(editor.locator("[data-line]")).to_have_count(1)
    editor.keyboard.type("Castle Hotel")

    box(editor, 0, "item").fill("val22")
    editor.keyboard.press("Tab")
    expect(box(editor, 0, "description")).to_have_value("Boiler valve 22 mm")
    expect(box(editor, 0, "description")).to_be_focused()
    box(editor, 0, "quantity").fill("2")
    expect(editor.locator("#totals .total").last).to_have_text("£44.40")
    expect(editor.locator("#lines-0-amount")).to_have_text("£37.00")

    editor.keyboard.press("Enter")
    expect(editor.locator("[data-line]")).to_have_count(2)
    added = editor.locator("[data-line]").last.locator("input:not([type=hidden])").first
    expect(added).to_be_focused()
    number = (added.get_attribute("name") or "").split("-")[1]
    box(editor, int(number), "description").fill("Labour")
    box(editor, int(number), "unit_price").fill("£45.00")
    expect(editor.locator("#totals .total").last).to_have_text("£98.40")

    editor.keyboard.press("Control+Enter")
    expect(editor.get_by_role("heading", name="INV-1001")).to_be_visible()
    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.total) == ("approved", Decimal("98.40"))
    assert [line.description for line in invoice.lines.all()] == [
        "Boiler valve 22 mm",
        "Labour",
    ]


def test_what_is_typed_while_a_line_is_filled_stays(editor: Page) -> None:
    """The answer comes late, and the next box has been reached."""
    box(editor, 0, "item").fill("val22")
    with held_back(editor, "**/invoices/line/*"):
        editor.keyboard.press("Tab")
        editor.keyboard.type("By hand")
        box(editor, 0, "quantity").press_sequentially("12")

    expect(box(editor, 0, "unit_price")).to_have_value("18.50")
    expect(box(editor, 0, "description")).to_have_value("By hand")
    expect(box(editor, 0, "quantity")).to_have_value("12")
    expect(box(editor, 0, "quantity")).to_be_focused()
    editor.keyboard.press("0")
    expect(box(editor, 0, "quantity")).to_have_value("120")
    expect(editor.locator("#totals .total").last).to_have_text("£2,664.00")


@contextmanager
def held_back(page: Page, address: str) -> Iterator[None]:
    """What is asked for there is answered at the end."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    with page.expect_request(address):
        yield
    for route in held:
        route.continue_()
    page.unroute(address)


def test_removing_a_line_takes_it_out_of_the_sum(editor: Page) -> None:
    editor.locator("#id_customer").fill("Castle")
    box(editor, 0, "unit_price").fill("10")
    editor.get_by_role("button", name="Add line").click()
    editor.keyboard.type("val22")
    editor.keyboard.press("Tab")
    expect(editor.locator("#totals .total").last).to_have_text("£34.20")

    editor.get_by_role("button", name="Remove line").first.click()
    expect(editor.locator("#totals .total").last).to_have_text("£22.20")
    editor.keyboard.press("Control+s")

    expect(editor.get_by_role("heading", name="Draft invoice")).to_be_visible()
    assert Invoice.objects.get().total == Decimal("22.20")


def test_leaving_with_unsaved_work_asks_first(editor: Page) -> None:
    box(editor, 0, "description").press_sequentially("Labour")

    with editor.expect_event("dialog") as asked:
        editor.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(box(editor, 0, "description")).to_have_value("Labour")
    assert not Invoice.objects.exists()


def test_the_due_date_follows_the_date_until_it_is_typed(editor: Page) -> None:
    due = editor.locator("#id_due_on")
    editor.locator("#id_issued_on").fill("2026-11-21")
    expect(due).to_have_value("2026-12-21")
    due.fill("2026-12-24")
    editor.locator("#id_issued_on").fill("2026-11-30")
    box(editor, 0, "unit_price").fill("10")
    expect(editor.locator("#totals .total").last).to_have_text("£12.00")

    expect(due).to_have_value("2026-12-24")
