"""What the page of a form says while it is typed: likely twins, and what Xero would
refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from customers.models import ADDRESS_PARTS, Contact
from stock.models import StockItem
from xero_sync.consolidation.typed import Twin, twins_of_contact, twins_of_item
from xero_sync.models import SyncSettings, XeroConnection
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.kinds import Kind
from xero_sync.permissions import Right
from xero_sync.planner.readiness import contact_problems
from xero_sync.report.record_problems import (
    account_number_problems,
    code_problems,
    item_findings,
)
from xero_sync.report.wording import note_of, words_of
from xero_sync.steps.drafts import contact_column, contact_draft

CONTACT_FIELDS = (
    *("name", "first_name", "last_name", "account_number", "tax_number"),
    *("email", "accounting_email", "phone", "mobile", "direct_dial", "fax"),
    *("website", *(f"billing_{part}" for part in ADDRESS_PARTS)),
)
ITEM_FIELDS = (
    *("code", "name", "description", "purchase_description"),
    *("sales_account_code", "purchase_account_code"),
    *("sales_tax_type", "purchase_tax_type"),
)
FIELDS = {Kind.CONTACT: CONTACT_FIELDS, Kind.ITEM: ITEM_FIELDS}

# Gives what was typed in a field, blank where nothing was.
Typed = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Lack:
    """Something Xero would refuse; ``column`` is where it is put right."""

    title: str
    note: str
    fix: str
    column: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """``lacks`` is None where there is nothing to be ready for."""

    twins: Sequence[Twin]
    lacks: Sequence[Lack] | None

    @property
    def keys(self) -> str:
        return ",".join(twin.key for twin in self.twins)


def remarks_on(
    kind: Kind,
    typed: Typed,
    *,
    pk: int | None = None,
    sees_xero: bool,
    with_twins: bool = True,
) -> Remarks:
    """``pk``: of the record that is changed, where it is not a new one."""
    settings, connection = SyncSettings.current(), XeroConnection.current()
    visible = connection if sees_xero else None
    record = _record(kind, typed)
    record.pk = pk
    twins: list[Twin] = []
    if with_twins and isinstance(record, Contact):
        twins = twins_of_contact(record, settings, visible, pk)
    elif with_twins and isinstance(record, StockItem):
        twins = twins_of_item(record, visible, pk)
    lacks = None
    if connection is not None and any(map(typed, ("name", "email", "code"))):
        lacks = lacks_of(record, _problems(record, settings), settings)
    return Remarks(twins, lacks)


def likely_same(record: Contact | StockItem) -> list[Twin]:
    """Who of ours may be the same as this record of ours, the likeliest first."""
    if isinstance(record, Contact):
        return twins_of_contact(record, SyncSettings.current(), None, record.pk)
    return twins_of_item(record, None, record.pk)


def remarks_on_form(
    kind: Kind, form: forms.BaseForm, request: HttpRequest, *, pk: int | None = None
) -> Remarks:
    """As it stands on the page that is sent."""
    said = form.data if form.is_bound else form.initial
    return remarks_on(
        kind,
        lambda name: str(said.get(name) or ""),
        pk=pk,
        sees_xero=request.user.has_perm(Right.VIEW),
        with_twins=pk is None and form.is_bound,
    )


def lacks_of(
    record: Contact | StockItem, problems: Sequence[Problem], settings: SyncSettings
) -> list[Lack]:
    kind = Kind.CONTACT if isinstance(record, Contact) else Kind.ITEM
    return [
        Lack(
            words_of(one.code, kind).title,
            note_of(one.code, kind, one.details),
            words_of(one.code, kind).fix,
            column_of(record, one.field_name, settings),
        )
        for one in problems
    ]


def column_of(record: object, name: str, settings: SyncSettings) -> str:
    """Where it is typed."""
    if not isinstance(record, Contact):
        return name
    return contact_column(name, record, settings)


def _record(kind: Kind, typed: Typed) -> Contact | StockItem:
    values: dict[str, Any] = {name: typed(name).strip() for name in FIELDS[kind]}
    if kind is Kind.CONTACT:
        return Contact(**values)
    return StockItem(**values, sell_price=None, cost_price=None)


def _problems(record: Contact | StockItem, settings: SyncSettings) -> Sequence[Problem]:
    if isinstance(record, Contact):
        draft = contact_draft(record, settings)
        return contact_problems(draft) + account_number_problems(record)
    return item_findings(record) + code_problems(record)
