"""Sign off the plan of the first sync, and start it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from xero_sync.consolidation.errors import NotNow
from xero_sync.consolidation.queue import needs_sign_off
from xero_sync.models import SignOff, SyncRun, SyncSettings, XeroConnection
from xero_sync.runs.choices import basis_of
from xero_sync.runs.errors import NotSignedOff, PlanOutdated
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.signed import digest_of


@transaction.atomic
def sign_off_and_start(
    preview: SyncRun, digest: str, *, shown: Mapping[str, Any], by: Actor
) -> SyncRun:
    """``digest``: of the plan on the person's screen, ``shown``: its figures."""
    _check_newest(preview)
    if digest_of(preview) != digest:
        raise PlanOutdated("This is not the plan you were shown.")
    sign_off = SignOff.objects.create(
        connection=preview.connection,
        preview=preview,
        user=by.user,
        digest=digest,
        shown=dict(shown),
    )
    run = start_first_sync(by=by, sign_off=sign_off)
    if run.sign_off_id != sign_off.pk:
        # It was running already: nothing new was signed.
        sign_off.delete()
    return run


def start_unsigned(connection: XeroConnection, *, by: Actor) -> SyncRun:
    """Where a side holds so little that nobody has to sign."""
    if needs_sign_off(connection):
        raise NotSignedOff
    return start_first_sync(by=by)


def _check_newest(preview: SyncRun) -> None:
    reasons = (SyncRun.Reason.PREVIEW, SyncRun.Reason.UNDO)
    runs = SyncRun.objects.filter(connection=preview.connection, reason__in=reasons)
    newest = runs.order_by("-pk").first()
    if newest and newest.reason == SyncRun.Reason.UNDO:
        raise PlanOutdated("A sync was undone since this plan was made.")
    if newest != preview:
        raise PlanOutdated("A newer plan has been made since.")
    if preview.state != SyncRun.State.FINISHED:
        raise NotNow
    if preview.planned_under != basis_of(SyncSettings.current()):
        raise PlanOutdated("The settings were changed since this plan was made.")
