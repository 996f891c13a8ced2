"""Without a fence a history turns red that is green with it. ``make soak-mutations``
looks at all of them; here are those with a short history that sees it."""

import pytest

from tests.simulation.mutations import MUTATIONS, Stage

SHORT = (
    "idempotency key",
    "own-id lookup",
    "hash of what was sent",
    "intents before the call",
)


@pytest.mark.django_db
def test_histories_see_each_fence_that_is_gone() -> None:
    stage = Stage()
    known = {name: MUTATIONS[name].known for name in SHORT}

    def broken(*, mutated: bool) -> set[str]:
        return {
            name
            for name, seed in known.items()
            if stage.play(name, seed, mutated=mutated)
        }

    assert broken(mutated=True) == set(SHORT)
    assert broken(mutated=False) == set()
