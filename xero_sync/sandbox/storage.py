"""The ledger's state on disk: one SQLite file, committed before an answer goes out."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from xero_sync.sandbox.tables import Change

FILE_NAME = "ledger.sqlite3"
SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (kind, key)
)
"""
PUT = """
INSERT INTO kept (kind, key, body) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body
"""


class Storage:
    """Rows as JSON by table and key, in the order of their first writing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # One lock around the whole ledger serialises its threads.
        self._connection = sqlite3.connect(
            folder / FILE_NAME, check_same_thread=False, timeout=1
        )
        # Two ledgers on one file would each answer from books of their own.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(SCHEMA)
        self._connection.commit()

    def rows(self) -> Iterator[Change]:
        select = "SELECT kind, key, body FROM kept ORDER BY place"
        for kind, key, body in self._connection.execute(select):
            yield Change(kind, key, body)

    def keep(self, changes: list[Change]) -> None:
        put = [(c.table, c.key, c.body) for c in changes if c.body is not None]
        gone = [(c.table, c.key) for c in changes if c.body is None]
        with self._connection:
            self._connection.executemany(PUT, put)
            self._connection.executemany(
                "DELETE FROM kept WHERE kind = ? AND key = ?", gone
            )

    def close(self) -> None:
        self._connection.close()
