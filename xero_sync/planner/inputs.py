"""What the planner is told about each side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Generic, TypeVar

from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.drafts import (
    ContactDraft,
    ItemDraft,
    LineDraft,
    RemoteAccount,
    RemoteTaxRate,
)

D = TypeVar("D", ContactDraft, ItemDraft)

# "ours" or "theirs", by the name of a field.
Choices = Mapping[str, str]
NO_CHOICES: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LocalContact:
    """``only_cancelled``: it has invoices, and every one of them is cancelled.

    ``other_emails`` are those the settings did not choose: evidence, never sent.
    """

    id: int
    uid: str
    revision: int
    draft: ContactDraft
    is_customer: bool
    is_supplier: bool
    is_archived: bool
    only_cancelled: bool = False
    other_emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalItem:
    id: int
    uid: str
    revision: int
    draft: ItemDraft
    is_archived: bool


@dataclass(frozen=True, slots=True)
class LocalInvoice:
    """``content`` is the hash of what would be sent, where it may still be sent again."""

    id: int
    uid: str
    revision: int
    number: str
    customer_id: int
    status: str  # draft, approved, cancelled
    issued_on: date
    currency: str
    total: Decimal
    amount_paid: Decimal
    amount_credited: Decimal
    title: str
    lines: tuple[LineDraft, ...]
    content: str = ""


@dataclass(frozen=True, slots=True)
class Linked(Generic[D]):
    """``base`` holds the agreed values; fields not in ``agreed`` never were."""

    local_id: int
    xero_id: str
    base: D | None
    agreed: frozenset[str] = frozenset()
    was_archived: bool = False


@dataclass(frozen=True, slots=True)
class LinkedInvoice:
    """``content`` is the hash of what was sent, ``as_draft``: it was a draft here then."""

    local_id: int
    xero_id: str
    content: str = ""
    as_draft: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A match of the two sides, as the matching room found it or a person decided.

    ``is_given``: not found by likeness, but said by a person or by our own id.
    ``choices``: whose value of a field a person chose, by its name.
    """

    local_id: int
    xero_id: str
    is_certain: bool
    reasons: tuple[str, ...]
    score: float = 0.0
    is_likely: bool = True
    is_given: bool = False
    choices: Choices = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chart:
    """Xero's chart as far as lines and items need it."""

    accounts: Mapping[str, RemoteAccount] = field(default_factory=dict)
    tax_rates: Mapping[str, RemoteTaxRate] = field(default_factory=dict)
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceRules:
    """``chosen`` are the invoices a person sends by hand, drafts included; ``forbidden``
    what Xero says we may not do, by its names."""

    base_currency: str
    lock_date: date | None
    sent_from: date | None
    sends_drafts: bool
    chosen: frozenset[int] = frozenset()
    arrive_approved: bool = True
    forbidden: frozenset[str] = frozenset()


# What Xero refused of a record whose content is still the same, by our row's id.
Refusals = Mapping[int, Problem]
