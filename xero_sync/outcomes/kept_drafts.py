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
    return ContactDraft(**_said(kept, ContactDraft))  # type: ignore[arg-type]


def item_draft_from_json(kept: Mapping[str, object]) -> ItemDraft:
    return ItemDraft(
        **{
            name: Decimal(str(value)) if name in PRICES else value
            for name, value in _said(kept, ItemDraft).items()
        }  # type: ignore[arg-type]
    )


def _said(
    kept: Mapping[str, object], draft: type[ContactDraft] | type[ItemDraft]
) -> dict[str, object]:
    """A blank that was sent is kept as None, and is the same as one left out."""
    return {
        field.name: value
        for field in fields(draft)
        if (value := kept.get(field.name)) is not None
    }


def decimal_text(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")
