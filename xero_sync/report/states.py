"""How each record stands with Xero: one word, the reason, where the fix is.

Works for a page of records at once, in a number of queries that does not grow with it,
and before Xero is connected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import (
    ContactLink,
    FoundPair,
    InvoiceLink,
    SyncIssue,
    SyncSettings,
    XeroConnection,
)
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS, Rule, Way
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.wording import words_of
from xero_sync.steps.drafts import contact_draft, item_draft
from xero_sync.store.links import LINK_MODELS, RECORD_MODELS

NOT_SYNCED = "not_synced"
LEFT_OUT = "left_out"
WAITING = "waiting"
IN_XERO = "in_xero"
FAILED = "failed"
HELD = "held"

AnyRecord = Contact | StockItem | Invoice
KINDS: dict[type, Kind] = {model: Kind(kind) for kind, model in RECORD_MODELS.items()}
_ISSUE_FIELD = {Contact: "contact_id", StockItem: "item_id", Invoice: "invoice_id"}
_OVER = ("VOIDED", "DELETED")
_MAYBE_THERE = words_of(IssueCode.POSSIBLE_TWIN, Kind.CONTACT).title


@dataclass(frozen=True, slots=True)
class RecordState:
    state: str
    reason: str = ""
    xero_id: str = ""
    synced_at: datetime | None = None
    issue_id: int | None = None
    pair_id: int | None = None


def states_of(records: Sequence[AnyRecord]) -> dict[int, RecordState]:
    """By primary key. ``records`` are all of one kind."""
    connection = XeroConnection.current()
    if not records or connection is None or not connection.tenant_id:
        return {record.pk: RecordState(NOT_SYNCED) for record in records}
    facts = _facts(records, connection)
    return {record.pk: _state(record, facts) for record in records}


def state_of(record: AnyRecord) -> RecordState:
    return states_of([record])[record.pk]


def state_without_issue(record: AnyRecord) -> RecordState:
    """How it would stand if nobody had complained."""
    connection = XeroConnection.current()
    if connection is None:
        return RecordState(NOT_SYNCED)
    return _state(record, replace(_facts([record], connection), issues={}))


@dataclass(frozen=True)
class _Facts:
    """What was read once for all records of the page. ``pairs``: the undecided pair that
    holds a record, or an invoice's customer, before there are issues; ``coming``: which
    sync is."""

    settings: SyncSettings
    links: Mapping[int, XeroLink]
    issues: Mapping[int, SyncIssue]
    only_cancelled: frozenset[int]
    customers_in_xero: frozenset[int]
    issues_of_customers: Mapping[int, SyncIssue]
    pairs: Mapping[int, int]
    coming: str


def _facts(records: Sequence[AnyRecord], connection: XeroConnection) -> _Facts:
    model = type(records[0])
    ids = [record.pk for record in records]
    links: Any = LINK_MODELS[KINDS[model]].objects.filter(
        connection=connection, record__in=ids
    )
    customers = [one.customer_id for one in records if isinstance(one, Invoice)]
    return _Facts(
        settings=SyncSettings.current(),
        links={link.record_id: link for link in links},
        issues=_open_issues(connection, _ISSUE_FIELD[model], ids),
        only_cancelled=_only_cancelled(ids) if model is Contact else frozenset(),
        customers_in_xero=_in_xero(connection, customers),
        issues_of_customers=_open_issues(connection, "contact_id", customers),
        pairs=_undecided(connection, model, customers or ids),
        coming="next" if connection.first_sync_done_at else "first",
    )


def _open_issues(
    connection: XeroConnection, field: str, ids: Sequence[int]
) -> dict[int, SyncIssue]:
    """The newest open issue of each."""
    if not ids:
        return {}
    issues = SyncIssue.objects.to_fix().filter(
        connection=connection, **{f"{field}__in": ids}
    )
    return {getattr(issue, field): issue for issue in issues.order_by("pk")}


def _undecided(
    connection: XeroConnection, model: type, ids: Sequence[int]
) -> dict[int, int]:
    """The likeliest of each. Only a preview has found them so far."""
    if connection.first_sync_done_at:
        return {}
    column = "item_id" if model is StockItem else "contact_id"
    pairs = FoundPair.objects.doubtful().filter(
        connection=connection, **{f"{column}__in": ids}
    )
    return dict(pairs.order_by("-strength", "-pk").values_list(column, "pk"))


def _only_cancelled(ids: Sequence[int]) -> frozenset[int]:
    statuses: dict[int, set[str]] = {}
    rows = Invoice.objects.filter(customer__in=ids).order_by()
    for customer, status in rows.values_list("customer_id", "status").distinct():
        statuses.setdefault(customer, set()).add(status)
    return frozenset(pk for pk, seen in statuses.items() if seen == {"cancelled"})


def _in_xero(connection: XeroConnection, customers: Sequence[int]) -> frozenset[int]:
    if not customers:
        return frozenset()
    links = ContactLink.objects.filter(connection=connection, record__in=customers)
    return frozenset(links.values_list("record_id", flat=True))


def _state(record: AnyRecord, facts: _Facts) -> RecordState:
    link = facts.links.get(record.pk)
    xero_id = link.xero_id if link else ""
    if getattr(record, "merged_into_id", None):
        return RecordState(LEFT_OUT, "Part of another record now", xero_id)
    synced_at = link.synced_at if link else None
    issue = facts.issues.get(record.pk)
    if issue:
        held = words_of(issue.code, issue.kind).is_held
        return RecordState(
            HELD if held else FAILED, reason_of(issue), xero_id, synced_at, issue.pk
        )
    if link is None:
        return _unlinked(record, facts)
    if _has_changed(record, link, facts.settings):
        reason = "Changed since: goes with the next sync"
        return RecordState(WAITING, reason, xero_id, synced_at)
    return RecordState(IN_XERO, "", xero_id, synced_at)


def reason_of(issue: SyncIssue) -> str:
    """The cause in one line, for the cell of a list."""
    return words_of(issue.code, issue.kind).title


def _unlinked(record: AnyRecord, facts: _Facts) -> RecordState:
    reason = _left_out_reason(record, facts)
    if reason:
        return RecordState(LEFT_OUT, reason)
    if isinstance(record, Invoice):
        if record.customer_id not in facts.customers_in_xero:
            waits = _waits_for_customer(record.customer_id, facts)
            if waits:
                return waits
    elif pair_id := facts.pairs.get(record.pk):
        return RecordState(
            HELD, f"{_MAYBE_THERE}: waits for an answer", pair_id=pair_id
        )
    return RecordState(WAITING, f"Goes with the {facts.coming} sync")


def _waits_for_customer(customer_id: int, facts: _Facts) -> RecordState | None:
    issue = facts.issues_of_customers.get(customer_id)
    if issue:
        reason = f"Waits for its customer: {reason_of(issue)}"
        return RecordState(HELD, reason, issue_id=issue.pk)
    pair_id = facts.pairs.get(customer_id)
    if pair_id:
        reason = f"Waits for its customer: {_MAYBE_THERE}"
        return RecordState(HELD, reason, pair_id=pair_id)
    return None


def _left_out_reason(record: AnyRecord, facts: _Facts) -> str:
    if isinstance(record, Invoice):
        return _invoice_left_out(record, facts.settings)
    if record.is_archived:
        return "Archived here"
    if isinstance(record, Contact):
        if record.is_lead:
            return "A lead: goes with its first invoice"
        if record.pk in facts.only_cancelled and not record.is_supplier:
            return "All its invoices are cancelled"
    return ""


def _invoice_left_out(invoice: Invoice, settings: SyncSettings) -> str:
    if invoice.is_cancelled:
        return "Cancelled invoices are not sent"
    if invoice.is_draft and not settings.sends_drafts:
        return "A draft: goes when it is approved"
    if settings.invoices_from and invoice.issued_on < settings.invoices_from:
        return "Dated before the day invoices are sent from"
    return ""


def _has_changed(record: AnyRecord, link: XeroLink, settings: SyncSettings) -> bool:
    """Whether something that goes to Xero differs from what was agreed."""
    if record.revision == link.revision:
        return False
    if isinstance(record, Invoice):
        over = isinstance(link, InvoiceLink) and link.status in _OVER
        return record.is_cancelled and not over
    agreed = link.base.get("draft", {})
    if isinstance(record, StockItem):
        return _has_news(draft_to_json(item_draft(record)), agreed, ITEM_FIELDS)
    if record.is_archived != bool(link.base.get("is_archived")):
        return True
    said = draft_to_json(contact_draft(record, settings))
    return _has_news(said, agreed, CONTACT_FIELDS)


def _has_news(
    said: Mapping[str, object], agreed: Mapping[str, object], rules: Iterable[Rule]
) -> bool:
    """Whether a value that is sent differs: some blanks, and some fields, never are."""
    return any(
        said.get(rule.field) != agreed.get(rule.field)
        and rule.way is Way.BOTH
        and (rule.clears or rule.field in said)
        for rule in rules
    )
