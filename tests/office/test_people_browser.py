"""The people at a contact, typed in a browser with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from customers.models import Contact
from tests.accessibility import violations
from tests.builders import make_contact
from tests.windows import Opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "", "gets_copies": False}


def test_enter_goes_on_to_the_next_person_and_a_row_can_go(opened: Opened) -> None:
    contact = make_contact("Castle Hotel", people=[ANN])
    page = opened(f"/customers/{contact.pk}/edit/")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(1)

    page.get_by_role("button", name="Add person").press("Enter")
    page.keyboard.type("Bo")
    page.keyboard.press("Enter")
    page.keyboard.type("Cy")
    expect(rows).to_have_count(3)
    assert violations(page) == []
    page.get_by_role("button", name="Remove person").first.click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/customers/{contact.pk}/")

    names = [one["first_name"] for one in Contact.objects.get().people]
    assert names == ["Bo", "Cy"]


def test_without_scripts_there_are_two_blank_rows(opened: Opened) -> None:
    contact = make_contact("Castle Hotel", people=[ANN])
    page = opened(f"/customers/{contact.pk}/edit/", scripts=False)

    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.get_by_role("button", name="Add person")).to_be_hidden()
    page.locator("[name=people-0-first_name]").fill("")
    page.locator("[name=people-0-last_name]").fill("")
    page.locator("[name=people-2-first_name]").fill("Bo")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/customers/{contact.pk}/")

    assert [one["first_name"] for one in Contact.objects.get().people] == ["Bo"]
