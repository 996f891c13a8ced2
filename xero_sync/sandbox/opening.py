"""Opening a practice ledger: from what was kept, or from the books it is given."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.storage import Storage
from xero_sync.sandbox.wire import JsonObject

HOME = "Practice Company (UK)"
SECOND = "Second Practice Company (UK)"


@dataclass(frozen=True)
class Opening:
    """How to open: where the state is kept, and which books to start with.

    ``usual_books`` makes them when no file is given; without either they are empty.
    """

    data: Path | None = None
    books: Path | None = None
    usual_books: Callable[[], JsonObject] | None = None
    tier: str = "core"


def open_ledger(opening: Opening, clock: Callable[[], datetime]) -> Ledger:
    """State that was kept goes on as it was; otherwise the books are opened anew."""
    chance = random.SystemRandom()
    if opening.data is None:
        ledger = Ledger(clock=clock, chance=chance, tier=opening.tier)
    else:
        storage = Storage(opening.data)
        ledger = Ledger(
            clock=clock, chance=chance, tier=opening.tier, keep=storage.keep
        )
        ledger.restore(storage.rows())
    if not ledger.organisations:
        ledger.open_organisation(HOME)
        ledger.open_organisation(SECOND)
        _fill(ledger, opening)
    return ledger


def _fill(ledger: Ledger, opening: Opening) -> None:
    if opening.books is not None:
        text = opening.books.read_text(encoding="utf-8")
        ledger.load_books(json.loads(text, parse_float=Decimal))
    elif opening.usual_books is not None:
        ledger.load_books(opening.usual_books())
