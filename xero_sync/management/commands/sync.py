"""Run a sync in the foreground and print what came of it, the last line as JSON."""

import json
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.report.question_words import question_sentences
from xero_sync.report.render import render_report, summary
from xero_sync.report.wording import STEPS
from xero_sync.runs.requests import (
    preview_first_sync,
    start_first_sync,
    sync_now,
)
from xero_sync.runs.runner import Slice, Worker

STILL_WAITING = 75  # EX_TEMPFAIL: try again later
POLL = 0.2


class Command(BaseCommand):
    help = "Run a sync now, in the foreground: the first one, or the next one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="show the plan, carry nothing out"
        )
        parser.add_argument("--json", action="store_true", help="print only the JSON")
        parser.add_argument(
            "--max-wait",
            type=float,
            default=300.0,
            metavar="S",
            help="seconds to wait for Xero in all (300)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system("command line")
        try:
            run = self._request(by, dry_run=options["dry_run"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._work(run, options["max_wait"])
        run.refresh_from_db()
        if not run.is_open:
            render_report(run)
        if not options["json"]:
            self._tell(run)
        self.stdout.write(json.dumps(summary(run)))
        if run.is_open:
            raise SystemExit(STILL_WAITING)
        if run.state == SyncRun.State.FAILED:
            raise SystemExit(1)

    def _tell(self, run: SyncRun) -> None:
        for step in run.steps.all():
            carried_out = f"{step.done} done"
            if run.reason == SyncRun.Reason.PREVIEW:
                carried_out = f"{step.total - step.failed - step.held} planned"
            self.stdout.write(
                f"{STEPS[step.name]}: {carried_out}, {step.failed} failed, "
                f"{step.held} held back"
            )
        for sentence in question_sentences(run):
            self.stdout.write(f"{sentence} Answer under Xero sync.")
        for issue in summary(run)["issues"]:
            self.stdout.write(f"  {issue['record']}: {issue['message']} {issue['fix']}")

    def _request(self, by: Actor, *, dry_run: bool) -> SyncRun:
        connection = XeroConnection.current()
        if dry_run:
            return preview_first_sync(by=by)
        if connection and connection.first_sync_done_at:
            return sync_now(by=by)
        return start_first_sync(by=by)

    def _work(self, run: SyncRun, max_wait: float) -> None:
        """Until the run has ended. A Celery worker may do the work: then we look on."""
        worker = Worker(owner=f"command:{os.getpid()}")
        waited = 0.0
        while True:
            connection = XeroConnection.objects.get(pk=run.connection_id)
            outcome, _ = worker.work(connection)
            run.refresh_from_db()
            if not run.is_open or run.state == SyncRun.State.ASKING:
                return
            if outcome in (Slice.WAITING, Slice.BUSY, Slice.NOTHING):
                pause = self._pause(run, max_wait - waited)
                if pause is None:
                    return
                time.sleep(pause)
                waited += pause

    def _pause(self, run: SyncRun, left: float) -> float | None:
        """Seconds until it is worth looking again; None when that is too long."""
        not_before = XeroConnection.objects.values_list("not_before", flat=True).get(
            pk=run.connection_id
        )
        wait = POLL
        if not_before is not None:
            wait = max(POLL, (not_before - timezone.now()).total_seconds())
        return wait if wait <= left else None
