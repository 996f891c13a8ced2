"""Without any one of the fences a history turns red that is green with it."""

import pytest

from tests.simulation.mutations import MUTATIONS, Stage


@pytest.mark.django_db
def test_histories_see_each_fence_that_is_gone() -> None:
    stage = Stage()

    unseen = [
        name
        for name, mutation in MUTATIONS.items()
        if stage.play(name, mutation.known, mutated=True) == ""
    ]
    broken = {
        name: said
        for name, mutation in MUTATIONS.items()
        if (said := stage.play(name, mutation.known, mutated=False))
    }

    assert unseen == []
    assert broken == {}
