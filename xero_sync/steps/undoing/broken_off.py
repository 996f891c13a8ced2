"""What an undo that failed or was stopped has ended in Xero, and still has links.

A sync would take such an end for Xero's own: it would cancel the invoice and archive the
contact here as well.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from fieldops.common.prepared import prepared
from xero_sync.models import PlannedChange, SyncRun
from xero_sync.outcomes.kinds import Action, Kind, Step
from xero_sync.steps.context import Context
from xero_sync.steps.undoing.here import drop_links
from xero_sync.store.links import LINK_MODELS
from xero_sync.store.plan import in_slices

_ENDS = (Action.VOID, Action.DELETE, Action.ARCHIVE)


def drop_links_of_broken_undos(ctx: Context) -> None:
    """Before a plan is made. Who was taken back in Xero since, and has another link from
    then on, keeps it."""
    for undo_id, began in list(_broken_undos(ctx.connection.pk)):
        for kind in (Kind.INVOICE, Kind.CONTACT, Kind.ITEM):
            for part in in_slices(_ended_by(undo_id, kind)):
                with ctx.commit():
                    links = _links_before(began, ctx, kind, part)
                    drop_links(ctx, kind, links, links)


@prepared
def _broken_undos(connection_id: int) -> "QuerySet[SyncRun, tuple[int, datetime]]":
    undos = SyncRun.objects.filter(
        connection=connection_id,
        undoes__isnull=False,
        state__in=[SyncRun.State.STOPPED, SyncRun.State.FAILED],
    )
    return undos.order_by("pk").values_list("pk", "created_at")


def _ended_by(undo_id: int, kind: Kind) -> list[str]:
    changes = PlannedChange.objects.filter(
        run=undo_id,
        step=Step.UNDONE_IN_XERO,
        kind=kind,
        action__in=_ENDS,
        state=PlannedChange.State.DONE,
    )
    return list(changes.order_by("pk").values_list("xero_id", flat=True))


def _links_before(
    moment: datetime, ctx: Context, kind: Kind, xero_ids: Iterable[str]
) -> list[Any]:
    model: Any = LINK_MODELS[kind]
    links = model.objects.filter(
        connection=ctx.connection, xero_id__in=list(xero_ids), linked_at__lt=moment
    )
    return list(links.select_for_update(of=("self",)).select_related("record"))
