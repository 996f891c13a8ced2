"""Which records a plan is about: all of them, or by revision those in question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from fieldops.common.prepared import prepared
from invoicing.models import Invoice, InvoiceLine
from xero_sync.models import (
    FoundPair,
    MirrorRecord,
    PlannedChange,
    SyncIssue,
    SyncRun,
    SyncStep,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.steps.merged_here import survivors_of
from xero_sync.steps.unlinked import (
    links_of,
    some_active,
    some_new_item,
    some_new_item_there,
    unlinked_digest,
    unlinked_rows,
)
from xero_sync.store.cursors import cursor_of
from xero_sync.store.issues import RECORD_FIELD, troubled_kinds

_FOR_A_PART = (SyncRun.Reason.RECORDS, SyncRun.Reason.PREVIEW)
# With more than these in question it is quicker to look at all.
MANY = 5000

Wanted = Mapping[str, set[int]]


@dataclass(frozen=True)
class Choice:
    """``linked``: our ids of the linked records that are compared, None for all.
    ``unlinked``: whether what is linked on neither side is looked at."""

    linked: frozenset[int] | None = None
    unlinked: bool = True

    @property
    def is_everything(self) -> bool:
        return self.linked is None and self.unlinked

    @property
    def is_nothing(self) -> bool:
        return self.linked == frozenset() and not self.unlinked

    def with_linked(self, ids: Iterable[int]) -> "Choice":
        """These linked records as well."""
        if self.linked is None:
            return self
        return replace(self, linked=self.linked | set(ids))


EVERYTHING = Choice()


@dataclass(frozen=True)
class Leftovers:
    """Of earlier runs: the kinds with open issues, and by kind the records whose change
    was not brought to its end."""

    troubled: frozenset[str]
    undone: Mapping[str, set[int]]


def leftovers(ctx: Context, *, by_revision: bool) -> Leftovers:
    """Which changes are undone matters only ``by_revision``."""
    troubled = troubled_kinds(ctx.connection.pk)
    return Leftovers(troubled, _undone(ctx) if by_revision else {})


def choose_contacts(ctx: Context, wanted: Wanted | None, left: Leftovers) -> Choice:
    """Leads, archived records and contacts that are neither customer nor supplier in
    Xero stay unlinked for ever: they are looked at when one of them has changed."""
    if wanted is not None:
        return _of_wanted(ctx, Kind.CONTACT, wanted)
    asked = _asked_about(ctx, Kind.CONTACT)
    linked = _in_question(ctx, Kind.CONTACT, left) | asked
    unlinked = (
        bool(asked)
        or bool(some_active(ctx.connection.pk))
        or _has_unlinked_issue(ctx, Kind.CONTACT, left)
        or unlinked_digest(ctx)
        != cursor_of(ctx.connection, Kind.CONTACT).settled_digest
        or _is_merged(ctx, linked)
    )
    return _limited(linked, unlinked)


def choose_items(ctx: Context, wanted: Wanted | None, left: Leftovers) -> Choice:
    if wanted is not None:
        return _of_wanted(ctx, Kind.ITEM, wanted)
    asked = _asked_about(ctx, Kind.ITEM)
    unlinked = (
        bool(asked)
        or bool(some_new_item(ctx.connection.pk))
        or bool(some_new_item_there(ctx.connection.pk))
        or _has_unlinked_issue(ctx, Kind.ITEM, left)
    )
    return _limited(_in_question(ctx, Kind.ITEM, left) | asked, unlinked)


def choose_invoices(ctx: Context, wanted: Wanted | None, left: Leftovers) -> list[int]:
    """Our ids. What is left out on purpose is left out in the query."""
    if wanted is not None:
        return sorted(wanted[Kind.INVOICE])
    sendable = _sendable(
        ctx.connection.pk,
        ctx.settings.invoices_from or date.min,
        with_drafts=ctx.settings.sends_drafts,
    )
    return sorted({*sendable, *_in_question(ctx, Kind.INVOICE, left)})


@prepared
def _sendable(
    connection_id: int, first_day: date, *, with_drafts: bool
) -> "QuerySet[Invoice, int]":
    drafts = [Invoice.Status.DRAFT] if with_drafts else []
    invoices = unlinked_rows(connection_id, Kind.INVOICE).filter(
        status__in=[Invoice.Status.APPROVED, *drafts], issued_on__gte=first_day
    )
    return invoices.values_list("pk", flat=True)


def wanted_records(run: SyncRun) -> dict[str, set[int]]:
    """What a run for chosen records is about: they, and what their invoices need."""
    invoices = set(run.scope.get(Kind.INVOICE, ()))
    items = InvoiceLine.objects.filter(invoice__in=invoices, item__isnull=False)
    customers = Invoice.objects.filter(pk__in=invoices)
    return {
        Kind.INVOICE: invoices,
        Kind.CONTACT: set(run.scope.get(Kind.CONTACT, ()))
        | set(customers.values_list("customer_id", flat=True)),
        Kind.ITEM: set(run.scope.get(Kind.ITEM, ()))
        | set(items.values_list("item_id", flat=True)),
    }


# --- in question ----------------------------------------------------------------------


def _in_question(ctx: Context, kind: Kind, left: Leftovers) -> set[int]:
    """Linked records that one side has changed since both agreed, that have an issue, or
    whose change an earlier run did not bring to its end."""
    now = tuple(slots(ctx.settings).items())
    found = {
        record_id for (record_id,) in _moved(ctx.connection.pk, kind=kind, now=now)
    }
    ids = found | left.undone.get(kind, set())
    if kind in left.troubled:
        ids |= _with_issues(ctx, kind)
    return ids | survivors_of(kind, ids)


@prepared
def _moved(
    connection_id: int, *, kind: Kind, now: tuple[tuple[str, str], ...]
) -> "QuerySet[Any, tuple[int]]":
    """The linked records of ours that one side has changed. ``now``: where our fields go
    in Xero, by the settings."""
    links = links_of(connection_id, kind)
    mirror = MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, xero_id=OuterRef("xero_id")
    )
    moved_there = mirror.exclude(digest=OuterRef("remote_digest"))
    found = links.exclude(revision=F("record__revision")).values_list("record_id")
    found = found.union(links.filter(Exists(moved_there)).values_list("record_id"))
    if kind == Kind.CONTACT:
        # Key by key: the databases do not agree on what equal JSON is.
        same = {f"base_slots__{name}": value for name, value in now}
        moved = links.exclude(pk__in=links.filter(**same).values("pk"))
        found = found.union(moved.values_list("record_id"))
    if kind == Kind.ITEM:
        gone = links.filter(Exists(mirror.filter(is_gone=True)))
        found = found.union(gone.values_list("record_id"))
    return found


def _asked_about(ctx: Context, kind: Kind) -> set[int]:
    """Our records that may be one of Xero's: what is asked stays planned, linked or not."""
    asked = _doubtful(ctx.connection.pk, kind=kind)
    return {local_id for local_id in asked if local_id}


@prepared
def _doubtful(connection_id: int, *, kind: Kind) -> "QuerySet[FoundPair, int | None]":
    pairs = FoundPair.objects.doubtful().filter(connection=connection_id, kind=kind)
    return pairs.order_by().values_list(RECORD_FIELD[kind], flat=True)


def _with_issues(ctx: Context, kind: Kind) -> set[int]:
    issues = _with_issue(ctx.connection.pk, kind=kind)
    ids = {local_id for local_id, _ in issues if local_id}
    xero_ids = [xero_id for _, xero_id in issues if xero_id]
    if xero_ids:
        ids |= set(_partners(ctx.connection.pk, xero_ids, kind=kind))
    return ids


@prepared
def _with_issue(
    connection_id: int, *, kind: Kind
) -> "QuerySet[SyncIssue, tuple[int | None, str]]":
    issues = _open_issues(connection_id, kind).order_by()
    return issues.values_list(RECORD_FIELD[kind], "xero_id")


@prepared
def _partners(
    connection_id: int, xero_ids: list[str], *, kind: Kind
) -> "QuerySet[Any, int]":
    links = links_of(connection_id, kind).filter(xero_id__in=xero_ids)
    return links.values_list("record_id", flat=True)


def _undone(ctx: Context) -> dict[str, set[int]]:
    """Since the last run that planned for the whole company."""
    last = max(_last_planned(ctx.connection.pk, ctx.run.pk), default=0)
    undone: dict[str, set[int]] = {kind: set() for kind in RECORD_FIELD}
    for kind, local_id in _undone_since(ctx.connection.pk, last):
        if local_id:
            undone[kind].add(local_id)
    return undone


@prepared
def _last_planned(connection_id: int, but: int) -> "QuerySet[SyncRun, int]":
    planned = Exists(SyncStep.objects.filter(run=OuterRef("pk")))
    runs = SyncRun.objects.filter(planned, connection=connection_id)
    runs = runs.exclude(reason__in=_FOR_A_PART).exclude(pk=but)
    return runs.order_by("-pk").values_list("pk", flat=True)[:1]


@prepared
def _undone_since(
    connection_id: int, run_id: int
) -> "QuerySet[PlannedChange, tuple[str, int | None]]":
    changes = PlannedChange.objects.filter(
        run__connection=connection_id,
        run_id__gte=run_id,
        kind__in=list(RECORD_FIELD),
        local_id__isnull=False,
    )
    changes = changes.exclude(run__reason=SyncRun.Reason.PREVIEW)
    changes = changes.exclude(state=PlannedChange.State.DONE)
    return changes.order_by().values_list("kind", "local_id")


def _open_issues(connection_id: int, kind: Kind) -> QuerySet[SyncIssue]:
    return SyncIssue.objects.open().filter(connection=connection_id, kind=kind)


def _has_unlinked_issue(ctx: Context, kind: Kind, left: Leftovers) -> bool:
    if kind not in left.troubled:
        return False
    return bool(_some_unlinked_issue(ctx.connection.pk, kind=kind))


@prepared
def _some_unlinked_issue(
    connection_id: int, *, kind: Kind
) -> "QuerySet[SyncIssue, int]":
    links = links_of(connection_id, kind)
    record = OuterRef(RECORD_FIELD[kind].removesuffix("_id"))
    issues = _open_issues(connection_id, kind).filter(
        ~Exists(links.filter(record=record)),
        ~Exists(links.filter(xero_id=OuterRef("xero_id"))),
    )
    return issues.order_by().values_list("pk", flat=True)[:1]


def _is_merged(ctx: Context, linked: Iterable[int]) -> bool:
    """Into another contact of Xero's, which may be one that is not linked yet."""
    ids = list(linked)[:MANY]
    return bool(ids and _some_merged(ctx.connection.pk, ids))


@prepared
def _some_merged(connection_id: int, ids: list[int]) -> "QuerySet[MirrorRecord, int]":
    partners = links_of(connection_id, Kind.CONTACT).filter(record_id__in=ids)
    merged = MirrorRecord.objects.filter(
        connection=connection_id,
        kind=Kind.CONTACT,
        xero_id__in=partners.values("xero_id"),
        payload__MergedToContactID__isnull=False,
    )
    return merged.values_list("pk", flat=True)[:1]


def _of_wanted(ctx: Context, kind: Kind, wanted: Wanted) -> Choice:
    ids = wanted[kind]
    linked = set(_linked_among(ctx.connection.pk, list(ids), kind=kind))
    is_asked = not _asked_about(ctx, kind).isdisjoint(ids)
    return Choice(frozenset(linked), unlinked=linked != ids or is_asked)


def _limited(linked: set[int], unlinked: bool) -> Choice:
    return Choice(None if len(linked) > MANY else frozenset(linked), unlinked)


@prepared
def _linked_among(
    connection_id: int, ids: list[int], *, kind: Kind
) -> "QuerySet[Any, int]":
    links = links_of(connection_id, kind).filter(record_id__in=ids)
    return links.values_list("record_id", flat=True)
