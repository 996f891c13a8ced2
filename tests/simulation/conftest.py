"""What histories begin in is made once for all tests of a process."""

from functools import cache

import pytest

from tests.simulation.theatre import Theatre
from tests.simulation.world import Start


@cache
def starts() -> tuple[Start, ...]:
    theatre = Theatre()
    theatre.prepare()
    return tuple(theatre.starts)


@pytest.fixture
def theatre(db: None) -> Theatre:
    theatre = Theatre()
    theatre.starts += starts()
    return theatre
