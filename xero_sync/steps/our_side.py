"""Load our side as the planner wants it: contacts, stock items, invoices, the chart."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Contact
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
from xero_sync.steps.choosing import Choice, unlinked_rows
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
    invoices = Invoice.objects.filter(customer=OuterRef("pk"))
    only_cancelled = set(
        Contact.objects.filter(
            Exists(invoices), ~Exists(invoices.not_cancelled())
        ).values_list("pk", flat=True)
    )
    chosen = Contact.objects.filter(_chosen(ctx, Kind.CONTACT, choice)).order_by("pk")
    return [
        _local_contact(ctx, row, only_cancelled=row.id in only_cancelled)
        for row in _rows(chosen, _CONTACT)
    ]


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
    chosen = Contact.objects.filter(pk__in=by_id).order_by("pk")
    return {by_id[row.id]: _local_contact(ctx, row) for row in _rows(chosen, _CONTACT)}


def numbers_beside(
    ctx: Context, chosen: Sequence[LocalContact]
) -> tuple[list[NumberHere], dict[int, str]]:
    """Those of our contacts that carry a number of the chosen ones, and their partners
    in Xero."""
    wanted = {one.draft.account_number.casefold() for one in chosen} - {""}
    if not wanted:
        return [], {}
    ids = {one.id for one in chosen}
    numbered = (
        Contact.objects.standing()
        .exclude(account_number="")
        .exclude(is_customer=False, is_supplier=False)
    )
    rows = numbered.order_by("pk").values_list("pk", "account_number", "name")
    beside = [
        NumberHere(pk, number, name)
        for pk, raw, name in rows.iterator(chunk_size=2000)
        if pk not in ids and (number := normal_text(raw).casefold()) in wanted
    ]
    links = ContactLink.objects.filter(
        connection=ctx.connection, record__in=[one.local_id for one in beside]
    )
    return beside, dict(links.values_list("record_id", "xero_id"))


def local_items(ctx: Context, choice: Choice) -> list[LocalItem]:
    chosen = StockItem.objects.filter(_chosen(ctx, Kind.ITEM, choice)).order_by("pk")
    return [
        LocalItem(
            id=row.id,
            uid=str(row.uid),
            revision=row.revision,
            draft=item_draft(row),
            is_archived=row.is_archived,
        )
        for row in _rows(chosen, _ITEM)
    ]


def codes_beside(ctx: Context, chosen: Sequence[LocalItem]) -> list[CodeHere]:
    """Those of our items that have a code of the chosen ones."""
    wanted = {one.draft.code.casefold() for one in chosen} - {""}
    if not wanted:
        return []
    ids = {one.id for one in chosen}
    links = ItemLink.objects.filter(connection=ctx.connection, record=OuterRef("pk"))
    standing = StockItem.objects.standing()
    rows = standing.exclude(code="").annotate(is_linked=Exists(links))
    return [
        CodeHere(pk, code, is_linked)
        for pk, raw, is_archived, is_linked in rows.order_by("pk")
        .values_list("pk", "code", "is_archived", "is_linked")
        .iterator(chunk_size=2000)
        if pk not in ids
        and (is_linked or not is_archived)
        and (code := normal_text(raw).casefold()) in wanted
    ]


def invoice_ids() -> list[int]:
    return list(Invoice.objects.order_by("pk").values_list("pk", flat=True))


def local_invoices(ctx: Context, ids: Sequence[int]) -> list[LocalInvoice]:
    """Lines only where they may be sent: not linked yet, or sent as a draft."""
    links = InvoiceLink.objects.filter(connection=ctx.connection, record__in=ids)
    drafts = set(links.filter(base__as_draft=True).values_list("record_id", flat=True))
    linked = set(links.values_list("record_id", flat=True)) - drafts
    sent = [pk for pk in ids if pk not in linked]
    lines = lines_by_invoice(sent)
    chosen = Invoice.objects.filter(pk__in=ids).order_by("pk")
    return [
        _local_invoice(row, lines.get(row.id, ()), is_sent_draft=row.id in drafts)
        for row in _rows(chosen, _INVOICE)
    ]


def invoices_like(
    ctx: Context, customers: Iterable[int], totals: Iterable[Decimal]
) -> list[InvoiceHere]:
    """Not linked and not cancelled, with one of these customers and one of these totals:
    also those that are not to be sent, for they may be the ones in Xero."""
    rows = unlinked_rows(ctx, Kind.INVOICE).filter(
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
        for account in Account.objects.all()
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
        for rate in TaxRate.objects.all()
    }


def _chosen(ctx: Context, kind: Kind, choice: Choice) -> Q:
    """What was merged into another record is not planned: that one is."""
    standing = Q(merged_into=None)
    if choice.is_everything:
        return standing
    unlinked = Q(pk__in=unlinked_rows(ctx, kind).values("pk"))
    if choice.linked is None:
        return standing & ~unlinked
    linked = Q(pk__in=choice.linked)
    return standing & (linked | unlinked if choice.unlinked else linked)


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


def _rows(chosen: "QuerySet[Any]", names: Sequence[str]) -> Iterator[Any]:
    """Only these columns, and no object of a model for each: there are many."""
    rows: Iterator[Any] = chosen.values_list(*names, named=True).iterator(
        chunk_size=500
    )
    return rows
