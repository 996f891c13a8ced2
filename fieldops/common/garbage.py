"""How often Python looks for circles among what nobody holds any more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (20_000, 50, 100)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """For work that makes rows and JSON by the hundred thousand: they hold no circles,
    and to look for some takes a tenth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
