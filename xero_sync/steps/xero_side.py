"""Load Xero's side as the planner wants it, and what links it to ours."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from fieldops.common.prepared import streamed
from xero_sync.mappers.accounts import account_from_wire
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire
from xero_sync.mappers.wire import normal_text
from xero_sync.models import MirrorRecord
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import (
    ContactDraft,
    ItemDraft,
    RemoteAccount,
    RemoteContact,
    RemoteInvoice,
    RemoteItem,
    RemoteTaxRate,
)
from xero_sync.outcomes.kept_drafts import contact_draft_from_json, item_draft_from_json
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.account_numbers import NumberThere
from xero_sync.planner.inputs import Chart, Linked, LinkedInvoice
from xero_sync.planner.merge import field_names
from xero_sync.steps.choosing import Choice
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.steps.unlinked import links_of, unlinked_mirror

R = TypeVar("R")
L = TypeVar("L")
_Payload = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Flaw:
    """A record of Xero's that our mappers cannot understand."""

    xero_id: str
    title: str
    problem: Problem


@dataclass(frozen=True)
class Read(Generic[R]):
    """Xero's records of a kind; ``digests`` are the mirror's, by Xero's id."""

    records: list[R] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known(Generic[L]):
    """A link as the planner wants it, and what both sides were when they last agreed."""

    link: L
    revision: int
    remote_digest: str
    in_slots: bool


def remote_contacts(ctx: Context, choice: Choice) -> Read[RemoteContact]:
    def parse(payload: dict[str, Any]) -> RemoteContact:
        return contact_from_wire(payload, address_slot=ctx.settings.address_slot)

    return _read(_chosen(ctx, Kind.CONTACT, choice), parse)


def retired_partners(ctx: Context, xero_ids: Iterable[str]) -> Sequence[RemoteContact]:
    """Of these contacts of Xero's those that are active there."""
    read = _read(
        _of_ids(ctx.connection.pk, list(xero_ids), kind=Kind.CONTACT),
        lambda one: contact_from_wire(one, address_slot=ctx.settings.address_slot),
    )
    return [one for one in read.records if not one.is_archived and not one.merged_into]


def remote_items(ctx: Context, choice: Choice) -> Read[RemoteItem]:
    return _read(_chosen(ctx, Kind.ITEM, choice), item_from_wire)


def remote_invoices(ctx: Context, xero_ids: Iterable[str]) -> Read[RemoteInvoice]:
    rows = _of_ids(ctx.connection.pk, list(xero_ids), kind=Kind.INVOICE)
    return _read(rows, invoice_from_wire)


def remote_accounts(ctx: Context) -> Read[RemoteAccount]:
    return _read(_all_of(ctx.connection.pk, kind=Kind.ACCOUNT), account_from_wire)


def remote_tax_rates(ctx: Context) -> Read[RemoteTaxRate]:
    return _read(_all_of(ctx.connection.pk, kind=Kind.TAX_RATE), tax_rate_from_wire)


def chart_of(
    accounts: Iterable[RemoteAccount], tax_rates: Iterable[RemoteTaxRate]
) -> Chart:
    return Chart(
        accounts={account.code: account for account in accounts if account.code},
        tax_rates={rate.tax_type: rate for rate in tax_rates},
    )


def numbers_beside(
    ctx: Context, numbers: set[str], chosen: set[str]
) -> list[NumberThere]:
    """Contacts of Xero's with one of these account numbers, but those that are chosen."""
    if not numbers:
        return []
    return [
        NumberThere(xero_id, number, _as_text(name), status not in (None, "", "ACTIVE"))
        for xero_id, raw, name, status in _numbered(ctx.connection.pk)
        if xero_id not in chosen and (number := _as_text(raw).casefold()) in numbers
    ]


@streamed
def _numbered(connection_id: int) -> "QuerySet[MirrorRecord, tuple[Any, ...]]":
    rows = _mirror(connection_id, Kind.CONTACT)
    rows = rows.exclude(payload__AccountNumber__isnull=True)
    names = ("AccountNumber", "Name", "ContactStatus")
    return rows.values_list("xero_id", *(KT(f"payload__{name}") for name in names))


@dataclass(frozen=True)
class UnlinkedInvoices:
    """The ids of sales invoices in Xero that are linked to none of ours: by number, and
    by the id of their contact and their total."""

    by_number: dict[str, list[str]] = field(default_factory=dict)
    by_total: dict[tuple[str, Decimal], list[str]] = field(default_factory=dict)


def unlinked_invoices(ctx: Context) -> UnlinkedInvoices:
    found = UnlinkedInvoices()
    for xero_id, number, contact_id, total in _unlinked_sales(ctx.connection.pk):
        if key := _as_text(number).casefold():
            found.by_number.setdefault(key, []).append(xero_id)
        amount = _amount(total)
        if contact_id and amount is not None:
            customer = str(contact_id).lower()
            found.by_total.setdefault((customer, amount), []).append(xero_id)
    return found


@streamed
def _unlinked_sales(connection_id: int) -> "QuerySet[MirrorRecord, tuple[Any, ...]]":
    rows = unlinked_mirror(connection_id, Kind.INVOICE).filter(payload__Type="ACCREC")
    names = ("InvoiceNumber", "Contact__ContactID", "Total")
    rows = rows.order_by("xero_id")
    return rows.values_list("xero_id", *(KT(f"payload__{name}") for name in names))


def _as_text(value: object) -> str:
    """What should be one: a number in its place comes from SQLite as a number."""
    return "" if value is None else normal_text(str(value))


def _amount(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


# --- links ----------------------------------------------------------------------------


def contact_links(ctx: Context, choice: Choice) -> list[Known[Linked[ContactDraft]]]:
    """An address whose slot the settings have moved since was never agreed on. Another
    choice of email is a change of ours: Xero has one email, and that was agreed on."""
    now = slots(ctx.settings)
    names = field_names(Kind.CONTACT)
    without_address = frozenset(
        name for name in names if not name.startswith("address_")
    )
    return [
        Known(
            Linked(
                local_id=record_id,
                xero_id=xero_id,
                base=contact_draft_from_json(base.get("draft", {})),
                agreed=(
                    names
                    if base_slots.get("address") == now["address"]
                    else without_address
                ),
                was_archived=bool(base.get("is_archived")),
            ),
            revision,
            digest,
            base_slots == now,
        )
        for record_id, xero_id, revision, digest, base, base_slots in _links(
            ctx, Kind.CONTACT, choice.linked
        )
    ]


def item_links(ctx: Context, choice: Choice) -> list[Known[Linked[ItemDraft]]]:
    names = field_names(Kind.ITEM)
    return [
        Known(
            Linked(
                local_id=record_id,
                xero_id=xero_id,
                base=item_draft_from_json(base.get("draft", {})),
                agreed=names,
            ),
            revision,
            digest,
            True,
        )
        for record_id, xero_id, revision, digest, base, _ in _links(
            ctx, Kind.ITEM, choice.linked
        )
    ]


def invoice_links(ctx: Context, ids: Iterable[int]) -> list[Known[LinkedInvoice]]:
    return [
        Known(
            LinkedInvoice(
                local_id=record_id,
                xero_id=xero_id,
                content=str(base.get("content", "")),
                as_draft=bool(base.get("as_draft")),
            ),
            revision,
            digest,
            True,
        )
        for record_id, xero_id, revision, digest, base, _ in _links(
            ctx, Kind.INVOICE, ids
        )
    ]


def _links(
    ctx: Context, kind: Kind, record_ids: Iterable[int] | None
) -> Iterator[tuple[Any, ...]]:
    among = list(record_ids or ())
    return _link_rows(ctx.connection.pk, among, kind=kind, every=record_ids is None)


@streamed
def _link_rows(
    connection_id: int, record_ids: list[int], *, kind: Kind, every: bool
) -> "QuerySet[Any, tuple[Any, ...]]":
    links = links_of(connection_id, kind)
    if kind != Kind.INVOICE:
        links = links.filter(record__merged_into=None)
    if not every:
        links = links.filter(record_id__in=record_ids)
    return links.values_list(
        "record_id", "xero_id", "revision", "remote_digest", "base", "base_slots"
    )


# --- the mirror -----------------------------------------------------------------------


def _mirror(connection_id: int, kind: Kind) -> QuerySet[MirrorRecord]:
    """Without those that Xero no longer lists."""
    return MirrorRecord.objects.filter(
        connection=connection_id, kind=kind, is_gone=False
    )


def _payloads(rows: QuerySet[MirrorRecord]) -> "QuerySet[MirrorRecord, _Payload]":
    return rows.order_by("xero_id").values_list("xero_id", "digest", "payload")


@streamed
def _all_of(connection_id: int, *, kind: Kind) -> "QuerySet[MirrorRecord, _Payload]":
    return _payloads(_mirror(connection_id, kind))


@streamed
def _of_ids(
    connection_id: int, xero_ids: list[str], *, kind: Kind
) -> "QuerySet[MirrorRecord, _Payload]":
    return _payloads(_mirror(connection_id, kind).filter(xero_id__in=xero_ids))


def _chosen(ctx: Context, kind: Kind, choice: Choice) -> "Iterator[_Payload]":
    return _chosen_rows(
        ctx.connection.pk,
        list(choice.linked or ()),
        kind=kind,
        all_linked=choice.linked is None,
        unlinked=choice.unlinked,
    )


@streamed
def _chosen_rows(
    connection_id: int,
    linked: list[int],
    *,
    kind: Kind,
    all_linked: bool,
    unlinked: bool,
) -> "QuerySet[MirrorRecord, _Payload]":
    rows = _mirror(connection_id, kind)
    links = links_of(connection_id, kind)
    resting = links.filter(record__merged_into__isnull=False)
    rows = rows.exclude(xero_id__in=resting.values("xero_id"))
    if not (all_linked and unlinked):
        links = links if all_linked else links.filter(record_id__in=linked)
        chosen = Q(xero_id__in=links.values("xero_id"))
        others = Q(pk__in=unlinked_mirror(connection_id, kind).values("pk"))
        rows = rows.filter(chosen | others if unlinked else chosen)
    return _payloads(rows)


def _read(rows: "Iterable[_Payload]", parse: Callable[[dict[str, Any]], R]) -> Read[R]:
    read: Read[R] = Read()
    for xero_id, digest, payload in rows:
        try:
            read.records.append(parse(payload))
        except Unreadable as error:
            read.flaws.append(_flaw(xero_id, payload, error))
        else:
            read.digests[xero_id] = digest
    return read


def _flaw(xero_id: str, payload: dict[str, Any], error: Unreadable) -> Flaw:
    title = payload.get("Name") or payload.get("InvoiceNumber") or xero_id
    details = {"field": error.field, "value": error.value}
    return Flaw(xero_id, str(title)[:200], Problem(IssueCode.UNREADABLE, "", details))
