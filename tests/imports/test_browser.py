"""The import as somebody in the office sees it: choose, look, confirm."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from customers.models import Contact
from fieldops.users.models import User
from tests.accessibility import violations, width_of_content
from tests.windows import Opened, show

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = (
    "*ContactName,AccountNumber,EmailAddress,Shoe size\n"
    "Ada Lovelace,A1,ada@,38\n"
    ",A2,x,39\n" + "".join(f"Contact {n},C{n},,\n" for n in range(60))
)


def check(page: Page) -> None:
    """In the light on a desk and in the dark on a phone."""
    assert violations(page) == []
    show(page, width=390, theme="dark")
    assert violations(page, "color-contrast", "target-size") == []
    assert width_of_content(page) <= 390
    show(page)


def test_choose_look_and_confirm(opened: Opened, office: User, tmp_path: Path) -> None:
    page = opened("/import/", by=office)
    file = tmp_path / "people.csv"
    file.write_text(FILE)

    check(page)
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    check(page)
    page.get_by_label("Contacts").check()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show preview").click()

    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    check(page)
    assert not Contact.objects.exists()
    page.get_by_role("navigation", name="Outcomes").get_by_text("Refused").click()
    expect(page.get_by_role("row", name="is blank")).to_be_visible()
    page.get_by_role("button", name="Import 61 contacts").click()

    expect(page.get_by_role("status")).to_contain_text("people.csv was imported.")
    check(page)
    assert Contact.objects.count() == 61
