"""The import as somebody in the office sees it: choose, look, confirm."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Contact
from fieldops.users.models import User
from tests.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = (
    "*ContactName,AccountNumber,EmailAddress,Shoe size\n"
    "Ada Lovelace,A1,ada@,38\n"
    ",A2,x,39\n" + "".join(f"Contact {n},C{n},,\n" for n in range(60))
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page: Page, width: int) -> None:
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert [(rule["id"], rule["nodes"]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_choose_look_and_confirm(
    browser: Browser,
    live_server: LiveServer,
    office: User,
    sign_in: SignIn,
    tmp_path: Path,
    width: int,
) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = sign_in(office).cookies[name].value
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page = context.new_page()
    file = tmp_path / "people.csv"
    file.write_text(FILE)

    page.goto(f"{live_server.url}/import/")
    check(page, width)
    page.get_by_role("button", name="Show preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file.")
    check(page, width)
    page.get_by_label("Contacts").check()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Show preview").click()

    expect(page.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    check(page, width)
    assert not Contact.objects.exists()
    page.get_by_role("navigation", name="Outcomes").get_by_text("Refused").click()
    expect(page.get_by_role("row", name="is blank")).to_be_visible()
    page.get_by_role("button", name="Import 61 contacts").click()

    expect(page.get_by_role("status")).to_contain_text("people.csv was imported.")
    check(page, width)
    assert Contact.objects.count() == 61
    context.close()
