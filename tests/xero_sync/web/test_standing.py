"""The line above the lists: Connect, Confirm, Consolidate or Complete."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fieldops.common.permissions import Role
from tests.builders import make_customer, make_user
from tests.pages import main_of, queries_of
from tests.xero_sync.consolidation.pairs import CERTAIN, make_pair
from tests.xero_sync.rows import confirm_settings, make_connection
from xero_sync.models import Notice, SyncSettings, XeroConnection
from xero_sync.report.notices import notice_due, send_notice
from xero_sync.report.standing import Phase, standing_of

pytestmark = pytest.mark.django_db
LISTS = ("/customers/", "/customers/suppliers/", "/stock/")
NOT_DONE = {"first_sync_done_at": None, "last_good_sync_at": None}


def phase() -> tuple[str, str]:
    standing = standing_of(XeroConnection.current())
    return standing.phase, standing.url_name


def test_it_goes_from_connect_to_complete() -> None:
    assert phase() == (Phase.CONNECT, "xero_sync:settings")
    connection = make_connection(**NOT_DONE)
    assert phase() == (Phase.CONFIRM, "xero_sync:settings")
    confirm_settings()
    SyncSettings.objects.update(email_confirmed=False)
    assert phase() == (Phase.CONFIRM, "xero_sync:customer-settings")
    confirm_settings()
    assert phase() == (Phase.CONSOLIDATE, "xero_sync:sync")
    pair = make_pair(connection)
    assert phase() == (Phase.CONSOLIDATE, "xero_sync:duplicates")
    XeroConnection.objects.update(first_sync_done_at=timezone.now())
    assert phase() == (Phase.CONSOLIDATE, "xero_sync:duplicates")
    pair.delete()
    assert phase() == (Phase.COMPLETE, "xero_sync:sync")
    make_pair(connection, strength=CERTAIN)
    assert phase() == (Phase.COMPLETE, "xero_sync:sync")


@pytest.mark.parametrize("state", ["broken", "disconnected", "choosing"])
def test_without_a_connection_it_says_connect(state: str) -> None:
    make_connection(state=state)
    assert phase() == (Phase.CONNECT, "xero_sync:settings")


@pytest.mark.parametrize("path", LISTS)
def test_administrators_are_led_to_the_step(
    administrator_client: Client, path: str
) -> None:
    page = main_of(administrator_client, path)
    assert "Fieldops is not connected to Xero." in page
    assert 'href="/settings/xero/"' in page
    assert "An administrator does this." not in page


@pytest.mark.parametrize("path", LISTS)
def test_others_see_the_words(office_client: Client, path: str) -> None:
    page = main_of(office_client, path)
    assert "Fieldops is not connected to Xero. An administrator does this." in page
    assert 'href="/settings/xero/"' not in page


def test_who_may_not_see_the_sync_sees_nothing_of_it(engineer_client: Client) -> None:
    assert "not connected to Xero" not in main_of(engineer_client, "/customers/")


def test_the_dashboard_says_it_until_it_is_done(administrator_client: Client) -> None:
    make_customer()
    assert "Fieldops is not connected to Xero." in main_of(administrator_client, "/")
    confirm_settings()
    connection = make_connection(**NOT_DONE)
    assert "sign it off" in main_of(administrator_client, "/")
    connection.first_sync_done_at = timezone.now()
    connection.save()
    assert "Kept in step" not in main_of(administrator_client, "/")
    assert "Kept in step" in main_of(administrator_client, "/customers/")


def test_it_costs_the_same_however_much_there_is_to_check(
    administrator_client: Client,
) -> None:
    confirm_settings()
    connection = make_connection(**NOT_DONE)
    few = queries_of(administrator_client, "/stock/")
    for _ in range(20):
        make_pair(connection)
    assert queries_of(administrator_client, "/stock/") == few


# --- the reminder ---------------------------------------------------------------------


def remind(days: float, *, ended: bool = False) -> list[str]:
    """What goes out when the connection, or the first sync, is so many days old."""
    mail.outbox.clear()
    now = timezone.now()
    since = "first_sync_done_at" if ended else "connected_at"
    XeroConnection.objects.update(**{since: now - timedelta(days=days)})
    XeroConnection.objects.update(renewed_at=now, ticked_at=now)
    for _ in range(3):
        notice = notice_due(now)
        if notice:
            send_notice(notice)
    return [str(message.subject) for message in mail.outbox]


@pytest.fixture
def unfinished() -> XeroConnection:
    make_user(Role.ADMINISTRATOR, email="ann@northwind.example")
    make_user(Role.OFFICE, email="office@northwind.example")
    confirm_settings()
    return make_connection(**NOT_DONE)


def test_administrators_are_reminded_once_a_week(unfinished: XeroConnection) -> None:
    subject = "Fieldops: the next step with Xero: Consolidate"
    assert remind(6.9) == []
    assert remind(7.5) == [subject]
    assert mail.outbox[0].to == ["ann@northwind.example"]
    assert "sign it off" in str(mail.outbox[0].body)
    since = timezone.now() - timedelta(days=7)
    Notice.objects.update(since=since)
    XeroConnection.objects.update(connected_at=since - timedelta(days=7))
    assert [one.kind for one in Notice.objects.all()] == ["unfinished"]
    assert remind(21.5) == [subject]


def test_nobody_is_reminded_of_what_is_done(unfinished: XeroConnection) -> None:
    assert remind(20, ended=True) == []
    assert Notice.objects.count() == 0


def test_pairs_that_wait_after_the_first_sync_are_reminded_of(
    unfinished: XeroConnection,
) -> None:
    make_pair(unfinished)
    assert remind(20, ended=True) == ["Fieldops: the next step with Xero: Consolidate"]
    assert "1 possible duplicate to check." in str(mail.outbox[0].body)
