"""Opening a practice ledger: from what was kept, from given books, or with its own."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from xero_sync.sandbox.books import accountants_books
from xero_sync.sandbox.sandbox import Sandbox
from xero_sync.sandbox.storage import Storage

HOME = "Practice Company (UK)"
SECOND = "Second Practice Company (UK)"


@dataclass(frozen=True)
class Opening:
    """How to open: where the state is kept, and which books to start with."""

    data: Path | None = None
    books: Path | None = None
    is_empty: bool = False
    seed: int = 1
    tier: str = "core"


def open_ledger(opening: Opening, clock: Callable[[], datetime]) -> Sandbox:
    """State that was kept goes on as it was; otherwise the books are opened anew."""
    chance = random.SystemRandom()
    if opening.data is None:
        sandbox = Sandbox(clock=clock, chance=chance, tier=opening.tier)
    else:
        storage = Storage(opening.data)
        sandbox = Sandbox(
            clock=clock, chance=chance, tier=opening.tier, keep=storage.keep
        )
        sandbox.restore(storage.rows())
    if not sandbox.organisations:
        sandbox.open_organisation(HOME)
        sandbox.open_organisation(SECOND)
        _fill(sandbox, opening)
    return sandbox


def _fill(sandbox: Sandbox, opening: Opening) -> None:
    if opening.books is not None:
        text = opening.books.read_text(encoding="utf-8")
        sandbox.load_books(json.loads(text, parse_float=Decimal))
    elif not opening.is_empty:
        sandbox.load_books(accountants_books(opening.seed))
