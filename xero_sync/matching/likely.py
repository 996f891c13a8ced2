"""Who may be the same as a record that is being typed: a few candidates, without the
lists whose frequencies the matcher weighs by."""

from dataclasses import dataclass

from xero_sync.matching.candidates import ContactCandidate
from xero_sync.matching.item_candidate import ItemCandidate
from xero_sync.matching.names import Likeness, Name, likeness
from xero_sync.matching.normalise import folded
from xero_sync.matching.places import Address
from xero_sync.matching.reasons import AGREES
from xero_sync.matching.records import Field, Record, record_of

_NAMES = {
    Likeness.LOOSE: "similar name",
    Likeness.CLOSE: "similar name",
    Likeness.SAME: "same name",
    Likeness.IDENTICAL: "same name",
}


@dataclass(frozen=True, slots=True)
class Resemblance:
    """``rank`` puts the likeliest first; ``reasons`` are in plain words."""

    rank: int
    reasons: tuple[str, ...]


def contact_resemblance(
    one: ContactCandidate, other: ContactCandidate
) -> Resemblance | None:
    """None where nobody would take the two for one."""
    typed, known = record_of(one), record_of(other)
    shared = [
        AGREES[field]
        for field, mine, theirs in zip(Field, typed.values, known.values, strict=False)
        if set(mine) & set(theirs)
    ]
    named = likeness(Name(one.draft.name), Name(other.draft.name))
    placed = _same_place(typed, known)
    enough = Likeness.LOOSE if placed else Likeness.CLOSE
    if not shared and named < enough:
        return None
    reasons = [*shared, *([placed] if placed else []), *_named(named)]
    return Resemblance(3 * len(shared) + 2 * bool(placed) + named, tuple(reasons))


def item_resemblance(one: ItemCandidate, other: ItemCandidate) -> Resemblance | None:
    code = folded(one.draft.code)
    same_code = bool(code) and code == folded(other.draft.code)
    named = likeness(one.name, other.name)
    # Another size or pack differs in one short word.
    if not same_code and named < Likeness.SAME:
        return None
    reasons = [*(["same code"] if same_code else []), *_named(named)]
    return Resemblance(5 * same_code + named, tuple(reasons))


def _named(named: Likeness) -> list[str]:
    return [_NAMES[named]] if named in _NAMES else []


def _same_place(one: Record, other: Record) -> str:
    pairs = [(mine, theirs) for mine in one.places for theirs in other.places]
    if any(_is_at(mine, theirs) for mine, theirs in pairs):
        return AGREES[Field.PLACE]
    if any(mine.postcode and mine.postcode == his.postcode for mine, his in pairs):
        return "same postcode"
    return ""


def _is_at(one: Address, other: Address) -> bool:
    same_area = (one.postcode, one.town) == (other.postcode, other.town)
    return same_area and bool(one.street) and one.street == other.street
