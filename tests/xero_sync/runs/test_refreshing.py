"""One renews, the others wait; what is lost on the way costs nothing."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import close_old_connections, connections
from django.db.models import Model
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.models import ChangeEntry
from fieldops.common.permissions import Role
from tests.builders import TESTER, make_customer, make_user
from tests.conftest import environment_of_processes
from tests.ledger import ROOT, PracticeLedger
from tests.xero_sync.lost import Killed
from tests.xero_sync.world import connect, in_step, work_on
from xero_sync.client.errors import XeroDisconnected, XeroUnavailable
from xero_sync.models import XeroConnection
from xero_sync.outcomes.drafts import TokenSet
from xero_sync.report.notices import notice_due, send_notice
from xero_sync.report.render import render_report
from xero_sync.runs import refreshing
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.refreshing import StoredTokenSource
from xero_sync.runs.requests import sync_now
from xero_sync.runs.wiring import build_api, xero_auth
from xero_sync.store.tokens import (
    StoredTokens,
    claim_refresh,
    read_tokens,
    save_renewed,
    save_tokens,
)

TOKEN = "/connect/token"


class Source(StoredTokenSource):
    """Waits without waiting; ``later`` is how far its clock is ahead."""

    def __init__(
        self, connection: XeroConnection, later: timedelta = timedelta()
    ) -> None:
        self.later = later
        super().__init__(
            connection.pk, xero_auth(connection.practice_url), self._now, self._skip
        )

    def _now(self) -> datetime:
        return timezone.now() + self.later

    def _skip(self, seconds: float) -> None:
        self.later += timedelta(seconds=seconds)


class Meanwhile(Source):
    """Something happens while Xero is being asked for the first time."""

    happens: Callable[[], object] | None = None

    def _ask(self, tokens: StoredTokens) -> tuple[TokenSet, str]:
        answer = super()._ask(tokens)
        happens, self.happens = self.happens, None
        if happens:
            happens()
        return answer


def renewals(ledger: PracticeLedger) -> int:
    return int(ledger.state()["calls"]["by_path"].get(f"POST {TOKEN}", 0))


def stored(connection: XeroConnection) -> StoredTokens:
    return read_tokens(connection.pk)


# --- one among many ---


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_asks_xero(ledger: PracticeLedger) -> None:
    connection = connect(ledger)
    ledger.control("calls/reset")
    ledger.control("faults", kind="delay", delay_ms=300, path=TOKEN)
    rejected = stored(connection).access
    got: list[str] = []
    start = threading.Barrier(8)

    def renew() -> None:
        source = StoredTokenSource(
            connection.pk, xero_auth(connection.practice_url), timezone.now
        )
        start.wait()
        got.append(source.refresh(rejected))
        connections.close_all()

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(got), set(got)) == (8, {stored(connection).access})
    assert got[0] != rejected
    assert renewals(ledger) == 1


RENEW = """
import django; django.setup()
from django.utils import timezone
from xero_sync.models import XeroConnection
from xero_sync.runs.refreshing import StoredTokenSource
from xero_sync.runs.requests import sync_now
from xero_sync.runs.wiring import xero_auth
connection = XeroConnection.objects.get()
source = StoredTokenSource(
    connection.pk, xero_auth(connection.practice_url), timezone.now
)
input()
source.access_token()
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_asks_xero(ledger: PracticeLedger) -> None:
    connection = connect(ledger)
    before = stored(connection)
    XeroConnection.objects.update(expires_at=timezone.now())
    ledger.control("calls/reset")
    ledger.control("faults", kind="delay", delay_ms=1000, path=TOKEN)
    close_old_connections()

    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RENEW],
            cwd=ROOT,
            env=environment_of_processes(""),
            stdin=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    codes = [process.wait(timeout=60) for process in processes]

    assert codes == [0, 0]
    assert renewals(ledger) == 1
    assert stored(connection).previous == before.refresh


# --- what gets lost ---


def test_the_old_one_is_kept_until_the_new_one_has_worked(
    connection: XeroConnection,
) -> None:
    old = stored(connection).refresh
    api = build_api(connection, by_hand=True)

    renewed = Source(connection).refresh(stored(connection).access)
    assert stored(connection).previous == old
    api.organisation()

    assert (stored(connection).access, stored(connection).previous) == (renewed, "")


def test_an_answer_lost_once_is_asked_for_again(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    before = stored(connection)
    ledger.control("faults", kind="lose_answer", path=TOKEN)

    renewed = Source(connection).refresh(before.access)

    assert renewed == stored(connection).access != before.access
    assert renewals(ledger) == 2


def test_an_answer_lost_for_good_changes_nothing_and_the_old_token_serves(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    before = stored(connection)
    ledger.control("faults", kind="lose_answer", path=TOKEN, times=3)

    with pytest.raises(XeroUnavailable):
        Source(connection).refresh(before.access)

    after = stored(connection)
    assert (after.access, after.refresh) == (before.access, before.refresh)
    ledger.control("clock", shift_seconds=29 * 60)
    assert Source(connection).refresh(before.access) != before.access


def test_after_the_grace_the_old_token_is_dead(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    before = stored(connection)
    ledger.control("faults", kind="lose_answer", path=TOKEN, times=3)
    with pytest.raises(XeroUnavailable):
        Source(connection).refresh(before.access)
    ledger.control("clock", shift_seconds=31 * 60)

    with pytest.raises(XeroDisconnected) as refusal:
        Source(connection).refresh(before.access)

    assert refusal.value.reason == "invalid_grant"
    assert stored(connection).refresh == before.refresh


def test_killed_between_answer_and_commit(
    connection: XeroConnection,
    ledger: PracticeLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The claim stays behind, and dies by itself."""
    before = stored(connection)

    def killed(*_: object, **__: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "save_renewed", killed)
        patch.setattr(refreshing, "release_refresh", lambda *_: None)
        with pytest.raises(Killed):
            Source(connection).refresh(before.access)

    assert stored(connection).refresh == before.refresh
    with pytest.raises(XeroUnavailable, match="elsewhere"):
        Source(connection).refresh(before.access)
    late = Source(connection, later=timedelta(seconds=31))
    assert late.refresh(before.access) == stored(connection).access != before.access
    assert renewals(ledger) == 2


def test_a_new_token_that_does_not_work_gives_way_to_the_one_before(
    connection: XeroConnection,
) -> None:
    """Xero takes back what it gave; within the grace the one before is still good."""
    good = stored(connection).refresh
    Source(connection).refresh(stored(connection).access)
    broken = TokenSet("bad", "bad", timezone.now() + timedelta(minutes=30), "")
    save_tokens(connection.pk, broken, now=timezone.now())
    previous = XeroConnection.objects.get().previous_refresh_token
    assert previous == ""
    fence = claim_refresh(connection.pk, now=timezone.now())
    assert fence is not None
    save_renewed(connection.pk, broken, used=good, fence=fence, now=timezone.now())

    renewed = Source(connection).refresh("bad")

    assert renewed == stored(connection).access != "bad"
    assert stored(connection).previous == good


# --- somebody else was quicker ---


def test_a_holder_that_slept_past_its_claim_stores_nothing(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    rejected = stored(connection).access
    other = Source(connection, later=timedelta(seconds=31))
    slow = Meanwhile(connection)
    slow.happens = lambda: other.refresh(rejected)

    got = slow.refresh(rejected)

    assert got == stored(connection).access != rejected
    assert renewals(ledger) == 2
    third = Source(connection).refresh(got)
    assert third == stored(connection).access != got


def test_a_consent_given_meanwhile_stands(
    connection: XeroConnection, ledger: PracticeLedger
) -> None:
    rejected = stored(connection).access
    slow = Meanwhile(connection)
    slow.happens = lambda: connect(ledger)

    got = slow.refresh(rejected)

    assert got == stored(connection).access != rejected
    assert stored(connection).previous == ""


def test_tokens_forgotten_meanwhile_stay_forgotten(
    connection: XeroConnection,
) -> None:
    slow = Meanwhile(connection)
    slow.happens = lambda: disconnect(by=TESTER)

    with pytest.raises(XeroDisconnected):
        slow.refresh(stored(connection).access)

    kept = stored(connection)
    assert (kept.access, kept.refresh, kept.previous) == ("", "", "")


def test_a_refusal_of_tokens_that_were_replaced_is_no_refusal(
    connection: XeroConnection,
    ledger: PracticeLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody reconnects in the moment in which the old tokens are refused."""
    rejected = stored(connection).access
    source = Source(connection)

    def refused(tokens: StoredTokens) -> Any:
        connect(ledger)
        raise XeroDisconnected("invalid_grant")

    monkeypatch.setattr(source, "_ask", refused)

    assert source.refresh(rejected) == stored(connection).access != rejected


# --- kept to itself ---


def test_no_token_is_in_a_log_a_report_or_a_row(
    connection: XeroConnection,
    ledger: PracticeLedger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A first sync, renewals that go wrong, a break: then everything kept is searched."""
    administrator = make_user(Role.ADMINISTRATOR, email="ann@northwind.example")
    seen = {stored(connection).access, stored(connection).refresh}
    make_customer("Castle Hotel", email="accounts@castle")
    with caplog.at_level(logging.DEBUG):
        ledger.control("faults", kind="token_expired")
        render_report(in_step())
        ledger.control("faults", kind="lose_answer", path=TOKEN, times=3)
        with pytest.raises(XeroUnavailable):
            Source(connection).refresh(stored(connection).access)
        seen |= {stored(connection).access, stored(connection).refresh}
        ledger.control("tokens/expire", refresh=True)
        run = work_on(sync_now(by=Actor.person(administrator)))
        render_report(run)
        notice = notice_due(timezone.now())
        assert notice is not None
        send_notice(notice)

    assert (run.problem, len(mail.outbox), len(seen)) == ("disconnected", 1, 4)
    models: list[type[Model]] = [
        *apps.get_app_config("xero_sync").get_models(),
        ChangeEntry,
    ]
    kept = [str(row) for model in models for row in model._default_manager.values()]
    kept += [str(mail.outbox[0].message()), caplog.text]
    assert [token for token in seen if any(token in text for text in kept)] == []
