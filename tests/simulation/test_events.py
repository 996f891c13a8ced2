"""Nothing is left out by chance: what is seldom comes in its turn."""

from collections import Counter
from random import Random

from tests.simulation.events import SELDOM, course, featured_fault
from tests.simulation.faults import KINDS

SEEDS = 120


def test_each_seldom_event_is_in_some_courses() -> None:
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        found.update(set(course(seed, 10, Random(seed))))

    assert set(SELDOM) <= set(found)
    assert min(found[name] for name in SELDOM) >= 2 * (SEEDS // len(SELDOM)) - 2


def test_what_an_event_needs_comes_before_it() -> None:
    needed_by_others = {name for story in SELDOM.values() for name in story}
    for seed in range(SEEDS):
        events = course(seed, 24, Random(seed))
        for name in SELDOM.keys() & set(events) - needed_by_others:
            last = len(events) - events[::-1].index(name)
            for needed in SELDOM[name]:
                assert needed in events[:last], (seed, name)


def test_each_fault_has_its_turn() -> None:
    featured = Counter(featured_fault(seed) for seed in range(len(KINDS) * 3))

    assert featured == dict.fromkeys(KINDS, 3)
