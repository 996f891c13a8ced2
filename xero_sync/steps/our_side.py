"""Load our side as the planner wants it: contacts, stock items, invoices, the chart."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact
from fieldops.common.prepared import prepared, streamed
from fieldops.common.rows import Among, read_named
from invoicing.models import Account, Invoice, InvoiceLine, TaxRate
from stock.models import StockItem
from xero_sync.mappers.wire import normal_text
from xero_sync.models import ContactLink, InvoiceLink, ItemLink
from xero_sync.outcomes.drafts import RemoteAccount, RemoteTaxRate
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.account_numbers import NumberHere
from xero_sync.planner.hand_keyed import InvoiceHere
from xero_sync.planner.inputs import LocalContact, LocalInvoice, LocalItem
from xero_sync.planner.items import CodeHere
from xero_sync.steps.choosing import Choice
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    CONTACT_COLUMNS,
    ITEM_COLUMNS,
    contact_draft,
    invoice_content,
    item_draft,
    line_draft,
    lines_by_invoice,
    other_emails,
)
from xero_sync.steps.unlinked import links_of, unlinked_rows
from xero_sync.store.links import RECORD_MODELS
from xero_sync.store.mirror import gone_ids

_CONTACT = (
    *("id", "uid", "revision", "is_customer", "is_supplier", "is_archived"),
    *CONTACT_COLUMNS,
)
_ITEM = ("id", "uid", "revision", "is_archived", *ITEM_COLUMNS)
_INVOICE = (
    *("id", "uid", "revision", "number", "customer_id", "customer__name", "status"),
    *("issued_on", "due_on", "reference", "amounts_are", "currency"),
    *("total", "amount_paid", "amount_credited"),
)


def local_contacts(ctx: Context, choice: Choice) -> list[LocalContact]:
    only_cancelled = set(_only_cancelled())
    return [
        _local_contact(ctx, row, only_cancelled=row.id in only_cancelled)
        for row in _chosen(ctx, Kind.CONTACT, choice, _CONTACT)
    ]


@prepared
def _only_cancelled() -> "QuerySet[Invoice, int]":
    """Customers all of whose invoices are cancelled."""
    others = Invoice.objects.not_cancelled().filter(customer=OuterRef("customer"))
    invoices = Invoice.objects.filter(~Exists(others), status=Invoice.Status.CANCELLED)
    return invoices.order_by().values_list("customer_id", flat=True).distinct()


def _local_contact(
    ctx: Context, row: Any, *, only_cancelled: bool = False
) -> LocalContact:
    return LocalContact(
        id=row.id,
        uid=str(row.uid),
        revision=row.revision,
        draft=contact_draft(row, ctx.settings),
        is_customer=row.is_customer,
        is_supplier=row.is_supplier,
        is_archived=row.is_archived,
        only_cancelled=only_cancelled,
        other_emails=other_emails(row, ctx.settings),
    )


def retired_contacts(
    ctx: Context, links: Iterable[ContactLink]
) -> dict[str, LocalContact]:
    """Contacts that were merged away here, by Xero's id of their partners."""
    by_id = {link.record_id: link.xero_id for link in links}
    rows = read_named(Contact, _CONTACT, Among("id", by_id))
    return {by_id[row.id]: _local_contact(ctx, row) for row in rows}


def numbers_beside(
    ctx: Context, chosen: Sequence[LocalContact]
) -> tuple[list[NumberHere], dict[int, str]]:
    """Those of our contacts that carry a number of the chosen ones, and their partners
    in Xero."""
    wanted = {one.draft.account_number.casefold() for one in chosen} - {""}
    if not wanted:
        return [], {}
    ids = {one.id for one in chosen}
    beside = [
        NumberHere(pk, number, name)
        for pk, raw, name in _numbered()
        if pk not in ids and (number := normal_text(raw).casefold()) in wanted
    ]
    return beside, partners(ctx, Kind.CONTACT, [one.local_id for one in beside])


@streamed
def _numbered() -> "QuerySet[Contact, tuple[int, str, str]]":
    contacts = Contact.objects.standing().exclude(account_number="")
    contacts = contacts.exclude(is_customer=False, is_supplier=False)
    return contacts.order_by("pk").values_list("pk", "account_number", "name")


def local_items(ctx: Context, choice: Choice) -> list[LocalItem]:
    return [
        LocalItem(
            id=row.id,
            uid=str(row.uid),
            revision=row.revision,
            draft=item_draft(row),
            is_archived=row.is_archived,
        )
        for row in _chosen(ctx, Kind.ITEM, choice, _ITEM)
    ]


def codes_beside(ctx: Context, chosen: Sequence[LocalItem]) -> list[CodeHere]:
    """Those of our items that have a code of the chosen ones."""
    wanted = {one.draft.code.casefold() for one in chosen} - {""}
    if not wanted:
        return []
    ids = {one.id for one in chosen}
    return [
        CodeHere(pk, code, is_linked)
        for pk, raw, is_archived, is_linked in _coded(ctx.connection.pk)
        if pk not in ids
        and (is_linked or not is_archived)
        and (code := normal_text(raw).casefold()) in wanted
    ]


@streamed
def _coded(connection_id: int) -> "QuerySet[StockItem, tuple[int, str, bool, bool]]":
    links = ItemLink.objects.filter(connection=connection_id, record=OuterRef("pk"))
    items = StockItem.objects.standing().exclude(code="").order_by("pk")
    return items.values_list("pk", "code", "is_archived", Exists(links))


def invoice_ids() -> list[int]:
    return list(Invoice.objects.order_by("pk").values_list("pk", flat=True))


def local_invoices(ctx: Context, ids: Sequence[int]) -> list[LocalInvoice]:
    """Lines only where they may be sent: not linked yet, or sent as a draft."""
    drafts = set(_sent_drafts(ctx.connection.pk, list(ids)))
    linked = partners(ctx, Kind.INVOICE, ids).keys() - drafts
    lines = lines_by_invoice([pk for pk in ids if pk not in linked])
    return [
        _local_invoice(row, lines.get(row.id, ()), is_sent_draft=row.id in drafts)
        for row in _invoices(list(ids))
    ]


@prepared
def _sent_drafts(connection_id: int, ids: list[int]) -> "QuerySet[InvoiceLink, int]":
    links = InvoiceLink.objects.filter(connection=connection_id, record__in=ids)
    return links.filter(base__as_draft=True).values_list("record_id", flat=True)


@streamed
def _invoices(ids: list[int]) -> "QuerySet[Invoice, Any]":
    chosen = Invoice.objects.filter(pk__in=ids).order_by("pk")
    return chosen.values_list(*_INVOICE, named=True)


def partners(ctx: Context, kind: Kind, ids: Iterable[int]) -> dict[int, str]:
    """Xero's ids of these records of ours, as far as they are linked."""
    return dict(_partners(ctx.connection.pk, list(ids), kind=kind))


@prepared
def _partners(
    connection_id: int, ids: list[int], *, kind: Kind
) -> "QuerySet[Any, tuple[int, str]]":
    links = links_of(connection_id, kind).filter(record__in=ids)
    return links.values_list("record_id", "xero_id")


def invoices_like(
    ctx: Context, customers: Iterable[int], totals: Iterable[Decimal]
) -> list[InvoiceHere]:
    """Not linked and not cancelled, with one of these customers and one of these totals:
    also those that are not to be sent, for they may be the ones in Xero."""
    rows = unlinked_rows(ctx.connection.pk, Kind.INVOICE).filter(
        customer__in=set(customers), total__in=set(totals)
    )
    rows = rows.exclude(status=Invoice.Status.CANCELLED).order_by("pk")
    names = (
        *("pk", "uid", "customer_id", "issued_on", "currency"),
        *("total", "number", "reference"),
    )
    return [
        InvoiceHere(pk, str(uid), *others)
        for pk, uid, *others in rows.values_list(*names)
    ]


def invoices_with_lost_items(ctx: Context) -> frozenset[int]:
    """Invoices with a line whose stock item was deleted in Xero."""
    gone = ItemLink.objects.filter(
        connection=ctx.connection, xero_id__in=gone_ids(ctx.connection, Kind.ITEM)
    )
    lines = InvoiceLine.objects.filter(item__in=gone.values("record_id"))
    return frozenset(lines.values_list("invoice_id", flat=True))


def local_accounts() -> dict[str, RemoteAccount]:
    return {
        account.code: RemoteAccount(
            xero_id="",
            code=account.code,
            name=account.name,
            type=account.type,
            tax_type=account.tax_type,
            is_active=account.is_active,
        )
        for account in _accounts()
    }


def local_tax_rates() -> dict[str, RemoteTaxRate]:
    return {
        rate.tax_type: RemoteTaxRate(
            tax_type=rate.tax_type,
            name=rate.name,
            percent=rate.percent,
            is_active=rate.is_active,
            applies_to_assets=rate.applies_to_assets,
            applies_to_equity=rate.applies_to_equity,
            applies_to_expenses=rate.applies_to_expenses,
            applies_to_liabilities=rate.applies_to_liabilities,
            applies_to_revenue=rate.applies_to_revenue,
        )
        for rate in _tax_rates()
    }


@prepared
def _accounts() -> QuerySet[Account]:
    return Account.objects.all()


@prepared
def _tax_rates() -> QuerySet[TaxRate]:
    return TaxRate.objects.all()


def _chosen(
    ctx: Context, kind: Kind, choice: Choice, names: tuple[str, ...]
) -> Iterator[Any]:
    """Only these columns, and no object of a model for each: there may be many."""
    return _rows(
        ctx.connection.pk,
        list(choice.linked or ()),
        kind=kind,
        names=names,
        all_linked=choice.linked is None,
        unlinked=choice.unlinked,
    )


@streamed
def _rows(
    connection_id: int,
    linked: list[int],
    *,
    kind: Kind,
    names: tuple[str, ...],
    all_linked: bool,
    unlinked: bool,
) -> "QuerySet[Any, Any]":
    """What was merged into another record is not planned: that one is."""
    model: Any = RECORD_MODELS[kind]
    rows: QuerySet[Any] = model.objects.filter(merged_into=None)
    if not (all_linked and unlinked):
        others = Q(pk__in=unlinked_rows(connection_id, kind).values("pk"))
        chosen = ~others if all_linked else Q(pk__in=linked)
        rows = rows.filter(chosen | others if unlinked else chosen)
    return rows.order_by("pk").values_list(*names, named=True)


def _local_invoice(
    row: Any, lines: Sequence[Any], *, is_sent_draft: bool
) -> LocalInvoice:
    return LocalInvoice(
        id=row.id,
        uid=str(row.uid),
        revision=row.revision,
        number=row.number,
        customer_id=row.customer_id,
        status=row.status,
        issued_on=row.issued_on,
        currency=row.currency,
        total=row.total,
        amount_paid=row.amount_paid,
        amount_credited=row.amount_credited,
        title=f"{row.number or 'Draft'} {row.customer__name}",
        lines=tuple(line_draft(line, {}) for line in lines),
        content=invoice_content(row, lines) if is_sent_draft else "",
    )
