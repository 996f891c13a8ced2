"""Celery's doors to the sync. A message is only a wake-up: the row is the queue, so a
message that is late, doubled or lost does no harm."""

import logging
import os
import socket

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from xero_sync.models import SyncRun, XeroConnection
from xero_sync.report.render import render_report, runs_without_report
from xero_sync.runs.requests import request_automatic_run
from xero_sync.runs.runner import Slice, Worker, next_run

logger = logging.getLogger(__name__)


def wake_worker() -> None:
    """After the commit: the worker must find the row."""
    transaction.on_commit(_wake)


def _wake() -> None:
    try:
        work_on_sync.apply_async(retry=False)
    except OperationalError as error:
        logger.warning("Nobody could be woken (%s): the next tick will.", error)


@shared_task(name="xero_sync.tasks.sync_tick")
def sync_tick() -> None:
    """Every half minute: start what is due, take up what was left lying."""
    for run_id in runs_without_report():
        render_report_task.delay(run_id)
    connection = XeroConnection.current()
    if connection is None or not connection.is_connected:
        return
    request_automatic_run(connection, timezone.now())
    if next_run(connection) is not None:
        work_on_sync.delay()


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
        work_on_sync.delay()


@shared_task(name="xero_sync.tasks.render_report")
def render_report_task(run_id: int) -> None:
    render_report(SyncRun.objects.get(pk=run_id))
