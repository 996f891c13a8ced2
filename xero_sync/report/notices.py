"""Tell administrators by email when the sync needs them: once for each trouble."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from fieldops.common.permissions import Role
from fieldops.users.models import User
from xero_sync.models import Notice, XeroConnection
from xero_sync.report.heartbeat import SILENCE, Alarm, Signs, alarm_of, at, read_signs
from xero_sync.report.standing import standing_of
from xero_sync.report.waiting import what_waits
from xero_sync.runs.keeping import VERY_SOON, Permission

logger = logging.getLogger(__name__)

TRIES = 5
TRY_AGAIN = timedelta(minutes=10)
WEEK = timedelta(days=7)


def notice_due(now: datetime) -> Notice | None:
    """What is to be told now, claimed for whoever asks first."""
    signs = read_signs()
    if signs is None:
        return None
    for kind, since in _troubles(signs, now):
        notice, _ = Notice.objects.get_or_create(
            connection_id=signs.pk, kind=kind, since=since
        )
        claimed = Notice.objects.filter(
            Q(tried_at__isnull=True) | Q(tried_at__lte=now - TRY_AGAIN),
            pk=notice.pk,
            sent_at__isnull=True,
            tries__lt=TRIES,
        ).update(tried_at=now, tries=F("tries") + 1)
        if claimed:
            return notice
    return None


def send_notice(notice: Notice) -> None:
    """A mail server that is down is logged and tried again later; no run hears of it."""
    addresses = administrators()
    if not addresses:
        logger.warning("No administrator has an email address: %s.", notice)
        return
    text = _text(notice)
    if text is None:
        return
    subject, body = text
    try:
        send_mail(f"Fieldops: {subject}", body, None, addresses)
    except (SMTPException, OSError) as error:
        logger.warning("The email could not be sent (%s): %s.", error, notice)
        return
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())


def administrators() -> list[str]:
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return sorted(set(people.exclude(email="").values_list("email", flat=True)))


def _troubles(signs: Signs, now: datetime) -> Iterator[tuple[Notice.Kind, datetime]]:
    """What nobody saw to because nobody was there is not told once somebody is back: the
    run begins, and the permission is renewed, at that moment."""
    if signs.state == XeroConnection.State.BROKEN:
        if signs.broken_at:
            yield Notice.Kind.BROKEN, signs.broken_at
        return
    if signs.ticked_at is None or now - signs.ticked_at >= SILENCE:
        return
    alarm = alarm_of(signs, now)
    if alarm:
        yield Notice.Kind.LATE, alarm.since
    permission = _permission(signs, now)
    if permission and permission.tone:
        is_close = permission.days_left <= VERY_SOON
        kind = Notice.Kind.VERY_SOON if is_close else Notice.Kind.SOON
        yield kind, permission.renewed_at
    reminded_at = _reminder(signs, now)
    if reminded_at:
        yield Notice.Kind.UNFINISHED, reminded_at


def _reminder(signs: Signs, now: datetime) -> datetime | None:
    """The latest weekly moment to remind of what is not done; None where all is."""
    since = signs.first_sync_done_at or signs.connected_at
    weeks = (now - since) // WEEK if since else 0
    if since is None or not weeks:
        return None
    connection = XeroConnection.objects.get(pk=signs.pk)
    return None if standing_of(connection).is_complete else since + weeks * WEEK


def _permission(signs: Signs | None, now: datetime) -> Permission | None:
    is_open = signs is not None and signs.state == XeroConnection.State.CONNECTED
    if signs is None or signs.renewed_at is None or not is_open:
        return None
    return Permission(signs.renewed_at, now)


def _text(notice: Notice) -> tuple[str, str] | None:
    """Subject and body; None when all is well again."""
    signs, now = read_signs(), timezone.now()
    if notice.kind == Notice.Kind.BROKEN:
        return _broken_text(notice)
    if notice.kind == Notice.Kind.LATE:
        return _late_text(notice, alarm_of(signs, now))
    if notice.kind == Notice.Kind.UNFINISHED:
        return _unfinished_text(notice)
    permission = _permission(signs, now)
    if permission is None or permission.renewed_at != notice.since:
        return None
    return _ending_text(notice, permission)


def _late_text(notice: Notice, alarm: Alarm | None) -> tuple[str, str] | None:
    if alarm is None:
        return None
    return "the Xero sync is late", _paragraphs(
        f"{alarm.title}.",
        alarm.cause,
        _waits(notice.connection, "with the next sync"),
        _link("Look at it", "xero_sync:sync", "Xero sync"),
    )


def _unfinished_text(notice: Notice) -> tuple[str, str] | None:
    standing = standing_of(notice.connection)
    if standing.is_complete:
        return None
    return f"the next step with Xero: {standing.phase}", _paragraphs(
        standing.text,
        "Until this is done, not everything is kept in step with Xero. You get this "
        "email once a week until it is.",
        _link(standing.action, standing.url_name, "Xero sync"),
    )


def _ending_text(notice: Notice, permission: Permission) -> tuple[str, str]:
    ends, last = _day(permission.ends_at), _day(permission.renewed_at)
    whose = notice.connection.tenant_name or "your organisation"
    return f"the permission for Xero ends on {ends}", _paragraphs(
        f"Xero lets Fieldops into the books of {whose} until {ends}: "
        f"{permission.days_words}. Fieldops renews the permission every day by itself, "
        f"but has not been able to since {last}.",
        "It is renewed by itself once the background service and Xero are there again, "
        "or when you reconnect. After that day nothing is synced until somebody "
        "reconnects; nothing is lost.",
        _link("Look at it", "xero_sync:settings", "Settings > Finance > Xero"),
    )


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _broken_text(notice: Notice) -> tuple[str, str] | None:
    connection = notice.connection
    if connection.state != XeroConnection.State.BROKEN:
        return None
    whose = connection.tenant_name or "your organisation"
    return "Xero is disconnected", _paragraphs(
        f"Since {at(notice.since)}, Xero no longer lets Fieldops into the books of "
        f"{whose}. The permission was removed in Xero, or it was not used for 60 days.",
        _waits(connection, "once Xero is connected again"),
        _link("Reconnect", "xero_sync:settings", "Settings > Finance > Xero"),
    )


def _waits(connection: XeroConnection, when: str) -> str:
    waiting = what_waits(connection)
    if not waiting:
        return f"Nothing is lost: what changes meanwhile goes by itself {when}."
    return (
        f"Nothing is lost. Waiting for Xero: {waiting}. They go by themselves {when}."
    )


def _link(verb: str, url_name: str, place: str) -> str:
    if not settings.SITE_URL:
        return f"{verb}: in Fieldops under {place}."
    return f"{verb}: {settings.SITE_URL}{reverse(url_name)}"


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"
