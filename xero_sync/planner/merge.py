"""The merge of one record, field by field."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xero_sync.outcomes.authority import FIELDS, Rule, Way, Winner
from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.inputs import NO_CHOICES, Choices
from xero_sync.planner.people import merge_people


@dataclass(frozen=True, slots=True)
class Merged:
    """``losers`` are values of ours that Xero's replaced although both had changed.
    ``base_moves``: both sides came to the same new value, so there is nothing to write
    but the base. ``no_room``: the people that Xero takes no more of."""

    to_us: tuple[FieldChange, ...]
    to_xero: tuple[FieldChange, ...]
    losers: tuple[FieldChange, ...]
    base_moves: bool = False
    no_room: str = ""


def merge(
    base: Any,
    local: Any,
    remote: Any,
    rules: Iterable[Rule],
    agreed: Collection[str],
    *,
    ours_first: bool = False,
    choices: Choices = NO_CHOICES,
) -> Merged:
    """Changed on one side only: that side's value. On both: Xero's, ours is a loser.

    A field that was never agreed on is filled where it is blank; two different values
    count as changed on both sides, unless ``ours_first``: then a person has pointed the
    field at another place in Xero, or keeps the whole list, and ours goes there. What a
    person chose for a field (``choices``) goes before all that, blanks included.
    """
    result = _Result()
    for rule in rules:
        ours, theirs = getattr(local, rule.field), getattr(remote, rule.field)
        known = base is not None and rule.field in agreed
        before = getattr(base, rule.field) if known else None
        if ours == theirs:
            result.base_moves |= known and ours != before
        elif rule.winner is Winner.XERO_EACH:
            _merge_people(result, rule, ours, theirs, before, known=known)
        elif may_choose(rule, ours, theirs) and rule.field in choices:
            _take_chosen(result, rule, ours, theirs, choices[rule.field])
        elif _is_ours(rule, ours, theirs, before, known=known, first=ours_first):
            if not is_blank(ours) or rule.clears:
                result.to_xero.append(_change(rule, theirs, ours))
        elif not (is_blank(theirs) and (rule.way is Way.TO_US or not known)):
            result.to_us.append(_change(rule, ours, theirs))
            if not is_blank(ours) and (not known or ours != before):
                result.losers.append(_change(rule, ours, theirs))
    return result.merged()


@dataclass(slots=True)
class _Result:
    to_us: list[FieldChange] = field(default_factory=list)
    to_xero: list[FieldChange] = field(default_factory=list)
    losers: list[FieldChange] = field(default_factory=list)
    base_moves: bool = False
    no_room: str = ""

    def merged(self) -> Merged:
        return Merged(
            tuple(self.to_us),
            tuple(self.to_xero),
            tuple(self.losers),
            self.base_moves,
            self.no_room,
        )


def may_choose(rule: Rule, ours: object, theirs: object) -> bool:
    """Whether a person may say whose value stays; a blank only where one can be sent."""
    if rule.way is not Way.BOTH or rule.winner is Winner.XERO_EACH:
        return False
    return rule.clears or not (is_blank(ours) or is_blank(theirs))


def _take_chosen(
    result: _Result, rule: Rule, ours: object, theirs: object, side: str
) -> None:
    if side == "ours":
        result.to_xero.append(_change(rule, theirs, ours))
        return
    result.to_us.append(_change(rule, ours, theirs))
    if not is_blank(ours):
        result.losers.append(_change(rule, ours, theirs))


def _merge_people(
    result: _Result, rule: Rule, ours: str, theirs: str, before: Any, *, known: bool
) -> None:
    people = merge_people(before or "", ours, theirs)
    result.no_room = people.no_room
    if people.ours != ours:
        result.to_us.append(_change(rule, ours, people.ours))
    if people.theirs != theirs:
        result.to_xero.append(_change(rule, theirs, people.theirs))
    if people.lost:
        result.losers.append(_change(rule, people.lost, people.kept))
    if (people.ours, people.theirs) == (ours, theirs):
        result.base_moves |= known and theirs != before


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
        FieldChange(rule.field, None, as_json(value))
        for rule in rules
        if not is_blank(value := getattr(draft, rule.field))
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


def agreed_with_heir(
    agreed: Collection[str], draft: ContactDraft | ItemDraft
) -> frozenset[str]:
    """With what took the place of a partner only what it says was ever agreed on: its
    blanks wipe nothing here, and are filled."""
    blanks = ("", None, ())
    return frozenset(name for name in agreed if getattr(draft, name) not in blanks)
