"""Without any one of the fences a history turns red that is green with it."""

import pytest

from tests.simulation.mutations import MUTATIONS, Stage


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_history_sees_that_the_fence_is_gone(name: str, stage: Stage) -> None:
    seed = MUTATIONS[name].known

    assert stage.play(name, seed, mutated=False) == ""
    assert stage.play(name, seed, mutated=True) != ""
