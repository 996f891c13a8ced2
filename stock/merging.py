"""Make two or three stock items one, and take that back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import stripped
from fieldops.common.history import labels_of
from fieldops.common.merging import (
    NO_REVISIONS,
    Choice,
    lock_for_merging,
    preset_values,
    put_merge,
    require_chosen,
)
from fieldops.common.models import Merge
from fieldops.common.unmerging import Undoing, plan_undoing, take_back
from stock.errors import ItemNameMissing
from stock.models import StockItem

_SINGLE = (
    *("code", "name", "description", "purchase_description"),
    *("sell_price", "cost_price", "sales_account_code", "sales_tax_type"),
    *("purchase_account_code", "purchase_tax_type", "reorder_level"),
    "preferred_supplier_id",
)
CHOICES = tuple(Choice(name, labels_of(StockItem)[name], (name,)) for name in _SINGLE)


@transaction.atomic
def merge_items(
    kept: StockItem,
    others: Sequence[StockItem],
    values: Mapping[str, Any],
    *,
    by: Actor,
    revisions: Mapping[int, int] = NO_REVISIONS,
) -> Merge:
    """As ``customers.merging.merge_contacts``. The levels add up: every movement
    follows."""
    kept, others = lock_for_merging(kept, others, revisions=revisions)
    preset = preset_values(kept, others, CHOICES)
    require_chosen(values, preset)
    chosen = preset | stripped(values)
    if not chosen["name"]:
        raise ItemNameMissing
    return put_merge(kept, others, chosen, by=by)


@transaction.atomic
def undo_item_merge(merge: Merge, *, by: Actor) -> Undoing:
    return take_back(merge, by=by, number="code")


def plan_undoing_items(merge: Merge) -> Undoing:
    """What ``undo_item_merge`` would do."""
    return plan_undoing(merge, number="code")
