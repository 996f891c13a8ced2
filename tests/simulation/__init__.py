"""The sync engine in a simulated world: its own code, a practice ledger without sockets, a
clock that is moved by hand, and a seed that decides what goes wrong."""
