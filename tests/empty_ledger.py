"""The practice ledger with empty books, by itself: it needs no Django, whose start takes
longer than all that most tests ask of it. ``manage.py xero_sandbox`` has its own tests.

    python -m tests.empty_ledger PORT TIER [FOLDER]
"""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from xero_sync.sandbox.opening import Opening, open_ledger
from xero_sync.sandbox.server import LedgerServer


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - there are no settings here


def main(port: str, tier: str, folder: str = "") -> None:
    data = Path(folder) if folder else None
    opened = partial(open_ledger, Opening(tier=tier, data=data), now)
    LedgerServer(opened, "127.0.0.1", int(port)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
