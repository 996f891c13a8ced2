"""Merging stock items on pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from fieldops.common.merge_page import OfficeMergeView, OfficeUndoMergeView
from fieldops.common.models import Merge
from fieldops.common.unmerging import Undoing
from stock.filters import StockItemFilter
from stock.merging import CHOICES, merge_items, plan_undoing_items, undo_item_merge
from stock.models import StockItem, StockItemQuerySet
from stock.permissions import Right
from stock.queries import level_of, visible_items


class ItemMergeView(OfficeMergeView[StockItem]):
    permission = Right.MERGE
    noun, nouns = "stock item", "stock items"
    choices = CHOICES
    filterset_class = StockItemFilter
    url_name = "stock:item-merge"
    undo_url_name = "stock:item-merge-undo"

    def records(self) -> StockItemQuerySet:
        return visible_items(self.user).select_related("preferred_supplier")

    def merge(
        self,
        kept: StockItem,
        others: Sequence[StockItem],
        values: Mapping[str, Any],
        **more: Any,
    ) -> Merge:
        return merge_items(kept, others, values, by=self.actor, **more)

    def united(self, records: Sequence[StockItem]) -> Sequence[tuple[str, str]]:
        level = sum(level_of(one) for one in records)
        return [("In stock", f"{level.normalize():f}" if level else "0")]


class ItemUndoMergeView(OfficeUndoMergeView[StockItem]):
    permission = Right.MERGE
    model = StockItem

    def plan(self, merge: Merge) -> Undoing:
        return plan_undoing_items(merge)

    def undo(self, merge: Merge) -> Undoing:
        return undo_item_merge(merge, by=self.actor)
