"""Bring back a value of ours that Xero's replaced: a change by a person like any other,
which the next sync sends to Xero."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.models import Contact
from customers.permissions import Right as CustomerRight
from customers.services import change_contact
from fieldops.common.actor import Actor
from fieldops.common.changes import locked
from fieldops.common.errors import ChangedSince
from fieldops.users.models import User
from stock.models import StockItem
from stock.permissions import Right as StockRight
from stock.services import change_item
from xero_sync.models import PlannedChange, SyncIssue, SyncSettings
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.errors import (
    MayNotChange,
    NothingToAnswer,
    NothingToBringBack,
)
from xero_sync.report.values import BLANK, value_in_words
from xero_sync.report.wording import field_label
from xero_sync.steps.both_changed import (
    Synced,
    loser_of,
    stands,
    subject_of_field,
    value_now,
    values_back,
)
from xero_sync.store.plan import fields_of


@dataclass(frozen=True)
class _Road:
    model: type[Synced]
    change: Callable[..., Synced]
    right: str


_ROADS: Mapping[str, _Road] = {
    Kind.CONTACT: _Road(Contact, change_contact, CustomerRight.CHANGE),
    Kind.ITEM: _Road(StockItem, change_item, StockRight.CHANGE),
}


def bring_back_from_issue(issue: SyncIssue, *, by: Actor) -> Synced:
    record = issue.record
    if issue.code != IssueCode.BOTH_CHANGED or record is None or issue.resolved_at:
        raise NothingToBringBack
    return _bring_back(issue.kind, record.pk, loser_of(issue), by=by)


def bring_back_from_run(change: PlannedChange, name: str, *, by: Actor) -> Synced:
    """``name`` is the field's, one of the losers of the change."""
    loser = next((one for one in fields_of(change.losers) if one.name == name), None)
    if loser is None or change.local_id is None or change.state != change.State.DONE:
        raise NothingToBringBack
    return _bring_back(change.kind, change.local_id, loser, by=by)


def keep_xeros(issue: SyncIssue) -> None:
    """Somebody has seen it, and Xero's value is right."""
    if issue.code != IssueCode.BOTH_CHANGED:
        raise NothingToAnswer
    SyncIssue.objects.open().filter(pk=issue.pk).update(resolved_at=timezone.now())


def standing(
    changes: Iterable[PlannedChange], settings: SyncSettings
) -> set[tuple[int, str]]:
    """By planned change and field: the losers whose replacement still stands."""
    losing = [change for change in changes if change.losers and change.kind in _ROADS]
    found: set[tuple[int, str]] = set()
    for kind, road in _ROADS.items():
        members = [one for one in losing if one.kind == kind]
        records: Any = road.model
        records = records.objects.in_bulk([one.local_id for one in members])
        for change in members:
            record = records.get(change.local_id)
            if record is not None and change.state == change.State.DONE:
                found |= {
                    (change.pk, loser.name)
                    for loser in fields_of(change.losers)
                    if stands(record, loser, settings)
                }
    return found


@transaction.atomic
def _bring_back(kind: str, record_id: int, loser: FieldChange, *, by: Actor) -> Synced:
    road = _ROADS[kind]
    if not isinstance(by.user, User) or not by.user.has_perm(road.right):
        raise MayNotChange
    settings = SyncSettings.current()
    model: Any = road.model
    record: Synced = locked(model.objects.get(pk=record_id))
    if not stands(record, loser, settings):
        now = value_in_words(loser.name, value_now(record, loser.name, settings))
        raise ChangedSince(field_label(loser.name), now or BLANK)
    values = values_back(record, loser, settings)
    back = Actor.person(by.user, "brought back")
    record = road.change(record, values, by=back, revision=record.revision)
    SyncIssue.objects.open().filter(
        code=IssueCode.BOTH_CHANGED,
        subject=subject_of_field(kind, record_id, loser.name),
    ).update(resolved_at=timezone.now())
    return record
