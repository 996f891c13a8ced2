"""Drafts as JSON, for the base that a link keeps: Decimals as text, blanks left out."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal

from xero_sync.outcomes.drafts import ContactDraft, ItemDraft

PRICES = frozenset({"sell_price", "cost_price"})


def draft_to_json(draft: ContactDraft | ItemDraft) -> dict[str, str | int]:
    kept: dict[str, str | int] = {}
    for name in draft.__slots__:
        value = getattr(draft, name)
        if value is not None and value != "":
            kept[name] = decimal_text(value) if isinstance(value, Decimal) else value
    return kept


def contact_draft_from_json(kept: Mapping[str, object]) -> ContactDraft:
    known = {field.name for field in fields(ContactDraft)}
    return ContactDraft(**{name: kept[name] for name in known & kept.keys()})  # type: ignore[arg-type]


def item_draft_from_json(kept: Mapping[str, object]) -> ItemDraft:
    known = {field.name for field in fields(ItemDraft)}
    return ItemDraft(
        **{
            name: Decimal(str(kept[name])) if name in PRICES else kept[name]
            for name in known & kept.keys()
        }  # type: ignore[arg-type]
    )


def decimal_text(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")
