"""What stays out of the sync on purpose: counted, and listed, as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Lower
from django.utils.text import capfirst

from customers.models import Contact
from fieldops.common.prepared import prepared
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import (
    ContactLink,
    MirrorRecord,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.deep_links import xero_url
from xero_sync.report.wording import LEFT_OUT_NOTES, LEFT_OUT_REASONS, nouns

_CONTACTS = "contacts"
_ITEMS = "items"
_INVOICES = "invoices"
_THERE = "contacts_in_xero"
_DETAILS = {
    _CONTACTS: "Group",
    _ITEMS: "Code",
    _INVOICES: "Customer",
    _THERE: "Email or account number",
}
_NO_XERO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class LeftOut:
    """``key`` names the list behind the count; blank where none is kept."""

    label: str
    count: int
    key: str = ""


@dataclass(frozen=True)
class Reason:
    """``why`` are the planner's words, ``among`` the records it is asked of."""

    key: str
    kind: Kind
    why: str
    among: str
    condition: Q

    @property
    def label(self) -> str:
        return LEFT_OUT_REASONS[self.kind, self.why]

    @property
    def note(self) -> str:
        return LEFT_OUT_NOTES[self.key]

    @property
    def detail(self) -> str:
        """The heading over what stands beside the name."""
        return _DETAILS[self.among]


@dataclass(frozen=True)
class LeftOutRecord:
    title: str
    detail: str
    url: str
    day: date | None = None
    total: Decimal | None = None


def left_out_by(run: SyncRun) -> list[LeftOut]:
    """What a run's own plan left out: all there is if it looked at everything. Its keys
    are "kind: reason"."""
    rows = []
    for key, count in run.left_out.items():
        kind, _, reason = key.partition(": ")
        words = LEFT_OUT_REASONS.get((kind, reason)) or capfirst(
            f"{nouns(kind)}: {reason}"
        )
        rows.append(LeftOut(words, count))
    return _most_first(rows)


def left_out_now(connection: XeroConnection) -> list[LeftOut]:
    """Whatever the last run looked at: a query for each of the four kinds of record."""
    settings = SyncSettings.current()
    reasons = _reasons_by(settings)
    counts: dict[str, int] = {}
    for among in dict.fromkeys(reason.among for reason in reasons):
        ((_, *found),) = _counts(
            connection.pk,
            settings.invoices_from or date.min,
            among=among,
            sends_drafts=settings.sends_drafts,
            is_limited=settings.invoices_from is not None,
        )
        keys = [reason.key for reason in reasons if reason.among == among]
        counts |= zip(keys, found, strict=True)
    return _most_first(
        [
            LeftOut(reason.label, counts[reason.key], reason.key)
            for reason in reasons
            if counts[reason.key]
        ]
    )


@prepared
def _counts(
    connection_id: int,
    first_day: date,
    *,
    among: str,
    sends_drafts: bool,
    is_limited: bool,
) -> "QuerySet[Any, tuple[int, ...]]":
    """In one row, after a 1, for each reason in turn."""
    asked = {
        reason.key.replace("-", "_"): Count("pk", filter=reason.condition)
        for reason in _reasons(first_day if is_limited else None, sends_drafts)
        if reason.among == among
    }
    rows = _unlinked(connection_id, among).order_by().values_list(Value(1))
    counted: QuerySet[Any] = rows.annotate(**asked)
    return counted


def reason_called(key: str) -> Reason | None:
    reasons = _reasons_by(SyncSettings.current())
    return next((reason for reason in reasons if reason.key == key), None)


def records_left_out(connection: XeroConnection, reason: Reason) -> "QuerySet[Any]":
    """In the order in which people look for one."""
    records = _unlinked(connection.pk, reason.among).filter(reason.condition)
    return records.order_by(*_ORDER[reason.among], "pk")


def left_out_rows(
    connection: XeroConnection, records: Sequence[Any]
) -> list[LeftOutRecord]:
    return [_row(connection, record) for record in records]


def _row(connection: XeroConnection, record: Any) -> LeftOutRecord:
    if isinstance(record, MirrorRecord):
        said = record.payload
        return LeftOutRecord(
            title=str(said.get("Name") or record.xero_id),
            detail=str(said.get("EmailAddress") or said.get("AccountNumber") or ""),
            url=xero_url(connection, record.kind, record.xero_id),
        )
    if isinstance(record, Invoice):
        return LeftOutRecord(
            title=record.number or "Draft",
            detail=record.customer.name,
            url=record.get_absolute_url(),
            day=record.issued_on,
            total=record.total,
        )
    detail = record.group if isinstance(record, Contact) else record.code
    return LeftOutRecord(record.name, detail, record.get_absolute_url())


def _most_first(rows: list[LeftOut]) -> list[LeftOut]:
    return sorted(rows, key=lambda row: -row.count)


# --- the reasons, each excluding those before it, as the planner does ------------------


def _reasons_by(settings: SyncSettings) -> list[Reason]:
    return _reasons(settings.invoices_from, settings.sends_drafts)


def _reasons(first_day: date | None, sends_drafts: bool) -> list[Reason]:
    status = Invoice.Status
    open_invoices = ~Q(status=status.CANCELLED)
    if not sends_drafts:
        open_invoices &= ~Q(status=status.DRAFT)
    reasons = [
        Reason(
            "leads", Kind.CONTACT, "a lead: goes with its first invoice", _CONTACTS,
            _OPEN & _LEAD,
        ),
        Reason(
            "archived", Kind.CONTACT, "archived here", _CONTACTS, Q(is_archived=True)
        ),
        Reason(
            "only-cancelled", Kind.CONTACT, "all its invoices are cancelled", _CONTACTS,
            _OPEN & ~_LEAD & Q(is_supplier=False) & _only_cancelled(),
        ),
        Reason(
            "archived-in-xero", Kind.CONTACT, "archived in Xero", _THERE, ~_OPEN_THERE
        ),
        Reason(
            "neither", Kind.CONTACT, "neither customer nor supplier in Xero", _THERE,
            _OPEN_THERE & _NEITHER_THERE,
        ),
        Reason(
            "archived-items", Kind.ITEM, "archived here", _ITEMS, Q(is_archived=True)
        ),
        Reason(
            "cancelled", Kind.INVOICE, "cancelled", _INVOICES,
            Q(status=status.CANCELLED),
        ),
    ]  # fmt: skip
    if not sends_drafts:
        drafts = Q(status=status.DRAFT)
        reasons.append(
            Reason("drafts", Kind.INVOICE, "a draft", _INVOICES, drafts),
        )
    if first_day is not None:
        early = open_invoices & Q(issued_on__lt=first_day)
        why = "dated before invoices are sent from"
        reasons.append(Reason("early", Kind.INVOICE, why, _INVOICES, early))
    return reasons


def _says_one_of(key: str, *values: object) -> Q:
    """Whether Xero's JSON has one of these, or nothing, under the key. Said so that it
    is never unknown, and may be negated."""
    nothing = ~Q(payload__has_key=key) | Q(**{f"payload__{key}": None})
    for value in values:
        nothing |= Q(**{f"payload__{key}": value})
    return nothing


_OPEN = Q(is_archived=False)
_LEAD = Q(is_customer=False, is_supplier=False)
_OPEN_THERE = _says_one_of("ContactStatus", "", "ACTIVE") & _says_one_of(
    "MergedToContactID", "", _NO_XERO_ID
)
_NEITHER_THERE = _says_one_of("IsCustomer", False) & _says_one_of("IsSupplier", False)
_ORDER: dict[str, tuple[Any, ...]] = {
    _CONTACTS: (Lower("name"),),
    _ITEMS: ("code",),
    _INVOICES: ("-issued_on", "-number"),
    _THERE: (Lower(KT("payload__Name")),),
}


def _only_cancelled() -> Q:
    invoices = Invoice.objects.filter(customer=OuterRef("pk"))
    return Q(Exists(invoices)) & ~Q(Exists(invoices.not_cancelled()))


def _unlinked(connection_id: int, among: str) -> "QuerySet[Any]":
    """What is on one side only, and nobody is asked about."""
    if among == _CONTACTS:
        return Contact.objects.filter(xero_links__isnull=True)
    if among == _ITEMS:
        return StockItem.objects.filter(xero_links__isnull=True)
    if among == _INVOICES:
        invoices = Invoice.objects.filter(xero_links__isnull=True)
        return invoices.select_related("customer")
    here = {"connection": connection_id, "xero_id": OuterRef("xero_id")}
    return MirrorRecord.objects.filter(
        ~Exists(ContactLink.objects.filter(**here)),
        ~Exists(SyncIssue.objects.open().filter(kind=Kind.CONTACT, **here)),
        connection=connection_id, kind=Kind.CONTACT, is_gone=False,
    )  # fmt: skip
