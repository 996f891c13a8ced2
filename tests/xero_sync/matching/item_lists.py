"""Two short lists of items, enough to learn from, and one item of them changed."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from xero_sync.matching.items import ItemCandidate, Match
from xero_sync.outcomes.drafts import ItemDraft

NOUNS = ("elbow", "tee", "coupling", "reducer", "bend", "cap")
SIZES = ("15mm", "22mm", "28mm", "35mm")


def ours(*, codes: bool = True) -> list[ItemCandidate]:
    names = [f"Copper {noun} {size}" for noun in NOUNS for size in SIZES]
    return [
        ItemCandidate(
            ItemDraft(
                code=f"P{number:03d}" if codes else "",
                name=name,
                sell_price=Decimal(number + 3),
            ),
            local_id=number,
            manufacturer="Halvex",
            mpn=f"HX{number + 5000}",
            barcode=f"501234567{number + 1000}",
        )
        for number, name in enumerate(names)
    ]


def theirs(*, shift: int = 0) -> list[ItemCandidate]:
    """The same list; ``shift`` gives each item another one's code."""
    mine = ours()
    return [
        ItemCandidate(
            replace(one.draft, code=mine[(place + shift) % len(mine)].draft.code),
            xero_id=f"x{place}",
        )
        for place, one in enumerate(mine)
    ]


def changed(
    items: Sequence[ItemCandidate], place: int, **values: object
) -> list[ItemCandidate]:
    draft = replace(items[place].draft, **values)  # type: ignore[arg-type]
    found = list(items)
    found[place] = replace(items[place], draft=draft)
    return found


def about(found: Sequence[Match], local_id: int) -> list[Match]:
    return [match for match in found if match.local_id == local_id]
