"""The box of a new contact's form in a real page."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Contact
from fieldops.common.permissions import Role
from tests.accessibility import violations
from tests.builders import make_customer, make_user
from tests.xero_sync.rows import make_connection

pytestmark = pytest.mark.browser


@pytest.fixture
def form_page(page: Page, live_server: LiveServer, transactional_db: None) -> Page:
    make_connection()
    make_customer("Castle Hotel", email="info@castle.example", billing_city="Bangor")
    client = Client()
    client.force_login(make_user(Role.OFFICE))
    name = settings.SESSION_COOKIE_NAME
    session = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/customers/new/")
    return page


def test_it_is_filled_when_a_field_is_left(form_page: Page) -> None:
    box = form_page.locator("#typed")
    expect(box).to_be_hidden()
    form_page.locator("#id_name").fill("Castle Hotel")
    form_page.locator("#id_email").fill("info@castle")
    expect(box.get_by_text("Same name")).to_be_in_viewport()

    form_page.locator("#id_phone").focus()
    lack = box.get_by_role("link", name="Email address is not valid")
    expect(lack).to_be_in_viewport()
    # Of the box alone: a field half beneath it comes out by scrolling.
    assert violations(form_page, within="#typed") == []
    lack.click()
    expect(form_page.locator("#id_email")).to_be_focused()

    form_page.locator("#id_email").fill("info@castle2.example")
    form_page.locator("#id_phone").focus()
    expect(box.get_by_text("Ready for Xero")).to_be_visible()
    form_page.get_by_role("button", name="Save customer").click()
    expect(form_page.get_by_text("Castle Hotel saved.")).to_be_visible()
    assert Contact.objects.count() == 2


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_saving_asks(form_page: Page) -> None:
    form_page.locator("#id_name").fill("Castle Hotel")
    form_page.get_by_role("button", name="Save customer").click()
    assert Contact.objects.count() == 1
    form_page.get_by_role("button", name="Save all the same").click()
    expect(form_page.get_by_text("Castle Hotel saved.")).to_be_visible()
    assert Contact.objects.count() == 2


def test_the_field_somebody_is_in_is_not_covered(form_page: Page) -> None:
    """The box grows while they are in the next field already."""
    form_page.set_viewport_size({"width": 390, "height": 640})
    form_page.locator("#id_name").fill("Castle Hotel")
    field = form_page.locator("#id_phone")
    field.focus()
    box = form_page.locator("#typed")
    expect(box.get_by_text("Same name")).to_be_visible()
    form_page.evaluate("new Promise(requestAnimationFrame)")
    place, cover = field.bounding_box(), box.bounding_box()
    assert place is not None
    assert cover is not None
    assert place["y"] + place["height"] <= cover["y"]
    assert cover["height"] <= 200


def test_what_was_typed_is_kept_when_the_one_that_is_there_is_used(
    form_page: Page,
) -> None:
    form_page.locator("#id_name").fill("Castle Hotel")
    form_page.locator("#id_phone").fill("028 1")
    form_page.locator("#id_mobile").focus()
    form_page.get_by_role("button", name="Use this one").click()
    expect(form_page.get_by_role("heading", level=1)).to_have_text("Edit Castle Hotel")
    expect(form_page.locator("#id_phone")).to_have_value("028 1")
    form_page.get_by_role("button", name="Save", exact=True).click()
    expect(form_page.get_by_text("Castle Hotel saved.")).to_be_visible()
    castle = Contact.objects.get()
    assert (castle.phone, castle.email) == ("028 1", "info@castle.example")
