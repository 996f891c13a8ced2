"""The merge of one record, field by field."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xero_sync.outcomes.authority import FIELDS, Rule, Way
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.kinds import Kind


@dataclass(frozen=True, slots=True)
class Merged:
    """``losers`` are values of ours that Xero's replaced although both had changed.
    ``base_moves``: both sides came to the same new value, so there is nothing to write
    but the base."""

    to_us: tuple[FieldChange, ...]
    to_xero: tuple[FieldChange, ...]
    losers: tuple[FieldChange, ...]
    base_moves: bool = False


def merge(
    base: Any,
    local: Any,
    remote: Any,
    rules: Iterable[Rule],
    agreed: Collection[str],
    *,
    ours_first: bool = False,
) -> Merged:
    """Changed on one side only: that side's value. On both: Xero's, ours is a loser.

    A field that was never agreed on is filled where it is blank; two different values
    count as changed on both sides, unless ``ours_first``: then a person has pointed the
    field at another place in Xero, and ours goes there.
    """
    to_us: list[FieldChange] = []
    to_xero: list[FieldChange] = []
    losers: list[FieldChange] = []
    base_moves = False
    for rule in rules:
        ours, theirs = getattr(local, rule.field), getattr(remote, rule.field)
        known = base is not None and rule.field in agreed
        before = getattr(base, rule.field) if known else None
        if ours == theirs:
            base_moves = base_moves or (known and ours != before)
        elif _is_ours(rule, ours, theirs, before, known=known, first=ours_first):
            if not is_blank(ours) or rule.clears:
                to_xero.append(_change(rule, theirs, ours))
        elif not (is_blank(theirs) and (rule.way is Way.TO_US or not known)):
            to_us.append(_change(rule, ours, theirs))
            if not is_blank(ours) and (not known or ours != before):
                losers.append(_change(rule, ours, theirs))
    return Merged(tuple(to_us), tuple(to_xero), tuple(losers), base_moves)


def is_blank(value: object) -> bool:
    return value is None or value == ""


def as_json(value: object) -> str | int | None:
    """A field's value as a planned change keeps it."""
    if value is None or isinstance(value, int):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def field_names(kind: Kind) -> frozenset[str]:
    return frozenset(rule.field for rule in FIELDS[kind])


def filled_fields(draft: Any, rules: Iterable[Rule]) -> tuple[FieldChange, ...]:
    """What a record is created with."""
    return tuple(
        _change(rule, None, getattr(draft, rule.field))
        for rule in rules
        if not is_blank(getattr(draft, rule.field))
    )


def _is_ours(
    rule: Rule,
    ours: object,
    theirs: object,
    before: object,
    *,
    known: bool,
    first: bool,
) -> bool:
    if rule.way is Way.TO_US:
        return False
    if known:
        return theirs == before
    return is_blank(theirs) or (first and not is_blank(ours))


def _change(rule: Rule, before: object, after: object) -> FieldChange:
    return FieldChange(rule.field, as_json(before), as_json(after))
