"""Which records of Xero's a doubtful record may be, side by side with ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst

from customers.models import Contact, PaymentTerms
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import invoice_from_wire
from xero_sync.mappers.items import item_from_wire
from xero_sync.models import MirrorRecord, SyncIssue, SyncSettings
from xero_sync.outcomes.authority import FIELDS
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft
from xero_sync.outcomes.kinds import Kind
from xero_sync.steps.drafts import contact_draft, item_draft

Draft = ContactDraft | ItemDraft


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return bool(self.ours and self.theirs) and self.ours != self.theirs


@dataclass(frozen=True, slots=True)
class Candidate:
    xero_id: str
    name: str
    facts: tuple[Fact, ...]


def candidate_ids(issue: SyncIssue) -> list[str]:
    """The likeliest first; blank where Xero did not say who it is."""
    listed = str(issue.details.get("candidates", "")).split(",")
    best = str(issue.details.get("other_xero_id", ""))
    return list(dict.fromkeys(one for one in [best, *listed] if one))


def candidates_of(
    issues: Iterable[SyncIssue], settings: SyncSettings
) -> dict[int, list[Candidate]]:
    """By issue, in one query whatever their number."""
    wanted = {issue.pk: candidate_ids(issue) for issue in issues}
    ids = {xero_id for found in wanted.values() for xero_id in found}
    if not ids:
        return {}
    mirror = {
        (row.connection_id, row.kind, row.xero_id): row.payload
        for row in MirrorRecord.objects.filter(xero_id__in=ids, is_gone=False)
    }
    return {
        issue.pk: [
            candidate
            for xero_id in wanted[issue.pk]
            if (payload := mirror.get((issue.connection_id, issue.kind, xero_id)))
            and (candidate := _candidate(issue, xero_id, payload, settings))
        ]
        for issue in issues
    }


def both_drafts(
    record: object, payload: Mapping[str, Any], settings: SyncSettings
) -> tuple[Draft, Draft] | None:
    """Ours and theirs, as they would be compared; None where Xero's cannot be read."""
    try:
        if isinstance(record, Contact):
            remote = contact_from_wire(payload, address_slot=settings.address_slot)
            return contact_draft(record, settings), remote.draft
        if isinstance(record, StockItem):
            return item_draft(record), item_from_wire(payload).draft
    except Unreadable:
        return None
    return None


def _candidate(
    issue: SyncIssue, xero_id: str, payload: Mapping[str, Any], settings: SyncSettings
) -> Candidate | None:
    if isinstance(issue.record, Invoice):
        return _invoice_candidate(issue.record, payload)
    drafts = both_drafts(issue.record, payload, settings)
    if drafts is None:
        return None
    ours, theirs = drafts
    return Candidate(xero_id, theirs.name, tuple(_facts(ours, theirs, issue.kind)))


def _invoice_candidate(
    invoice: Invoice, payload: Mapping[str, Any]
) -> Candidate | None:
    try:
        remote = invoice_from_wire(payload)
    except Unreadable:
        return None
    facts = (
        Fact("Number", invoice.number, remote.number),
        Fact("Customer", invoice.customer.name, remote.contact_name),
        Fact("Date", _day(invoice.issued_on), _day(remote.issued_on)),
        Fact("Due", _day(invoice.due_on), _day(remote.due_on)),
        Fact("Reference", invoice.reference, remote.reference),
        Fact("Net", _money(invoice.subtotal), _money(remote.subtotal)),
        Fact("VAT", _money(invoice.tax), _money(remote.tax)),
        Fact("Total", _money(invoice.total), _money(remote.total)),
        Fact("Paid", _money(invoice.amount_paid), _money(remote.amount_paid)),
        Fact("Status", invoice.get_status_display(), capfirst(remote.status.lower())),
    )
    name = remote.number or "the invoice without a number"
    return Candidate(remote.xero_id, name, facts)


def _day(value: date | None) -> str:
    return date_format(value, "j M Y") if value else ""


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _facts(ours: Draft, theirs: Draft, kind: str) -> Sequence[Fact]:
    labels = {rule.field: rule.label for rule in FIELDS[Kind(kind)]}
    rows = [
        Fact(
            labels[field.name],
            shown_value(field.name, getattr(ours, field.name)),
            shown_value(field.name, getattr(theirs, field.name)),
        )
        for field in fields(ours)
    ]
    return [row for row in rows if row.ours or row.theirs]


def shown_value(name: str, value: object) -> str:
    if name == "payment_terms":
        return capfirst(dict(PaymentTerms.choices).get(str(value), str(value)))
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if value == round(value, 2) else f"{value.normalize():f}"
    return "" if value is None else str(value)
