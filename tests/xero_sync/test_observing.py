"""How Xero's lists are read: nothing twice, nothing missed, wherever it is cut off."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import pytest
from django.utils import timezone

from tests.builders import TESTER
from tests.ledger import PracticeLedger
from tests.xero_sync.rows import make_connection
from tests.xero_sync.world import connect, in_step, next_sync, one_slice
from xero_sync.client import queries
from xero_sync.client.call import Call
from xero_sync.client.errors import RateLimited
from xero_sync.client.paging import Ask
from xero_sync.models import MirrorRecord, SyncCursor, SyncRun, XeroConnection
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import sync_now
from xero_sync.store.cursors import begin_full_reading, cursor_of
from xero_sync.store.mirror import Seen, put_mirror

pytestmark = pytest.mark.django_db


def contacts_of_different_seconds(ledger: PracticeLedger, count: int) -> None:
    for number in range(count):
        ledger.control("clock", shift_seconds=10 * (number - count))
        ledger.load_books(
            {"Contacts": [{"Name": f"Customer {number}", "IsCustomer": True}]}
        )
    ledger.control("clock", shift_seconds=0)


class SmallPages:
    """Two records a page; after ``limit_after`` pages of contacts Xero says that it is
    enough for this minute."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[datetime | None] = []
        self.limit_after = 1000
        real = queries.page_call

        def page_call(resource: str, params: Mapping[str, str], ask: Ask) -> Call:
            if resource == "Contacts":
                if len(self.asked) >= self.limit_after:
                    raise RateLimited("minute", retry_after=1)
                self.asked.append(ask.since)
            return real(resource, params, ask)

        monkeypatch.setattr(queries, "page_call", page_call)
        monkeypatch.setattr(queries, "PAGE_SIZE", 2)


def read_everything_anew() -> None:
    XeroConnection.objects.update(full_compare_on=None)


def test_the_daily_full_reading_goes_on_where_a_limit_cut_it_off(
    ledger: PracticeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts_of_different_seconds(ledger, 8)
    connect(ledger)
    in_step()
    pages = SmallPages(monkeypatch)
    read_everything_anew()
    next_sync()
    whole = len(pages.asked)

    read_everything_anew()
    pages.asked, pages.limit_after = [], 3
    run = sync_now(by=TESTER)
    one_slice(run)
    assert run.state == SyncRun.State.WAITING
    assert SyncCursor.objects.get(kind=Kind.CONTACT).full_watermark is not None
    pages.limit_after = 1000
    while run.is_open:
        XeroConnection.objects.update(not_before=None)
        one_slice(run)

    assert run.state == SyncRun.State.FINISHED
    # What was under way is asked for again, nothing before it.
    assert len(pages.asked) <= whole + 1
    assert pages.asked.count(None) == 1
    cursor = SyncCursor.objects.get(kind=Kind.CONTACT)
    assert (cursor.full_started, cursor.full_watermark) == (None, None)
    assert XeroConnection.objects.get().full_compare_on == timezone.localdate()


def test_a_full_reading_of_the_day_before_yesterday_begins_anew() -> None:
    connection = make_connection()
    cursor = cursor_of(connection, Kind.CONTACT)
    now = timezone.now()
    cursor.full_started = now - timedelta(days=2)
    cursor.full_watermark = now - timedelta(days=3)

    begin_full_reading(cursor, now=now)

    assert cursor.full_started == now
    assert cursor.full_watermark is None


def test_an_older_version_never_replaces_a_newer_one() -> None:
    connection = make_connection()
    now = timezone.now()
    newer = Seen("x1", now, msgspec.Raw(b'{"Name":"New"}'), "new")
    older = Seen(
        "x1", now - timedelta(seconds=1), msgspec.Raw(b'{"Name":"Old"}'), "old"
    )

    assert put_mirror(connection, Kind.CONTACT, [newer]) == {"x1"}
    assert put_mirror(connection, Kind.CONTACT, [older]) == frozenset()
    assert put_mirror(connection, Kind.CONTACT, [newer]) == frozenset()

    assert MirrorRecord.objects.get().payload == {"Name": "New"}
