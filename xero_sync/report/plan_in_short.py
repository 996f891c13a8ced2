"""The plan of the first sync in figures: what a person signs off."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from invoicing.models import Invoice
from xero_sync.models import PlannedChange, SyncRun, SyncSettings
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.report.wording import action_words, note_of, words_of

NAMES_SHOWN = 10
_ZERO = Decimal("0.00")
_LINKED, _TO_DECIDE, _NEW_HERE = "linked", "to decide", "new here"
_NEW_THERE, _FAILING = "new in Xero", "will fail"
_WAITING = "waiting for another record"
_SENT, _FOUND = "invoices to send", "invoices found in Xero"
_ALWAYS = (_LINKED, _TO_DECIDE, _NEW_HERE, _NEW_THERE, _FAILING)
_PAGES = {
    Kind.CONTACT: "customers:contact-detail",
    Kind.ITEM: "stock:item-detail",
    Kind.INVOICE: "invoicing:invoice-detail",
}
_TONES = {_TO_DECIDE: "warn", _FAILING: "bad"}


@dataclass(frozen=True)
class Figure:
    value: int
    label: str
    tone: str = ""


@dataclass
class Cause:
    """Why some will fail, the fix, and which."""

    title: str
    fix: str
    count: int = 0
    # Title, what is wrong with it, and its page.
    records: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.count - len(self.records)


@dataclass(frozen=True)
class InvoiceSum:
    """Of a VAT quarter, or of all: ``net`` and ``vat`` make ``total``."""

    label: str
    count: int = 0
    net: Decimal = _ZERO
    vat: Decimal = _ZERO
    total: Decimal = _ZERO

    def plus(self, net: Decimal, vat: Decimal, total: Decimal) -> "InvoiceSum":
        return InvoiceSum(
            self.label,
            self.count + 1,
            self.net + net,
            self.vat + vat,
            self.total + total,
        )


@dataclass(frozen=True)
class PlanInShort:
    figures: Sequence[Figure]
    causes: Sequence[Cause]
    quarters: Sequence[InvoiceSum]
    sums: InvoiceSum

    def as_json(self) -> dict[str, Any]:
        """What a sign-off keeps."""
        return {
            "figures": {one.label: one.value for one in self.figures},
            "quarters": [_sum_as_json(one) for one in self.quarters],
            "sums": _sum_as_json(self.sums),
        }


def plan_in_short(preview: SyncRun) -> PlanInShort:
    invoices = list(_to_send(preview))
    in_all = InvoiceSum("In all")
    for _, *amounts in invoices:
        in_all = in_all.plus(*amounts)
    return PlanInShort(
        figures=_figures(preview),
        causes=_causes(preview),
        quarters=_quarters(invoices, SyncSettings.current().vat_quarters),
        sums=in_all,
    )


def quarter_end(day: date, first_month: int) -> date:
    """The last day of the VAT quarter of ``day``; quarters end with ``first_month`` and
    every third month from there."""
    months = (first_month - day.month) % 3
    month = day.month + months + 1
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1) - timedelta(days=1)


def _quarters(
    invoices: Iterable[tuple[Any, ...]], first_month: int
) -> list[InvoiceSum]:
    sums: dict[date, InvoiceSum] = {}
    for issued_on, *amounts in invoices:
        ends = quarter_end(issued_on, first_month)
        before = sums.get(ends) or InvoiceSum(_quarter_words(ends))
        sums[ends] = before.plus(*amounts)
    return [sums[ends] for ends in sorted(sums)]


def _to_send(preview: SyncRun) -> Iterator[tuple[Any, ...]]:
    """Added up by us: not every database adds pennies exactly."""
    sent = preview.changes.filter(
        kind=Kind.INVOICE, action=Action.CREATE, direction=Direction.TO_XERO
    )
    invoices = Invoice.objects.filter(pk__in=sent.order_by().values("local_id"))
    rows: Iterator[tuple[Any, ...]] = invoices.values_list(
        "issued_on", "subtotal", "tax", "total"
    ).iterator(chunk_size=2000)
    return rows


def _quarter_words(ends: date) -> str:
    month = ends.month - 2
    begins = date(ends.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return f"{date_format(begins, 'j M Y')} to {date_format(ends, 'j M Y')}"


def _figures(preview: SyncRun) -> list[Figure]:
    """The five that are always said, and whatever else there is."""
    rows = preview.changes.order_by().values_list("kind", "action", "direction", "code")
    counts = Counter(_label(*row) for row in rows.iterator(chunk_size=2000))
    others = sorted(set(counts) - set(_ALWAYS), key=lambda one: -counts[one])
    return [
        Figure(counts[label], capfirst(label), _tone(label, counts[label]))
        for label in (*_ALWAYS, *others)
    ]


def _label(kind: str, action: str, direction: str, code: str) -> str:
    if action == Action.REFUSE:
        return _FAILING
    if action == Action.HOLD:
        is_waiting = code == IssueCode.CUSTOMER_NOT_IN_XERO
        return _WAITING if is_waiting else _TO_DECIDE
    if kind == Kind.INVOICE and action in (Action.CREATE, Action.LINK):
        return _SENT if action == Action.CREATE else _FOUND
    if kind in (Kind.ACCOUNT, Kind.TAX_RATE):
        return f"accounts and VAT rates {action_words(action, direction)}"
    return _LINKED if action == Action.LINK else action_words(action, direction)


def _tone(label: str, count: int) -> str:
    return _TONES.get(label, "") if count else ""


def _causes(preview: SyncRun) -> list[Cause]:
    refused = preview.changes.filter(action=Action.REFUSE).order_by("kind", "code")
    causes: dict[tuple[str, str], Cause] = {}
    for change in refused.iterator(chunk_size=500):
        words = words_of(change.code, change.kind)
        key = words.title, words.fix
        cause = causes.setdefault(key, Cause(*key))
        cause.count += 1
        if len(cause.records) < NAMES_SHOWN:
            cause.records.append((change.title, _note(change), _page(change)))
    return sorted(causes.values(), key=lambda one: -one.count)


def _page(change: PlannedChange) -> str:
    name = _PAGES.get(Kind(change.kind))
    return reverse(name, args=[change.local_id]) if name and change.local_id else ""


def _note(change: PlannedChange) -> str:
    details: Mapping[str, str] = change.details
    return note_of(change.code, change.kind, details)


def _sum_as_json(one: InvoiceSum) -> dict[str, Any]:
    return {name: _text(value) for name, value in asdict(one).items()}


def _text(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, Decimal) else value
