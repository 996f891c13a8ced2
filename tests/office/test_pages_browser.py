"""The office pages in a real browser: accessible, within the page, with scripts or not."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Contact
from fieldops.common.models import Company
from fieldops.common.permissions import Role
from tests.accessibility import assert_readable, violations
from tests.builders import make_customer, make_user
from tests.office.company import PAGES, fill_the_company
from tests.windows import Opened, sign_in

# Their templates are looked at with somebody else in them.
SEEN_ELSEWHERE = {
    "/customers/?q=zzz",
    "/customers/suppliers/",
    "/customers/{lead}/",
    "/customers/new/",
    "/customers/{kept}/?tab=history",
    "/invoices/new/",
}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_violations_on_a_desk_and_on_a_phone(opened: Opened) -> None:
    ids = fill_the_company()
    page = opened("/")
    for address in (one for one in PAGES if one not in SEEN_ELSEWHERE):
        page.goto(address.format(**ids))
        assert_readable(page)


def test_an_empty_company_is_accessible_too(opened: Opened) -> None:
    page = opened("/")
    for address in ("/", "/customers/", "/invoices/new/"):
        page.goto(address)
        assert violations(page) == [], address


def test_a_double_click_saves_once(opened: Opened) -> None:
    page = opened("/customers/new/")
    page.get_by_label("Name", exact=True).fill("Castle Hotel")
    page.get_by_role("button", name="Save").first.dblclick()
    expect(page.get_by_role("heading", name="Castle Hotel", level=1)).to_be_visible()
    assert Contact.objects.count() == 1


def test_what_was_typed_outlives_the_sign_in(opened: Opened) -> None:
    mary = make_user(Role.ADMINISTRATOR)
    page = opened("/settings/company/", by=mary)
    page.locator("#id_name").fill("Castle Heating")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Castle Heating")
    assert violations(page) == []
    assert Company.current().name != "Castle Heating"

    # The token in the form is an old one now.
    sign_in(page, mary, page.url.removesuffix("/settings/company/"))
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".toast")).to_contain_text("Saved")
    assert Company.current().name == "Castle Heating"


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
