"""The same world with Hypothesis at the wheel: it looks for the shortest way to break
an invariant."""

from contextlib import ExitStack

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.simulation.events import EVENTS
from tests.simulation.history import History
from tests.simulation.theatre import Theatre
from tests.simulation.world import World

EXAMPLES, STEPS = 8, 10


def test_no_sequence_of_events_breaks_an_invariant(theatre: Theatre) -> None:
    class Machine(RuleBasedStateMachine):
        @initialize(seed=st.integers(0, 10_000), start=st.sampled_from((1, 3)))
        def begin(self, seed: int, start: int) -> None:
            self.stack = ExitStack()
            self.stack.enter_context(transaction.atomic())
            self.stack.callback(transaction.set_rollback, True)
            world = self.stack.enter_context(World(f"machine {seed}"))
            world.begin_in(theatre.starts[start])
            self.history = History(world, seed, 0)
            self.history.go_wrong()

        @rule(action=st.sampled_from(sorted(EVENTS)))
        def event(self, action: str) -> None:
            self.history.do(action)

        def teardown(self) -> None:
            with self.stack:
                self.history.heal()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
