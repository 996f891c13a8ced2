"""The office pages in a real browser: accessible, within the page, with scripts or not."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from customers.merging import merge_contacts
from customers.services import archive_contact
from tests.accessibility import violations, width_of_content
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.windows import Opened, show

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_NAME = "Northern Regional Facilities Management and Grounds Maintenance Ltd"


def fill_the_company() -> dict[str, Any]:
    today = timezone.localdate()
    customer = make_customer(
        LONG_NAME,
        account_number="C1000-NORTH-2026",
        email="accounts.payable.department@northern-regional-facilities.example",
        billing_line1="1 High Street",
        billing_city="Derry",
        notes="Ring before you come.",
    )
    item = make_item("VAL22", reorder_level=Decimal(5), preferred_supplier=None)
    late = make_invoice(
        customer,
        [line("1234567.89", item=item), line("18.50", "2.5")],
        issued_on=today - timedelta(days=90),
        due_on=today - timedelta(days=60),
    )
    archive_contact(make_contact("Gone"), by=TESTER)
    kept, merged = make_customer("Kept Hotel"), make_customer(f"{LONG_NAME} (old)")
    make_draft(merged)
    merge = merge_contacts(kept, [merged], {}, by=TESTER)
    return {
        "double": make_item("VAL-22", sell_price=Decimal("12.50")).pk,
        "kept": kept.pk,
        "merged": merged.pk,
        "merge": merge.pk,
        "customer": customer.pk,
        "lead": make_contact("Mary Doyle").pk,
        "supplier": make_supplier("Castle Pipes").pk,
        "item": item.pk,
        "invoice": late.pk,
        "draft": make_draft(customer, [line(item=item)]).pk,
    }


PAGES = (
    "/",
    "/customers/",
    "/customers/?q=zzz",
    "/customers/suppliers/",
    "/customers/{customer}/",
    "/customers/{customer}/?tab=history",
    "/customers/{lead}/",
    "/customers/{customer}/edit/",
    "/customers/new/",
    "/stock/",
    "/stock/{item}/",
    "/stock/{item}/edit/",
    "/stock/{item}/move/",
    "/stock/{item}/merge/?with={double}",
    "/customers/{lead}/merge/",
    "/customers/{lead}/merge/?q=northern",
    "/customers/{lead}/merge/?with={customer}&with={supplier}",
    "/customers/{kept}/",
    "/customers/{kept}/?tab=history",
    "/customers/{merged}/",
    "/customers/merges/{merge}/undo/",
    "/invoices/",
    "/invoices/{invoice}/",
    "/invoices/{invoice}/cancel/",
    "/invoices/{invoice}/print/",
    "/invoices/{draft}/edit/",
    "/invoices/new/",
    "/search/?q=northern",
    "/help/",
    "/help/invoices/",
    "/settings/",
    "/settings/company/",
    "/settings/accounts/",
    "/settings/users/",
    "/settings/users/new/",
)


def test_no_violations_light_dark_and_on_a_phone(opened: Opened) -> None:
    ids = fill_the_company()
    page = opened("/")
    for address in PAGES:
        page.goto(address.format(**ids))
        assert violations(page) == [], address
        show(page, theme="dark")
        assert violations(page, "color-contrast") == [], f"{address}, dark"
        show(page, width=390)
        assert width_of_content(page) <= 390, address
        assert violations(page, "target-size") == [], f"{address}, on a phone"
        show(page)


def test_an_empty_company_is_accessible_too(opened: Opened) -> None:
    page = opened("/")
    for address in ("/", "/customers/", "/stock/", "/invoices/", "/invoices/new/"):
        page.goto(address)
        assert violations(page) == [], address


def test_searching_a_list_keeps_the_focus_and_the_address(opened: Opened) -> None:
    make_customer("Castle Hotel")
    make_customer("Foyle Dental")
    page = opened("/customers/")

    page.keyboard.press("/")
    page.keyboard.type("castle")

    expect(page.locator("tbody .name")).to_have_text(["Castle Hotel"])
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_url(re.compile("q=castle"))
    page.go_back()
    expect(page.locator("tbody .name")).to_have_count(2)


def test_ticking_rows_offers_what_can_be_done_with_them(opened: Opened) -> None:
    make_customer("Castle Hotel")
    make_customer("Foyle Dental")
    page = opened("/customers/")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_contain_text("1 customer selected")
    page.locator(".bulk").get_by_role("button", name="Archive").click()

    expect(page.locator(".toast")).to_contain_text("1 customer archived.")
    expect(page.locator("tbody .name")).to_have_text(["Foyle Dental"])


def test_lists_and_editor_work_without_scripts(opened: Opened) -> None:
    make_customer("Castle Hotel")
    make_customer("Foyle Dental")
    page = opened("/customers/?q=castle", scripts=False)
    expect(page.locator("tbody .name")).to_have_text(["Castle Hotel"])
    page.locator("input[name=selected]").check()
    page.locator(".bulk").get_by_role("button", name="Archive").click()
    page.goto("/customers/")
    expect(page.locator("tbody .name")).to_have_text(["Foyle Dental"])

    page.goto("/invoices/new/")
    page.locator("#id_customer").fill("foyle")
    page.locator("#id_lines-1-description").fill("Labour")
    page.locator("#id_lines-1-unit_price").fill("45")
    page.get_by_role("button", name="Recalculate").click()
    expect(page.locator("#totals .total").last).to_have_text("£54.00")
    expect(page.locator("[data-line]")).to_have_count(6)
    page.get_by_role("button", name="Save and approve").click()

    expect(page.get_by_role("heading", name="INV-1001")).to_be_visible()
