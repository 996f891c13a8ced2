"""What is on one side only: the records of ours and of Xero's that no link names."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact
from fieldops.common.prepared import prepared
from invoicing.models import Account, Invoice, TaxRate
from stock.models import StockItem
from xero_sync.models import MirrorRecord, PairDecision
from xero_sync.outcomes.kinds import Kind
from xero_sync.outcomes.wire import fingerprint
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.store.links import LINK_MODELS, RECORD_MODELS


def links_of(connection_id: int, kind: Kind) -> "QuerySet[Any]":
    model: Any = LINK_MODELS[kind]
    return model.objects.filter(connection=connection_id)  # type: ignore[no-any-return]


def unlinked_rows(connection_id: int, kind: Kind) -> "QuerySet[Any]":
    """Without what was merged into another record: that one is sent."""
    links = links_of(connection_id, kind).filter(record=OuterRef("pk"))
    rows: QuerySet[Any] = RECORD_MODELS[kind]._default_manager.filter(~Exists(links))
    return rows if kind == Kind.INVOICE else rows.filter(merged_into=None)


def unlinked_mirror(connection_id: int, kind: Kind) -> QuerySet[MirrorRecord]:
    links = links_of(connection_id, kind).filter(xero_id=OuterRef("xero_id"))
    return MirrorRecord.objects.filter(
        ~Exists(links), connection=connection_id, kind=kind, is_gone=False
    )


@prepared
def some_active(connection_id: int) -> "QuerySet[Contact, int]":
    """Not linked, and on their way to Xero."""
    invoices = Invoice.objects.filter(customer=OuterRef("pk"))
    only_cancelled = Exists(invoices) & ~Exists(invoices.not_cancelled())
    contacts = unlinked_rows(connection_id, Kind.CONTACT).filter(
        Q(is_supplier=True) | (Q(is_customer=True) & ~only_cancelled), is_archived=False
    )
    return contacts.values_list("pk", flat=True)[:1]


@prepared
def some_new_item(connection_id: int) -> "QuerySet[StockItem, int]":
    items = unlinked_rows(connection_id, Kind.ITEM).filter(is_archived=False)
    return items.values_list("pk", flat=True)[:1]


@prepared
def some_new_item_there(connection_id: int) -> "QuerySet[MirrorRecord, int]":
    rows = unlinked_mirror(connection_id, Kind.ITEM)
    return rows.values_list("pk", flat=True)[:1]


def settled_digest(
    ctx: Context, here: Iterable[tuple[int, int]], there: Iterable[tuple[str, str]]
) -> str:
    """Of all that decides about contacts that are not linked: our ids and revisions,
    Xero's ids and digests, what people said, the settings."""
    said = _said(ctx.connection.pk)
    names = sorted((pk, one.name) for pk, one in ctx.settings.names_in_xero.items())
    return fingerprint([slots(ctx.settings), names, said, list(here), list(there)])


def unlinked_digest(ctx: Context) -> str:
    pk = ctx.connection.pk
    return settled_digest(ctx, _unlinked_here(pk), _unlinked_there(pk))


@prepared
def _said(connection_id: int) -> "QuerySet[PairDecision, tuple[int, str]]":
    answers = PairDecision.objects.filter(connection=connection_id, kind=Kind.CONTACT)
    return answers.order_by("pk").values_list("pk", "answer")


@prepared
def _unlinked_here(connection_id: int) -> "QuerySet[Contact, tuple[int, int]]":
    rows = unlinked_rows(connection_id, Kind.CONTACT).order_by("pk")
    return rows.values_list("pk", "revision")


@prepared
def _unlinked_there(connection_id: int) -> "QuerySet[MirrorRecord, tuple[str, str]]":
    rows = unlinked_mirror(connection_id, Kind.CONTACT).order_by("xero_id")
    return rows.values_list("xero_id", "digest")


# --- the chart of accounts ------------------------------------------------------------


def chart_digest(ctx: Context) -> str:
    """Of all that decides about accounts and VAT rates."""
    return fingerprint(
        [
            sorted(ctx.connection.accepted_differences),
            _chart_there(ctx.connection.pk),
            _revisions(model=Account),
            _revisions(model=TaxRate),
        ]
    )


@prepared
def _chart_there(connection_id: int) -> "QuerySet[MirrorRecord, tuple[str, str]]":
    rows = MirrorRecord.objects.filter(
        connection=connection_id, kind__in=[Kind.ACCOUNT, Kind.TAX_RATE], is_gone=False
    )
    return rows.order_by("kind", "xero_id").values_list("xero_id", "digest")


@prepared
def _revisions(
    *, model: type[Account] | type[TaxRate]
) -> "QuerySet[Any, tuple[int, int]]":
    return model._default_manager.order_by("pk").values_list("pk", "revision")
