"""Load both sides as the planner wants them: our rows, the mirror, the links."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from customers.models import Contact
from invoicing.models import Account, Invoice, InvoiceLine, TaxRate
from stock.models import StockItem
from xero_sync.mappers.accounts import account_from_wire
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.mappers.tax_rates import tax_rate_from_wire
from xero_sync.models import ContactLink, InvoiceLink, ItemLink
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
from xero_sync.planner.inputs import (
    Chart,
    Linked,
    LinkedInvoice,
    LocalContact,
    LocalInvoice,
    LocalItem,
)
from xero_sync.planner.merge import field_names
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    contact_draft,
    invoice_content,
    item_draft,
    line_draft,
    other_emails,
    slots,
)
from xero_sync.store.mirror import gone_ids, mirrored

# --- ours -----------------------------------------------------------------------------


def local_contacts(ctx: Context) -> list[LocalContact]:
    invoices = Invoice.objects.filter(customer=OuterRef("pk"))
    only_cancelled = set(
        Contact.objects.filter(
            Exists(invoices), ~Exists(invoices.not_cancelled())
        ).values_list("pk", flat=True)
    )
    return [
        LocalContact(
            id=contact.pk,
            uid=str(contact.uid),
            revision=contact.revision,
            draft=contact_draft(contact, ctx.settings),
            is_customer=contact.is_customer,
            is_supplier=contact.is_supplier,
            is_archived=contact.is_archived,
            only_cancelled=contact.pk in only_cancelled,
            other_emails=other_emails(contact, ctx.settings),
        )
        for contact in Contact.objects.order_by("pk").iterator(chunk_size=1000)
    ]


def local_items() -> list[LocalItem]:
    return [
        LocalItem(
            id=item.pk,
            uid=str(item.uid),
            revision=item.revision,
            draft=item_draft(item),
            is_archived=item.is_archived,
        )
        for item in StockItem.objects.order_by("pk").iterator(chunk_size=1000)
    ]


def local_invoices(ctx: Context) -> list[LocalInvoice]:
    """Lines only where they may be sent: not linked yet, or sent as a draft."""
    linked = InvoiceLink.objects.filter(
        connection=ctx.connection, record=OuterRef("pk")
    ).exclude(base__as_draft=True)
    invoices = Invoice.objects.order_by("pk").select_related("customer")
    unlinked = invoices.filter(~Exists(linked)).prefetch_related("lines")
    return [
        _local_invoice(invoice, with_lines=True)
        for invoice in unlinked.iterator(chunk_size=500)
    ] + [
        _local_invoice(invoice, with_lines=False)
        for invoice in invoices.filter(Exists(linked)).iterator(chunk_size=1000)
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


# --- theirs ---------------------------------------------------------------------------


def remote_contacts(ctx: Context) -> list[RemoteContact]:
    def parse(payload: dict[str, Any]) -> RemoteContact:
        return contact_from_wire(payload, address_slot=ctx.settings.address_slot)

    return _readable(mirrored(ctx.connection, Kind.CONTACT), parse)


def remote_items(ctx: Context) -> list[RemoteItem]:
    return _readable(mirrored(ctx.connection, Kind.ITEM), item_from_wire)


def remote_invoices(ctx: Context) -> list[RemoteInvoice]:
    return _readable(mirrored(ctx.connection, Kind.INVOICE), invoice_from_wire)


def remote_accounts(ctx: Context) -> list[RemoteAccount]:
    return _readable(mirrored(ctx.connection, Kind.ACCOUNT), account_from_wire)


def remote_tax_rates(ctx: Context) -> list[RemoteTaxRate]:
    return _readable(mirrored(ctx.connection, Kind.TAX_RATE), tax_rate_from_wire)


def chart_of(
    accounts: Iterable[RemoteAccount], tax_rates: Iterable[RemoteTaxRate]
) -> Chart:
    return Chart(
        accounts={account.code: account for account in accounts if account.code},
        tax_rates={rate.tax_type: rate for rate in tax_rates},
    )


# --- between --------------------------------------------------------------------------


def contact_links(ctx: Context) -> list[Linked[ContactDraft]]:
    """An address whose slot the settings have moved since was never agreed on. Another
    choice of e-mail is a change of ours: Xero has one e-mail, and that was agreed on."""
    now = slots(ctx.settings)
    return [
        Linked(
            local_id=link.record_id,
            xero_id=link.xero_id,
            base=contact_draft_from_json(link.base.get("draft", {})),
            agreed=_agreed(link.base_slots, now),
            was_archived=bool(link.base.get("is_archived")),
        )
        for link in ContactLink.objects.filter(connection=ctx.connection)
    ]


def item_links(ctx: Context) -> list[Linked[ItemDraft]]:
    return [
        Linked(
            local_id=link.record_id,
            xero_id=link.xero_id,
            base=item_draft_from_json(link.base.get("draft", {})),
            agreed=field_names(Kind.ITEM),
        )
        for link in ItemLink.objects.filter(connection=ctx.connection)
    ]


def invoice_links(ctx: Context) -> list[LinkedInvoice]:
    return [
        LinkedInvoice(
            local_id=record_id,
            xero_id=xero_id,
            content=str(base.get("content", "")),
            as_draft=bool(base.get("as_draft")),
        )
        for record_id, xero_id, base in InvoiceLink.objects.filter(
            connection=ctx.connection
        ).values_list("record_id", "xero_id", "base")
    ]


def _agreed(base_slots: dict[str, str], now: dict[str, str]) -> frozenset[str]:
    names = field_names(Kind.CONTACT)
    if base_slots.get("address") != now["address"]:
        names = frozenset(name for name in names if not name.startswith("address_"))
    return names


def _readable(
    payloads: Iterable[dict[str, Any]], parse: Callable[[dict[str, Any]], Any]
) -> list[Any]:
    """What cannot be understood was reported when it was read (``steps.observe``)."""
    records = []
    for payload in payloads:
        try:
            records.append(parse(payload))
        except Unreadable:
            continue
    return records


def _local_invoice(invoice: Invoice, *, with_lines: bool) -> LocalInvoice:
    number = invoice.number or "Draft"
    lines = list(invoice.lines.all()) if with_lines else []
    return LocalInvoice(
        id=invoice.pk,
        uid=str(invoice.uid),
        revision=invoice.revision,
        number=invoice.number,
        customer_id=invoice.customer_id,
        status=invoice.status,
        issued_on=invoice.issued_on,
        currency=invoice.currency,
        total=invoice.total,
        amount_paid=invoice.amount_paid,
        amount_credited=invoice.amount_credited,
        title=f"{number} {invoice.customer.name}",
        lines=tuple(line_draft(line, {}) for line in lines),
        content=invoice_content(invoice, lines) if with_lines else "",
    )
