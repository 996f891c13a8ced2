"""Load Xero's side as the planner wants it, and what links it to ours."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from xero_sync.mappers.accounts import account_from_wire
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire
from xero_sync.mappers.wire import normal_text
from xero_sync.models import ContactLink, InvoiceLink, ItemLink, MirrorRecord
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
from xero_sync.steps.choosing import Choice, unlinked_mirror
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import slots
from xero_sync.steps.merged_here import resting_ids
from xero_sync.store.links import LINK_MODELS

R = TypeVar("R")
L = TypeVar("L")


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
    rows = _mirror(ctx, Kind.CONTACT).filter(xero_id__in=list(xero_ids))
    read = _read(
        rows,
        lambda one: contact_from_wire(one, address_slot=ctx.settings.address_slot),
    )
    return [one for one in read.records if not one.is_archived and not one.merged_into]


def remote_items(ctx: Context, choice: Choice) -> Read[RemoteItem]:
    return _read(_chosen(ctx, Kind.ITEM, choice), item_from_wire)


def remote_invoices(ctx: Context, xero_ids: Iterable[str]) -> Read[RemoteInvoice]:
    rows = _mirror(ctx, Kind.INVOICE).filter(xero_id__in=list(xero_ids))
    return _read(rows, invoice_from_wire)


def remote_accounts(ctx: Context) -> Read[RemoteAccount]:
    return _read(_mirror(ctx, Kind.ACCOUNT), account_from_wire)


def remote_tax_rates(ctx: Context) -> Read[RemoteTaxRate]:
    return _read(_mirror(ctx, Kind.TAX_RATE), tax_rate_from_wire)


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
    rows = _mirror(ctx, Kind.CONTACT).exclude(payload__AccountNumber__isnull=True)
    asked = rows.values_list(
        "xero_id",
        KT("payload__AccountNumber"),
        KT("payload__Name"),
        KT("payload__ContactStatus"),
    )
    return [
        NumberThere(
            xero_id, number, normal_text(name or ""), status not in (None, "", "ACTIVE")
        )
        for xero_id, raw, name, status in asked.iterator(chunk_size=2000)
        if xero_id not in chosen
        and (number := normal_text(raw or "").casefold()) in numbers
    ]


@dataclass(frozen=True)
class UnlinkedInvoices:
    """The ids of sales invoices in Xero that are linked to none of ours: by number, and
    by the id of their contact and their total."""

    by_number: dict[str, list[str]] = field(default_factory=dict)
    by_total: dict[tuple[str, Decimal], list[str]] = field(default_factory=dict)


def unlinked_invoices(ctx: Context) -> UnlinkedInvoices:
    rows = unlinked_mirror(ctx, Kind.INVOICE).filter(payload__Type="ACCREC")
    found = UnlinkedInvoices()
    asked = rows.order_by("xero_id").values_list(
        "xero_id",
        KT("payload__InvoiceNumber"),
        KT("payload__Contact__ContactID"),
        KT("payload__Total"),
    )
    for xero_id, number, contact_id, total in asked.iterator(chunk_size=2000):
        if number:
            key = normal_text(number).casefold()
            found.by_number.setdefault(key, []).append(xero_id)
        amount = _amount(total)
        if contact_id and amount is not None:
            customer = str(contact_id).lower()
            found.by_total.setdefault((customer, amount), []).append(xero_id)
    return found


def _amount(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


# --- links ----------------------------------------------------------------------------


def contact_links(ctx: Context, choice: Choice) -> list[Known[Linked[ContactDraft]]]:
    """An address whose slot the settings have moved since was never agreed on. Another
    choice of e-mail is a change of ours: Xero has one e-mail, and that was agreed on."""
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
            ctx, ContactLink, choice.linked
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
            ctx, ItemLink, choice.linked
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
            ctx, InvoiceLink, ids
        )
    ]


def _links(
    ctx: Context, model: Any, record_ids: Iterable[int] | None
) -> Iterator[tuple[Any, ...]]:
    links = model.objects.filter(connection=ctx.connection)
    if model in (ContactLink, ItemLink):
        links = links.filter(record__merged_into=None)
    if record_ids is not None:
        links = links.filter(record_id__in=list(record_ids))
    rows: Iterator[tuple[Any, ...]] = links.values_list(
        "record_id", "xero_id", "revision", "remote_digest", "base", "base_slots"
    ).iterator(chunk_size=1000)
    return rows


def _mirror(ctx: Context, kind: Kind) -> QuerySet[MirrorRecord]:
    """Without those that Xero no longer lists."""
    return MirrorRecord.objects.filter(
        connection=ctx.connection, kind=kind, is_gone=False
    )


def _chosen(ctx: Context, kind: Kind, choice: Choice) -> QuerySet[MirrorRecord]:
    rows = _mirror(ctx, kind)
    resting = resting_ids(ctx.connection, kind)
    if resting:
        rows = rows.exclude(xero_id__in=resting)
    if choice.is_everything:
        return rows
    model: Any = LINK_MODELS[kind]
    links = model.objects.filter(connection=ctx.connection)
    if choice.linked is not None:
        links = links.filter(record_id__in=choice.linked)
    chosen = Q(xero_id__in=links.values("xero_id"))
    if choice.unlinked:
        chosen |= Q(pk__in=unlinked_mirror(ctx, kind).values("pk"))
    return rows.filter(chosen)


def _read(
    rows: QuerySet[MirrorRecord], parse: Callable[[dict[str, Any]], R]
) -> Read[R]:
    read: Read[R] = Read()
    asked: Sequence[str] = ("xero_id", "digest", "payload")
    for xero_id, digest, payload in (
        rows.order_by("xero_id").values_list(*asked).iterator(chunk_size=500)
    ):
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
