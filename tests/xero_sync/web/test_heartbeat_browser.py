"""The heartbeat in a real page: it renews itself and disturbs nobody."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from fieldops.common.permissions import Role
from tests.builders import make_user
from tests.xero_sync.rows import make_connection
from xero_sync.models import XeroConnection

pytestmark = pytest.mark.browser

REFRESH = "document.querySelector('#xero-state').dispatchEvent(new Event('refresh'))"


@pytest.fixture
def office_page(page: Page, live_server: LiveServer, transactional_db: None) -> Page:
    make_connection(last_good_sync_at=timezone.now() - timedelta(minutes=3, seconds=5))
    client = Client()
    client.force_login(make_user(Role.OFFICE))
    name = settings.SESSION_COOKIE_NAME
    session = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/customers/")
    return page


def test_it_changes_without_a_reload_and_what_was_typed_stays(
    office_page: Page,
) -> None:
    pill = office_page.locator("#xero-state")
    expect(pill).to_have_text("Xero: last good sync 3 min ago")
    search = office_page.locator("#find")
    search.fill("castle")
    XeroConnection.objects.update(last_good_sync_at=timezone.now())

    office_page.evaluate(REFRESH)

    expect(pill).to_have_text("Xero: last good sync just now")
    expect(office_page.locator("#xero-state-menu")).to_have_text(
        "Xero: last good sync just now"
    )
    expect(search).to_have_value("castle")
    expect(search).to_be_focused()


def test_it_asks_by_itself_and_goes_on_asking(office_page: Page) -> None:
    """Faster while a run is at work: two looks within a few seconds."""
    XeroConnection.objects.update(lease_expires_at=timezone.now() + timedelta(hours=1))
    connection = XeroConnection.objects.get()
    run = connection.syncrun_set.create(reason="asked", state="observing")
    office_page.evaluate(REFRESH)
    pill = office_page.locator("#xero-state")
    expect(pill).to_have_text("Xero: syncing")

    run.state = "finished"
    run.save()

    expect(pill).to_have_text("Xero: last good sync 3 min ago")


def test_no_answer_is_no_reason_to_complain(office_page: Page) -> None:
    """Nor is it when somebody was signed out meanwhile."""
    pill = office_page.locator("#xero-state")
    office_page.route("**/xero/state/", lambda route: route.abort())
    with office_page.expect_event("requestfailed"):
        office_page.evaluate(REFRESH)
    office_page.unroute("**/xero/state/")
    office_page.context.clear_cookies()
    with office_page.expect_response("**/xero/state/") as answer:
        office_page.evaluate(REFRESH)

    assert answer.value.status == 204
    expect(pill).to_have_text("Xero: last good sync 3 min ago")
    expect(office_page.locator(".toast")).to_have_count(0)
