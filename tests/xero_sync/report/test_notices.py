"""Administrators are told once for each trouble, in plain words, and no run suffers."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from fieldops.common.permissions import Role
from tests.builders import make_customer, make_invoice, make_item, make_user
from tests.xero_sync.rows import make_connection
from xero_sync import tasks
from xero_sync.models import Notice, XeroConnection
from xero_sync.report import notices
from xero_sync.report.notices import notice_due, send_notice
from xero_sync.store.tokens import LIFE, mark_broken

pytestmark = pytest.mark.django_db

SECRET = "the-refresh-token"


@pytest.fixture(autouse=True)
def administrators() -> None:
    make_user(Role.ADMINISTRATOR, email="ann@northwind.example")
    make_user(Role.ADMINISTRATOR, email="bob@northwind.example")
    make_user(Role.ADMINISTRATOR)
    make_user(Role.ADMINISTRATOR, email="left@northwind.example", is_active=False)
    make_user(Role.OFFICE, email="office@northwind.example")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.tell_administrators, "delay", tasks.tell_administrators)
    monkeypatch.setattr(tasks.keep_connection_alive, "delay", lambda pk: None)


def break_it() -> None:
    connection = make_connection(tenant_name="Northwind", refresh_token=SECRET)
    mark_broken(connection.pk, "invalid_grant", timezone.now())


def be_late(**values: Any) -> None:
    make_connection(
        next_due_at=timezone.now() - timedelta(minutes=20),
        not_before=timezone.now() + timedelta(minutes=1),
        **values,
    )


def test_a_break_is_told_once_to_administrators_with_an_address(
    settings: Any,
) -> None:
    settings.SITE_URL = "https://office.example"
    break_it()
    make_invoice(make_customer("Castle Hotel"))
    make_item()

    for _ in range(5):
        tasks.sync_tick()

    (message,) = mail.outbox
    assert message.to == ["ann@northwind.example", "bob@northwind.example"]
    assert message.subject == "Fieldops: Xero is disconnected"
    body = str(message.body)
    assert "no longer lets Fieldops into the books of Northwind." in body
    assert "Waiting for Xero: 1 contact, 1 stock item, 1 invoice." in body
    assert "Reconnect: https://office.example/settings/xero/" in body
    assert SECRET not in body
    assert "invalid_grant" not in body


def test_without_the_address_of_the_office_there_is_no_link(settings: Any) -> None:
    settings.SITE_URL = ""
    break_it()
    tasks.sync_tick()
    body = str(mail.outbox[0].body)
    assert "http" not in body
    assert "Reconnect: in Fieldops under Settings > Finance > Xero." in body
    assert "Nothing is lost: what changes meanwhile goes by itself" in body


def test_the_next_break_is_another_one() -> None:
    break_it()
    tasks.sync_tick()
    XeroConnection.objects.update(state=XeroConnection.State.CONNECTED)
    mark_broken(XeroConnection.objects.get().pk, "invalid_grant", timezone.now())
    tasks.sync_tick()
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_down_hurts_nobody_and_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*_: object, **__: object) -> int:
        raise SMTPServerDisconnected("no")

    break_it()
    with monkeypatch.context() as patch:
        patch.setattr(notices, "send_mail", down)
        tasks.sync_tick()
        tasks.sync_tick()
    assert "could not be sent" in caplog.text
    assert Notice.objects.get().tries == 1

    later = timezone.now() + timedelta(minutes=11)
    notice = notice_due(later)
    assert notice is not None
    send_notice(notice)

    assert len(mail.outbox) == 1
    assert notice_due(later + timedelta(minutes=11)) is None


def test_a_mail_server_that_stays_down_is_left_alone_after_five_tries() -> None:
    break_it()
    now = timezone.now()
    asked = [notice_due(now + timedelta(minutes=11 * n)) for n in range(8)]
    assert [notice is not None for notice in asked] == [True] * 5 + [False] * 3


def test_a_late_sync_is_told_once(settings: Any) -> None:
    settings.SITE_URL = "https://office.example"
    be_late(ticked_at=timezone.now() - timedelta(seconds=30))

    for _ in range(3):
        tasks.sync_tick()

    (message,) = mail.outbox
    assert message.subject == "Fieldops: the Xero sync is late"
    body = str(message.body)
    assert "has not happened." in body
    assert "is running, but does not get on with it." in body
    assert "https://office.example/xero/" in body


def test_who_comes_back_after_a_night_begins_without_an_alarm() -> None:
    be_late(ticked_at=timezone.now() - timedelta(hours=9))
    tasks.sync_tick()
    assert mail.outbox == []


def test_what_is_well_again_by_then_is_not_told() -> None:
    break_it()
    notice = notice_due(timezone.now())
    assert notice is not None
    XeroConnection.objects.update(state=XeroConnection.State.CONNECTED)
    send_notice(Notice.objects.get())
    assert mail.outbox == []


def permission_ends_in(days: int, **values: Any) -> XeroConnection:
    now = timezone.now()
    renewed_at = now + timedelta(days=days, minutes=5) - LIFE
    values = {"ticked_at": now - timedelta(seconds=30)} | values
    return make_connection(tenant_name="Northwind", renewed_at=renewed_at, **values)


def days_later(connection: XeroConnection, days: int) -> None:
    """As if so many days had gone by."""
    connection.refresh_from_db()
    assert connection.renewed_at is not None
    XeroConnection.objects.filter(pk=connection.pk).update(
        renewed_at=connection.renewed_at - timedelta(days=days)
    )
    Notice.objects.update(since=F("since") - timedelta(days=days))


def test_a_permission_that_ends_is_told_once_two_weeks_and_once_three_days_before(
    settings: Any,
) -> None:
    settings.SITE_URL = "https://office.example"
    connection = permission_ends_in(15)
    told = []
    for _ in range(15):
        for _ in range(2):
            tasks.sync_tick()
        told.append(len(mail.outbox))
        days_later(connection, 1)

    assert told == [0] + [1] * 11 + [2] * 3
    first, last = mail.outbox
    assert first.to == ["ann@northwind.example", "bob@northwind.example"]
    assert first.subject.startswith("Fieldops: the permission for Xero ends on ")
    assert "into the books of Northwind until " in str(first.body)
    assert "14 days left" in str(first.body)
    assert "https://office.example/settings/xero/" in str(first.body)
    assert "3 days left" in str(last.body)


def test_a_permission_renewed_by_then_is_not_told_and_the_next_is_another() -> None:
    connection = permission_ends_in(14)
    notice = notice_due(timezone.now())
    assert notice is not None
    XeroConnection.objects.update(renewed_at=timezone.now())
    send_notice(notice)
    assert mail.outbox == []

    connection.refresh_from_db()
    days_later(connection, 50)
    Notice.objects.filter(pk=notice.pk).update(since=notice.since)
    tasks.sync_tick()
    assert [str(Notice.Kind(one.kind)) for one in Notice.objects.all()] == [
        "soon",
        "soon",
    ]
    assert len(mail.outbox) == 1


def test_a_late_sync_does_not_hide_a_permission_that_ends() -> None:
    permission_ends_in(
        10,
        next_due_at=timezone.now() - timedelta(minutes=20),
        not_before=timezone.now() + timedelta(minutes=1),
    )
    for _ in range(3):
        tasks.sync_tick()
        XeroConnection.objects.update(ticked_at=timezone.now())
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["late", "soon"]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"ticked_at": timezone.now() - timedelta(days=50)},
        {"state": XeroConnection.State.CHOOSING},
    ],
    ids=["nobody was there", "not connected"],
)
def test_a_permission_that_will_be_renewed_or_is_none_is_not_told(
    values: dict[str, Any],
) -> None:
    permission_ends_in(2, **values)
    tasks.sync_tick()
    assert mail.outbox == []
