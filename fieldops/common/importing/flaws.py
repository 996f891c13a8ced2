"""What stands between an imported record and the books: it is saved, but named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Flaw:
    """``message`` completes "this field ..."; ``label`` is what people call the field,
    for a file that has no column of it."""

    field: str
    label: str
    message: str


# Given a record and the other, older one that carries the same number.
FlawsOf = Callable[[R, R | None], Iterable[Flaw]]
