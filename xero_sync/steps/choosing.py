"""Which records a plan is about: all of them, or by revision those in question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from customers.models import Contact
from invoicing.models import Invoice, InvoiceLine
from stock.models import StockItem
from xero_sync.models import (
    FoundPair,
    MirrorRecord,
    PairDecision,
    PlannedChange,
    SyncIssue,
    SyncRun,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.steps.merged_here import survivors_of
from xero_sync.store.cursors import cursor_of
from xero_sync.store.issues import RECORD_FIELD, troubled_kinds
from xero_sync.store.links import LINK_MODELS

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
        or active_contacts(ctx).exists()
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
        or unlinked_rows(ctx, Kind.ITEM).filter(is_archived=False).exists()
        or unlinked_mirror(ctx, Kind.ITEM).exists()
        or _has_unlinked_issue(ctx, Kind.ITEM, left)
    )
    return _limited(_in_question(ctx, Kind.ITEM, left) | asked, unlinked)


def choose_invoices(ctx: Context, wanted: Wanted | None, left: Leftovers) -> list[int]:
    """Our ids. What is left out on purpose is left out in the query."""
    if wanted is not None:
        return sorted(wanted[Kind.INVOICE])
    sendable = unlinked_rows(ctx, Kind.INVOICE).filter(
        status__in=(
            [Invoice.Status.APPROVED, Invoice.Status.DRAFT]
            if ctx.settings.sends_drafts
            else [Invoice.Status.APPROVED]
        )
    )
    if ctx.settings.invoices_from:
        sendable = sendable.filter(issued_on__gte=ctx.settings.invoices_from)
    ids = set(sendable.values_list("pk", flat=True))
    return sorted(ids | _in_question(ctx, Kind.INVOICE, left))


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


# --- what is not linked ---------------------------------------------------------------


def unlinked_rows(ctx: Context, kind: Kind) -> "QuerySet[Any]":
    """Without what was merged into another record: that one is sent."""
    links = _links(ctx, kind).filter(record=OuterRef("pk"))
    rows: QuerySet[Any] = _ROWS[kind]._default_manager.filter(~Exists(links))
    return rows if kind == Kind.INVOICE else rows.filter(merged_into=None)


def unlinked_mirror(ctx: Context, kind: Kind) -> QuerySet[MirrorRecord]:
    links = _links(ctx, kind).filter(xero_id=OuterRef("xero_id"))
    return MirrorRecord.objects.filter(
        ~Exists(links), connection=ctx.connection, kind=kind, is_gone=False
    )


def active_contacts(ctx: Context) -> "QuerySet[Any]":
    """Not linked, and on their way to Xero."""
    invoices = Invoice.objects.filter(customer=OuterRef("pk"))
    only_cancelled = Exists(invoices) & ~Exists(invoices.not_cancelled())
    return unlinked_rows(ctx, Kind.CONTACT).filter(
        Q(is_supplier=True) | (Q(is_customer=True) & ~only_cancelled), is_archived=False
    )


def settled_digest(
    ctx: Context, here: Iterable[tuple[int, int]], there: Iterable[tuple[str, str]]
) -> str:
    """Of all that decides about contacts that are not linked: our ids and revisions,
    Xero's ids and digests, what people said, the settings."""
    answers = PairDecision.objects.filter(connection=ctx.connection, kind=Kind.CONTACT)
    said = answers.order_by("pk").values_list("pk", "answer")
    names = sorted((pk, one.name) for pk, one in ctx.settings.names_in_xero.items())
    return fingerprint(
        [slots(ctx.settings), names, list(said), list(here), list(there)]
    )


def unlinked_digest(ctx: Context) -> str:
    here = unlinked_rows(ctx, Kind.CONTACT).order_by("pk")
    there = unlinked_mirror(ctx, Kind.CONTACT).order_by("xero_id")
    return settled_digest(
        ctx,
        here.values_list("pk", "revision"),
        there.values_list("xero_id", "digest"),
    )


# --- in question ----------------------------------------------------------------------


def _in_question(ctx: Context, kind: Kind, left: Leftovers) -> set[int]:
    """Linked records that one side has changed since both agreed, that have an issue, or
    whose change an earlier run did not bring to its end."""
    links = _links(ctx, kind)
    mirror = MirrorRecord.objects.filter(
        connection=ctx.connection, kind=kind, xero_id=OuterRef("xero_id")
    )
    moved_there = mirror.exclude(digest=OuterRef("remote_digest"))
    found = links.exclude(revision=F("record__revision")).values_list("record_id")
    found = found.union(links.filter(Exists(moved_there)).values_list("record_id"))
    if kind == Kind.CONTACT:
        moved = links.exclude(base_slots=slots(ctx.settings))
        found = found.union(moved.values_list("record_id"))
    if kind == Kind.ITEM:
        gone = links.filter(Exists(mirror.filter(is_gone=True)))
        found = found.union(gone.values_list("record_id"))
    ids = {row[0] for row in found} | left.undone.get(kind, set())
    if kind in left.troubled:
        ids |= _with_issues(ctx, kind)
    return ids | survivors_of(kind, ids)


def _asked_about(ctx: Context, kind: Kind) -> set[int]:
    """Our records that may be one of Xero's: what is asked stays planned, linked or not."""
    pairs = FoundPair.objects.doubtful().filter(connection=ctx.connection, kind=kind)
    ids = pairs.values_list(RECORD_FIELD[kind], flat=True)
    return {local_id for local_id in ids.order_by() if local_id}


def _with_issues(ctx: Context, kind: Kind) -> set[int]:
    issues = _open_issues(ctx, kind).values_list(RECORD_FIELD[kind], "xero_id")
    ids = {local_id for local_id, _ in issues if local_id}
    xero_ids = [xero_id for _, xero_id in issues if xero_id]
    if xero_ids:
        held = _links(ctx, kind).filter(xero_id__in=xero_ids)
        ids |= set(held.values_list("record_id", flat=True))
    return ids


def _undone(ctx: Context) -> dict[str, set[int]]:
    """Since the last run that planned for the whole company."""
    last = (
        SyncRun.objects.filter(connection=ctx.connection, steps__isnull=False)
        .exclude(reason__in=_FOR_A_PART)
        .exclude(pk=ctx.run.pk)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    changes = PlannedChange.objects.filter(
        run__connection=ctx.connection,
        run_id__gte=last or 0,
        kind__in=RECORD_FIELD,
        local_id__isnull=False,
    ).exclude(run__reason=SyncRun.Reason.PREVIEW)
    undone: dict[str, set[int]] = {kind: set() for kind in RECORD_FIELD}
    rows = changes.exclude(state=PlannedChange.State.DONE)
    for kind, local_id in rows.values_list("kind", "local_id"):
        if local_id:
            undone[kind].add(local_id)
    return undone


def _open_issues(ctx: Context, kind: Kind) -> QuerySet[SyncIssue]:
    return SyncIssue.objects.open().filter(connection=ctx.connection, kind=kind)


def _has_unlinked_issue(ctx: Context, kind: Kind, left: Leftovers) -> bool:
    if kind not in left.troubled:
        return False
    field = RECORD_FIELD[kind].removesuffix("_id")
    links = _links(ctx, kind)
    return (
        _open_issues(ctx, kind)
        .filter(
            ~Exists(links.filter(record=OuterRef(field))),
            ~Exists(links.filter(xero_id=OuterRef("xero_id"))),
        )
        .exists()
    )


def _is_merged(ctx: Context, linked: Iterable[int]) -> bool:
    """Into another contact of Xero's, which may be one that is not linked yet."""
    ids = list(linked)[:MANY]
    if not ids:
        return False
    partners = _links(ctx, Kind.CONTACT).filter(record_id__in=ids).values("xero_id")
    return MirrorRecord.objects.filter(
        connection=ctx.connection,
        kind=Kind.CONTACT,
        xero_id__in=partners,
        payload__MergedToContactID__isnull=False,
    ).exists()


def _of_wanted(ctx: Context, kind: Kind, wanted: Wanted) -> Choice:
    ids = wanted[kind]
    linked = set(
        _links(ctx, kind).filter(record_id__in=ids).values_list("record_id", flat=True)
    )
    is_asked = not _asked_about(ctx, kind).isdisjoint(ids)
    return Choice(frozenset(linked), unlinked=linked != ids or is_asked)


def _limited(linked: set[int], unlinked: bool) -> Choice:
    return Choice(None if len(linked) > MANY else frozenset(linked), unlinked)


def _links(ctx: Context, kind: Kind) -> "QuerySet[Any]":
    model: Any = LINK_MODELS[kind]
    return model.objects.filter(connection=ctx.connection)  # type: ignore[no-any-return]


_ROWS: Mapping[Kind, type[Contact] | type[StockItem] | type[Invoice]] = {
    Kind.CONTACT: Contact,
    Kind.ITEM: StockItem,
    Kind.INVOICE: Invoice,
}
