"""What is chosen as one: nobody wants the street of one address with another's town."""

from collections.abc import Mapping
from dataclasses import dataclass

from xero_sync.outcomes.authority import FIELDS, Rule
from xero_sync.outcomes.kinds import Kind

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the comparison: one field, or several that belong together."""

    name: str
    label: str
    rules: tuple[Rule, ...]


# The name and the label of a unit, and what its fields begin with.
_TOGETHER = (
    ("address", "Address", ("address_",)),
    ("person", "Contact person", ("first_name", "last_name")),
    ("payment", "Payment terms", ("payment_",)),
)


def units_of(kind: Kind) -> list[Unit]:
    """In the order of the table of fields."""
    units: dict[str, Unit] = {}
    for rule in FIELDS[kind]:
        name, label = _unit_of(rule)
        before = units[name].rules if name in units else ()
        units[name] = Unit(name, label, (*before, rule))
    return list(units.values())


def _unit_of(rule: Rule) -> tuple[str, str]:
    for name, label, beginnings in _TOGETHER:
        if rule.field.startswith(beginnings):
            return name, label
    return rule.field, rule.label


def expand_choices(kind: Kind, choices: Mapping[str, str]) -> dict[str, str]:
    """By field. What is no field, or no side, is left out."""
    return {
        rule.field: side
        for unit in units_of(kind)
        for rule in unit.rules
        if (side := choices.get(unit.name)) in (OURS, THEIRS)
    }
