"""Celery's doors to the sync. A message is only a wake-up: the row is the queue, so a
message that is late, doubled or lost does no harm."""

import logging
import os
import socket
from datetime import datetime
from math import ceil

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from xero_sync.models import Notice, SyncRun, XeroConnection
from xero_sync.report.notices import notice_due, send_notice
from xero_sync.report.render import render_report, runs_without_report
from xero_sync.runs.keeping import claim_keep_alive, keep_alive
from xero_sync.runs.requests import request_automatic_run
from xero_sync.runs.runner import Slice, Worker, is_there_work
from xero_sync.store.lease import claim_wake, note_tick

logger = logging.getLogger(__name__)

# A full minute of calls and a little. A longer wait is the tick's: a message that waits
# lies in a worker's memory.
LONGEST_COUNTDOWN = 65


def wake_worker() -> None:
    """After the commit: the worker must find the row."""
    transaction.on_commit(_wake)


def _wake(countdown: float = 0) -> None:
    try:
        work_on_sync.apply_async(countdown=countdown, retry=False)
    except OperationalError as error:
        logger.warning("Nobody could be woken (%s): the next tick will.", error)


@shared_task(name="xero_sync.tasks.sync_tick")
def sync_tick() -> None:
    """Every half minute: start what is due, take up what was left lying, tell who has to
    be told. Any number of ticks in one moment come to the same."""
    now = timezone.now()
    for run_id in runs_without_report():
        render_report_task.delay(run_id)
    connection = XeroConnection.current()
    if connection is None:
        return
    notice = notice_due(now)
    if notice:
        tell_administrators.delay(notice.pk)
    note_tick(connection.pk, now)
    if connection.is_connected:
        _look_after(connection, now)


def _look_after(connection: XeroConnection, now: datetime) -> None:
    request_automatic_run(connection, now)
    if is_there_work(connection) and claim_wake(connection.pk, now=now):
        _wake()
    if claim_keep_alive(connection, now):
        keep_connection_alive.delay(connection.pk)


@shared_task(name="xero_sync.tasks.work_on_sync")
def work_on_sync() -> None:
    """One slice of work; what is left over is a new message."""
    connection = XeroConnection.current()
    if connection is None:
        return
    worker = Worker(
        owner=f"{socket.gethostname()}:{os.getpid()}",
        cut_off_by=(SoftTimeLimitExceeded,),
    )
    outcome, run = worker.work(connection)
    if run is not None and not run.is_open:
        render_report_task.delay(run.pk)
    if outcome in (Slice.MORE, Slice.ENDED, Slice.ASKING):
        # Whoever asked while the lease was held found nobody to wake.
        if is_there_work(connection):
            _wake()
    elif outcome is Slice.WAITING:
        _wake_in_time(connection)


def _wake_in_time(connection: XeroConnection) -> None:
    """When the wait is over, if that is soon."""
    connection.refresh_from_db(fields=["not_before"])
    if connection.not_before is None:
        return
    wait = ceil((connection.not_before - timezone.now()).total_seconds())
    if 0 < wait <= LONGEST_COUNTDOWN:
        _wake(countdown=wait)


@shared_task(name="xero_sync.tasks.keep_connection_alive")
def keep_connection_alive(connection_id: int) -> None:
    keep_alive(XeroConnection.objects.get(pk=connection_id))


@shared_task(name="xero_sync.tasks.tell_administrators")
def tell_administrators(notice_id: int) -> None:
    send_notice(Notice.objects.select_related("connection").get(pk=notice_id))


@shared_task(name="xero_sync.tasks.render_report")
def render_report_task(run_id: int) -> None:
    render_report(SyncRun.objects.get(pk=run_id))
