"""Plays histories one after another on one database, each from a fresh start."""

import gc
from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from tests.simulation import backup
from tests.simulation.beginnings import connected_world, synced_world
from tests.simulation.events import LENGTHS
from tests.simulation.history import History
from tests.simulation.processes import Points
from tests.simulation.told import Told
from tests.simulation.world import PERSON, Start, World
from xero_sync.runs.requests import start_first_sync


class Theatre:
    """Plays histories one after another on one database, each from a fresh start."""

    def __init__(
        self, points: Points | None = None, history: type[History] = History
    ) -> None:
        self.points = points or Points()
        self.history = history
        self.fired: Counter[str] = Counter()
        self.happened: Counter[str] = Counter()
        self.starts: list[Start] = []

    def prepare(self) -> None:
        empty = backup.take()
        for xero_is_empty in (False, True):
            with World(f"start {xero_is_empty}") as world:
                backup.put_back(empty)
                start = connected_world(world, xero_is_empty=xero_is_empty)
                self.starts += [start, synced_world(world)]
        backup.put_back(empty)
        # What is loaded by now stays; the collector need not look at it any more.
        gc.collect()
        gc.freeze()

    def play(
        self, seed: int, *, length: int | None = None, dies_at: Sequence[str] = ()
    ) -> Told:
        """Whatever it does is taken back. ``dies_at``: points at which workers die one
        after another, beside those who die anyway."""
        with transaction.atomic():
            told = self._play(seed, length, dies_at)
            transaction.set_rollback(True)
        return told

    def _play(self, seed: int, length: int | None, dies_at: Sequence[str]) -> Told:
        self.points.part = seed, tuple(dies_at)
        with World(str(seed), self.points) as world:
            world.processes.dies_at = list(dies_at)
            start = world.chance.choices(self.starts, (2, 5, 1, 3))[0]
            world.begin_in(start)
            if start in (self.starts[0], self.starts[2]):
                start_first_sync(by=PERSON)
            usual = world.chance.choice(LENGTHS)
            history = self.history(world, seed, usual if length is None else length)
            try:
                return history.play()
            finally:
                self.fired.update(world.faults.fired)
                self.happened.update(history.happened)
