"""One history: from a seed to a list of events, a log of calls, and a verdict."""

from collections import Counter
from collections.abc import Callable, Iterable

from fieldops.common.errors import DomainError
from tests.simulation.events import course, featured_fault, in_turn
from tests.simulation.healing import REPORT, Healing
from tests.simulation.invariants import ALWAYS, View
from tests.simulation.people import People
from tests.simulation.processes import ENDS, NAMES_PER_DEATH, BrokenRule
from tests.simulation.told import Told
from tests.simulation.upheavals import Upheavals
from tests.simulation.violations import Violation
from tests.simulation.world import World


class History(Healing, Upheavals):
    """One seed's."""

    def __init__(self, world: World, seed: int, length: int) -> None:
        self.world = world
        self.chance = world.chance
        self.people = People(world)
        self.view = View(world, self.people.edits)
        self.told = Told(seed)
        self.length = length
        self.happened: Counter[str] = Counter()

    def play(self) -> Told:
        try:
            self.go_wrong()
            for event in self.course():
                self.do(event)
            # Trouble without a sync tells nothing.
            self.do("sync_at_once")
            self.heal()
        except (Violation, BrokenRule) as violation:
            self.told.violation = f"{type(violation).__name__}: {violation}"
        except Exception as error:
            self.told.violation = f"{type(error).__name__}: {error}"
            self.told.events.append(repr(error))
            raise
        finally:
            self.told.calls = [call.line() for call in self.world.wire.calls]
        return self.told

    def note(self, said: str) -> None:
        self.told.events.append(f"{self.world.clock.moment:%d %H:%M:%S} {said}")

    def check(self, invariants: tuple[Callable[[View], None], ...]) -> None:
        for holds in invariants:
            if self.view.has_news(holds):
                holds(self.view)

    # --- trouble ---

    def go_wrong(self) -> None:
        """Which troubles this history knows at all."""
        world, processes = self.world, self.world.processes
        if self.chance.random() < 0.75:
            world.faults.arm(featured_fault(self.told.seed))
        if self.chance.random() < 0.6:
            processes.pause_rate = self.chance.choice((0.02, 0.05, 0.2))
        if self.chance.random() < 0.7:
            processes.death_rate = self.chance.choice((0.0, 0.005, 0.02))
            processes.death_name = in_turn(
                range(NAMES_PER_DEATH), self.told.seed, "death"
            )
            processes.end = self.chance.choice(ENDS)
        if self.told.seed % 2:
            world.put_off.add(REPORT)
        processes.is_mortal = True
        world.wire.meanwhile = lambda: self.people.act("xero_change_contact")
        armed = sorted(world.faults.armed)
        self.note(f"armed {armed}, pauses {processes.pause_rate}")

    def course(self) -> Iterable[str]:
        return course(self.told.seed, self.length, self.chance)

    def do(self, action: str) -> None:
        """One event, and what must hold after it."""
        own = getattr(self, action, None)
        try:
            said = own() if own else self.people.act(action)
        except DomainError as refusal:
            said = f"{action}: refused ({refusal})"
        if said:
            self.note(said)
            self.happened[action] += ": refused (" not in said
        if said and own:
            self.check(ALWAYS)
