"""How the sync stands, on every page: the heartbeat, the alarm, the permission, the calls."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import make_customer
from tests.pages import main_of, queries_of
from tests.xero_sync.rows import (
    make_connection,
    make_run,
)
from xero_sync.models import CallBudget, SyncRun, SyncSettings, XeroConnection

pytestmark = pytest.mark.django_db

SYNC = "/xero/"


def heartbeat(client: Client) -> str:
    answer = client.get("/xero/state/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_heartbeat_renews_itself_in_both_its_places(office_client: Client) -> None:
    connection = make_connection(
        last_good_sync_at=timezone.now() - timedelta(minutes=3, seconds=5)
    )
    page = office_client.get("/help/").content.decode()
    assert page.count("Xero: last good sync 3 min ago") == 2
    assert 'hx-get="/xero/state/" hx-trigger="every 30s, refresh"' in page
    make_run(connection, state=SyncRun.State.APPLYING, finished_at=None)
    XeroConnection.objects.update(
        lease_expires_at=timezone.now() + timedelta(seconds=60)
    )
    anew = heartbeat(office_client)
    assert anew.count("Xero: syncing") == 2
    assert 'hx-trigger="every 5s, refresh"' in anew
    assert 'id="xero-state-menu" href="/xero/" hx-swap-oob="true"' in anew


def test_the_heartbeat_costs_a_page_one_query(
    office_client: Client, engineer_client: Client
) -> None:
    make_connection()
    with_it = queries_of(office_client, "/help/")
    assert with_it == queries_of(engineer_client, "/help/") + 1


def test_who_was_signed_out_is_left_alone(
    client: Client, engineer_client: Client
) -> None:
    """A page somebody types on must not be swapped for the sign-in page."""
    assert client.get("/xero/state/").status_code == 204
    assert engineer_client.get("/xero/state/").status_code == 403


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("minute_limit", "slowed down, goes on at 10:47"),
        ("day_limit", "day's limit used, goes on at 10:47"),
        ("unavailable", "no answer, tries again at 10:47"),
    ],
)
def test_the_heartbeat_says_what_is_waited_for(
    office_client: Client, problem: str, words: str
) -> None:
    connection = make_connection()
    until = timezone.localtime() + timedelta(days=1)
    until = until.replace(hour=10, minute=47)
    make_run(
        connection,
        state=SyncRun.State.WAITING,
        finished_at=None,
        problem=problem,
        problem_details={"until": until.isoformat()},
    )
    before, _, time = words.rpartition(" ")
    shown = unescape(heartbeat(office_client))
    assert f"Xero: {before} {until.day} {until:%b}, {time}" in shown


def test_a_sync_that_is_late_is_an_alarm_with_its_cause(
    office_client: Client,
) -> None:
    make_connection(next_due_at=timezone.now() - timedelta(minutes=20))
    make_customer()
    for path in ("/", SYNC):
        page = office_client.get(path).content.decode()
        assert "Xero: sync is late" in page
        assert "has not happened" in main_of(office_client, path)
        assert "(worker and beat) never reported" in page


def test_a_break_is_on_every_page_and_who_may_reconnects(
    administrator_client: Client, office_client: Client
) -> None:
    make_connection(state=XeroConnection.State.BROKEN, broken_at=timezone.now())
    make_customer()
    for path in ("/", "/customers/", SYNC):
        page = main_of(administrator_client, path)
        assert "Xero no longer lets Fieldops in." in page
        assert '<a class="btn btn-small" href="/settings/xero/">Reconnect</a>' in page
    theirs = main_of(office_client, "/")
    assert "An administrator reconnects it." in theirs
    assert ">Reconnect</a>" not in theirs
    assert 'href=""' not in theirs
    settings = main_of(administrator_client, "/settings/xero/")
    assert "Waiting for Xero: 1 contact. They go by themselves once" in settings

    SyncSettings.objects.update(mode=SyncSettings.Mode.MANUAL)
    assert "goes with the next sync after" in main_of(administrator_client, "/")
    settings = main_of(administrator_client, "/settings/xero/")
    assert "They go with the next sync after it is connected again." in settings


@pytest.mark.parametrize(
    ("days", "on_settings", "elsewhere"),
    [
        (0.5, "The permission is renewed by itself every day, last ", ""),
        (20, "The permission ends on ", ""),
        (50, "9 days left", "The permission for Xero ends on "),
        (58.5, "1 day left", "The permission for Xero ends on "),
    ],
)
def test_the_permission_says_when_it_would_end(
    administrator_client: Client,
    office_client: Client,
    days: float,
    on_settings: str,
    elsewhere: str,
) -> None:
    make_connection(renewed_at=timezone.now() - timedelta(days=days))
    banner = "The permission for Xero ends on "
    assert on_settings in main_of(administrator_client, "/settings/xero/")
    assert (banner in main_of(administrator_client, "/help/")) == bool(elsewhere)
    assert banner not in main_of(office_client, "/help/")


def test_the_days_calls_are_shown_and_slow_the_sync_down(
    office_client: Client,
) -> None:
    connection = make_connection()
    make_run(connection)
    assert "0 calls today." in main_of(office_client, SYNC)
    now = timezone.now()
    day = {
        "remaining": 688,
        "limit": 1000,
        "seen_at": now.timestamp() * 1000,
        "high": 998,
        "high_at": (now - timedelta(hours=18)).timestamp() * 1000,
    }
    budget = CallBudget.objects.create(connection=connection, state={"day": day})
    page = main_of(office_client, SYNC)
    assert "Used <b>312</b> of 1,000 calls today, as of " in page
    assert "Automatic syncs leave the last 50 to buttons that people press" in page
    assert "Automatic sync every 10 minutes." in page
    budget.state["day"]["remaining"] = 80
    budget.save()
    assert (
        "Automatic sync every 10 minutes; today every 36 minutes, because 80 of 1,000 "
        "calls are left."
    ) in main_of(office_client, SYNC)
