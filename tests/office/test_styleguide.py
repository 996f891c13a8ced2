"""The components in a real browser: accessible, within the page, and behaving."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fieldops.users.models import User
from tests.accessibility import violations, width_of_content
from tests.windows import Opened, show

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDE = "/styleguide/"
LIST = "/styleguide/list/"
PAGES = {
    "index": GUIDE,
    "list": LIST,
    "list filtered": f"{LIST}?xero=failed&town=Belfast",
    "list empty": f"{LIST}?q=zzz",
    "form with errors": "/styleguide/form/",
    "settings": "/styleguide/settings/",
    "editor": "/styleguide/editor/",
    "long task": "/styleguide/sync/",
}


def names(page: Page) -> list[str]:
    return page.locator("tbody .name").all_inner_texts()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


@pytest.mark.parametrize("name", PAGES)
def test_no_violations_and_no_sideways_scroll(open_page: Opened, name: str) -> None:
    page = open_page(PAGES[name])
    assert violations(page) == []
    # Colours are all that the dark theme changes.
    show(page, theme="dark")
    assert violations(page, "color-contrast") == []
    show(page, width=390, theme="dark")
    # A table turns into cards, and the bar at the side into a menu.
    everything = name in ("index", "list")
    assert violations(page, *([] if everything else ["target-size"])) == []
    assert width_of_content(page) <= 390


@pytest.mark.parametrize("width", [1440, 390])
def test_what_opens_is_accessible_too(open_page: Opened, width: int) -> None:
    page = open_page(LIST, width=width)
    openers = ["button[popovertarget=account]", "button[popovertarget=filter-town]"]
    if width == 390:
        openers.append("button[popovertarget=menu]")
    for opener in openers:
        page.click(opener)
        expect(page.locator(":popover-open")).to_be_visible()
        assert violations(page, within=":popover-open") == [], opener
        page.keyboard.press("Escape")
        expect(page.locator(":popover-open")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert violations(page, within="dialog[open]") == []
    page.keyboard.press("Escape")
    page.locator("[data-select-all]").check()
    assert violations(page, within=".bulk") == []
    assert violations(page, "color-contrast", within="tbody tr") == []


def test_targets_are_large_enough_on_a_phone(open_page: Opened) -> None:
    page = open_page(LIST, width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a.btn, button, .chip, label.hit')]
        .map(e => [e, e.getBoundingClientRect()])
        .filter(([e, box]) => box.width && (box.height < 28 || box.width < 28))
        .map(([e]) => e.outerHTML)"""
    )
    assert small == []


def test_twelve_full_rows_fit_a_screen(open_page: Opened) -> None:
    page = open_page(f"{LIST}?view=all&sort=-name")
    full = page.evaluate(
        """() => [...document.querySelectorAll('tbody tr')]
        .filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"""
    )
    assert full >= 12


def test_rows_are_cards_with_labels_on_a_phone(open_page: Opened) -> None:
    page = open_page(LIST, width=390)
    cells = page.locator("tbody td:not(.cell-check, .cell-name, .cell-menu)")
    assert "" not in [cell.get_attribute("data-label") or "" for cell in cells.all()]
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("£1,234,567.89")
    box = first.bounding_box()
    assert box is not None
    assert box["width"] <= 390
    assert box["height"] > 120


# --- the list ---


def test_typing_filters_keeps_the_focus_and_loses_no_letter(
    open_page: Opened,
) -> None:
    page = open_page(LIST)
    page.keyboard.press("/")
    page.keyboard.type("hotel", delay=120)
    expect(page.get_by_role("status").filter(has_text="7 customers")).to_be_visible()
    box = page.get_by_role("searchbox", name="Search customers")
    expect(box).to_be_focused()
    expect(box).to_have_value("hotel")
    expect(page).to_have_url(re.compile("q=hotel"))
    assert len(names(page)) == 7


def test_a_slow_answer_does_not_undo_what_was_typed_meanwhile(
    open_page: Opened,
) -> None:
    page = open_page(LIST)
    page.route(re.compile(r"q=ho&"), lambda route: slowly(page, route))
    box = page.get_by_role("searchbox", name="Search customers")
    box.press_sequentially("ho")
    page.wait_for_timeout(350)
    box.press_sequentially("tel", delay=20)
    expect(page.get_by_role("status").filter(has_text="7 customers")).to_be_visible()
    expect(box).to_have_value("hotel")


def slowly(page: Page, route: Any) -> None:
    page.wait_for_timeout(150)
    route.continue_()


def test_a_tick_after_a_search_stays(open_page: Opened) -> None:
    page = open_page(LIST)
    page.get_by_role("searchbox", name="Search customers").press_sequentially("hotel")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.locator("tbody [name=selected]").nth(2).check()
    page.wait_for_timeout(500)
    expect(page.get_by_text("1 customer selected")).to_be_visible()


def test_a_filter_applies_on_the_tick_and_its_menu_stays(open_page: Opened) -> None:
    page = open_page(LIST)
    page.get_by_role("button", name="Xero state").click()
    page.get_by_label("Failed", exact=True).check()
    expect(page.get_by_role("button", name="Xero state: Failed")).to_be_visible()
    expect(page.locator("#filter-xero")).to_be_visible()
    expect(page.get_by_label("Failed", exact=True)).to_be_focused()
    page.get_by_label("Waiting", exact=True).check()
    name = "Xero state: Waiting, Failed"
    expect(page.get_by_role("button", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name=f"Remove filter {name}").click()
    expect(page.get_by_role("status").filter(has_text="51 customers")).to_be_visible()


def test_back_brings_the_whole_page_of_before(open_page: Opened) -> None:
    page = open_page(LIST)
    page.get_by_role("link", name="On hold 6").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(25)
    expect(page.locator(".side")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)


def test_sorting_turns_round(open_page: Opened) -> None:
    page = open_page(LIST)
    before = names(page)
    page.locator("th").get_by_role("link", name="Customer").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Customer")
    assert names(page) != before
    assert names(page) == sorted(names(page), reverse=True)


def test_keys_move_tick_and_open_rows(open_page: Opened) -> None:
    page = open_page(LIST)
    rows = names(page)
    page.keyboard.press("j")
    assert focused(page) == rows[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == rows[1]
    page.keyboard.press("x")
    expect(page.get_by_text("1 customer selected")).to_be_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#row-2")


def test_keys_go_to_pages_and_stay_out_of_fields(open_page: Opened) -> None:
    page = open_page(LIST)
    page.keyboard.press("/")
    page.keyboard.type("gs?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(LIST)
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/customers/suppliers/")


def test_single_keys_can_be_switched_off(open_page: Opened) -> None:
    page = open_page(LIST)
    page.keyboard.press("?")
    with page.expect_navigation():
        page.get_by_role("button", name="Switch off single keys").click()
    assert User.objects.get().single_key_shortcuts is False
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Find anything")).to_be_focused()


def test_the_bulk_bar_counts_ranges_and_all_that_match(open_page: Opened) -> None:
    page = open_page(LIST)
    ticks = page.locator("tbody [name=selected]")
    expect(page.locator(".bulk")).to_be_hidden()
    ticks.nth(1).check()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("4 customers selected")).to_be_visible()
    page.locator("[data-select-all]").check()
    expect(page.get_by_text("25 customers selected")).to_be_visible()
    page.get_by_role("button", name="Select all 51 that match").click()
    expect(page.get_by_text("51 customers selected")).to_be_visible()
    assert page.locator("[name=all_matching]").input_value() == "1"
    ticks.nth(0).uncheck()
    expect(page.get_by_text("24 customers selected")).to_be_visible()
    assert page.locator("[name=all_matching]").input_value() == ""
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator(".bulk")).to_be_hidden()


def test_the_list_works_without_scripts(open_page: Opened) -> None:
    page = open_page(LIST, scripts=False)
    page.get_by_role("button", name="Xero state").click()
    page.get_by_label("Failed", exact=True).check()
    page.locator("#filter-xero").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status").filter(has_text="9 customers")).to_be_visible()
    expect(page.get_by_role("button", name="Archive").first).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("tbody tr")).to_have_count(25)


# --- forms and messages ---


def test_the_error_summary_has_the_focus_and_leads_to_the_field(
    open_page: Opened,
) -> None:
    page = open_page("/styleguide/form/")
    expect(page).to_have_title("Error: New customer · Fieldops")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Balance: Enter").click()
    expect(page.get_by_label("Balance")).to_be_focused()
    expect(page.get_by_label("Balance")).to_have_value("12,5O")


def test_the_save_bar_shows_once_something_was_changed(open_page: Opened) -> None:
    page = open_page("/styleguide/settings/")
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_hidden()
    page.get_by_label("On hold").check()
    expect(save).to_be_visible()
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_navigation():
        page.get_by_role("link", name="Discard").click()
    expect(save).to_be_hidden()
    expect(page.get_by_label("On hold")).not_to_be_checked()


def test_without_scripts_the_save_bar_is_always_there(open_page: Opened) -> None:
    page = open_page("/styleguide/settings/", scripts=False)
    expect(page.get_by_role("button", name="Save")).to_be_visible()


def test_a_toast_can_be_closed(open_page: Opened) -> None:
    page = open_page(GUIDE)
    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent('toast',
        {bubbles: true, detail: {value: '<b>Castle</b> is in Xero now.'}}))"""
    )
    toast = page.locator(".toast")
    expect(toast).to_have_text("<b>Castle</b> is in Xero now.")
    toast.get_by_role("button", name="Close message").click()
    expect(toast).to_have_count(0)


def test_the_theme_changes_at_once_and_is_remembered(open_page: Opened) -> None:
    page = open_page(GUIDE)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Your account").click()
    with page.expect_response("**/preferences/") as saved:
        page.get_by_role("button", name="Dark", exact=True).click()
    assert saved.value.status == 204
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(245, 246, 248)", "rgb(14, 20, 27)")
    assert User.objects.get().theme == User.Theme.DARK
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_being_offline_is_said_and_taken_back(open_page: Opened) -> None:
    page = open_page("/styleguide/form/")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_be_hidden()
    # A window that was offline drops one of the next addresses that it is given.
    page.context.close()


def test_the_focus_is_never_under_a_bar(open_page: Opened) -> None:
    page = open_page(LIST)
    page.locator("[data-select-all]").check()
    page.mouse.click(700, 20)
    for _ in range(20):
        page.keyboard.press("j")
        covered = page.evaluate(
            """() => {
            const box = document.activeElement.getBoundingClientRect();
            const top = document.querySelector('.top').getBoundingClientRect().bottom;
            const bar = document.querySelector('.bulk').getBoundingClientRect().top;
            return box.top < top || box.bottom > bar;
            }"""
        )
        assert not covered


def test_the_menu_opens_on_a_phone(open_page: Opened) -> None:
    page = open_page(GUIDE, width=390)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(navigation.get_by_role("link", name="Xero sync 12 to fix")).to_be_visible()
    navigation.get_by_role("link", name="Invoices").click()
    page.wait_for_url("**/invoices/")
