"""Tell administrators by e-mail when the sync needs them: once for each trouble."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from fieldops.common.permissions import Role
from fieldops.users.models import User
from xero_sync.models import Notice, XeroConnection
from xero_sync.report.heartbeat import SILENCE, Signs, alarm_of, at, read_signs
from xero_sync.report.waiting import what_waits

logger = logging.getLogger(__name__)

TRIES = 5
TRY_AGAIN = timedelta(minutes=10)


def notice_due(now: datetime) -> Notice | None:
    """What is to be told now, claimed for whoever asks first.

    A sync that is late because nobody was there is not told once somebody is back: the
    run begins at that moment.
    """
    signs = read_signs()
    trouble = _trouble(signs, now) if signs else None
    if signs is None or trouble is None:
        return None
    kind, since = trouble
    notice, _ = Notice.objects.get_or_create(
        connection_id=signs.pk, kind=kind, since=since
    )
    claimed = Notice.objects.filter(
        Q(tried_at__isnull=True) | Q(tried_at__lte=now - TRY_AGAIN),
        pk=notice.pk,
        sent_at__isnull=True,
        tries__lt=TRIES,
    ).update(tried_at=now, tries=F("tries") + 1)
    return notice if claimed else None


def send_notice(notice: Notice) -> None:
    """A mail server that is down is logged and tried again later; no run hears of it."""
    addresses = administrators()
    if not addresses:
        logger.warning("No administrator has an e-mail address: %s.", notice)
        return
    text = _text(notice)
    if text is None:
        return
    subject, body = text
    try:
        send_mail(f"Fieldops: {subject}", body, None, addresses)
    except (SMTPException, OSError) as error:
        logger.warning("The e-mail could not be sent (%s): %s.", error, notice)
        return
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())


def administrators() -> list[str]:
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return sorted(set(people.exclude(email="").values_list("email", flat=True)))


def _trouble(signs: Signs, now: datetime) -> tuple[Notice.Kind, datetime] | None:
    if signs.state == XeroConnection.State.BROKEN and signs.broken_at:
        return Notice.Kind.BROKEN, signs.broken_at
    alarm = alarm_of(signs, now)
    was_there = signs.ticked_at is not None and now - signs.ticked_at < SILENCE
    return (Notice.Kind.LATE, alarm.since) if alarm and was_there else None


def _text(notice: Notice) -> tuple[str, str] | None:
    """Subject and body; None when all is well again."""
    connection = notice.connection
    if notice.kind == Notice.Kind.BROKEN:
        if connection.state != XeroConnection.State.BROKEN:
            return None
        return "Xero is disconnected", _broken_text(connection, notice.since)
    alarm = alarm_of(read_signs(), timezone.now())
    if alarm is None:
        return None
    return "the Xero sync is late", _paragraphs(
        f"{alarm.title}.",
        alarm.cause,
        _waits(connection, "with the next sync"),
        _link("Look at it", "xero_sync:sync", "Xero sync"),
    )


def _broken_text(connection: XeroConnection, since: datetime) -> str:
    whose = connection.tenant_name or "your organisation"
    return _paragraphs(
        f"Since {at(since)}, Xero no longer lets Fieldops into the books of {whose}. "
        "The permission was removed in Xero, or it was not used for 60 days.",
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
