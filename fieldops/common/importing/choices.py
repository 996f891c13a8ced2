"""A closed list that cells may name: by code, or by a name that only one has."""

from collections.abc import Iterable
from dataclasses import dataclass

from fieldops.common.importing.cells import CellError, comparison_key


@dataclass(frozen=True)
class Choice:
    code: str
    name: str


class Choices:
    def __init__(self, choices: Iterable[Choice]) -> None:
        self.choices = tuple(choices)

    def code_of(self, cell: str) -> str:
        key = comparison_key(cell)
        by_code = [each for each in self.choices if comparison_key(each.code) == key]
        by_name = [each for each in self.choices if comparison_key(each.name) == key]
        found = by_code or by_name
        if len(found) == 1:
            return found[0].code
        if found:
            codes = ", ".join(each.code for each in found)
            raise CellError(f'"{cell.strip()}" is the name of several; write {codes}')
        known = ", ".join(each.name for each in self.choices)
        raise CellError(f'"{cell.strip()}" is not known; known are: {known}')
