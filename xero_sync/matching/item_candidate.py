"""An item of either list, in the forms in which it is looked for and compared."""

from dataclasses import dataclass
from functools import cached_property

from xero_sync.matching.item_names import aligned
from xero_sync.matching.item_text import (
    CUT,
    PERHAPS_CUT,
    Line,
    Token,
    letters_and_digits,
    line,
)
from xero_sync.matching.names import Name
from xero_sync.matching.normalise import folded
from xero_sync.matching.pairing import LocalId
from xero_sync.outcomes.drafts import ItemDraft

SHORTEST_NUMBER, SHORTEST_BARCODE = 4, 8
LONGEST_PREFIX = 5
# A number may be written in so many parts.
LONGEST_RUN = 3


@dataclass(frozen=True)
class ItemCandidate:
    """Ours has ``local_id``, Xero's has ``xero_id``. An item may be known by its sales
    description alone. Xero has no place for what follows the ids."""

    draft: ItemDraft
    local_id: LocalId = 0
    xero_id: str = ""
    manufacturer: str = ""
    mpn: str = ""
    barcode: str = ""
    unit: str = ""

    @cached_property
    def title(self) -> str:
        draft = self.draft
        # The code in place of a name is no name.
        named = draft.name if folded(draft.name) != folded(draft.code) else ""
        whole = self._name_in_full if len(named) >= PERHAPS_CUT else ""
        return whole or named or draft.description or draft.purchase_description

    @cached_property
    def _name_in_full(self) -> str:
        """Where Xero had no room for all of it, a description may go on from there."""
        start = folded(self.draft.name)
        texts = (self.draft.description, self.draft.purchase_description)
        return next(
            (text for text in texts if len(text) > CUT and folded(text[:CUT]) == start),
            "",
        )

    @cached_property
    def name(self) -> Name:
        return Name(self.title)

    @cached_property
    def line(self) -> Line:
        return line(self.title)

    @cached_property
    def more(self) -> tuple[Token, ...]:
        """Said elsewhere than in the name."""
        draft = self.draft
        texts = (
            draft.description,
            draft.purchase_description,
            self.manufacturer,
            self.mpn,
            *([self.unit] if any(map(str.isdecimal, self.unit)) else []),
        )
        said = dict.fromkeys(token for text in texts for token in line(text).tokens)
        return tuple(said)

    @cached_property
    def said_by_its_unit(self) -> frozenset[Token]:
        """And by nothing else."""
        draft = self.draft
        texts = (self.title, draft.description, draft.purchase_description, self.mpn)
        said = {token for text in texts for token in line(text).tokens}
        return frozenset(line(self.unit).tokens) - said

    @cached_property
    def tokens(self) -> frozenset[Token]:
        return frozenset(self.line.tokens) | frozenset(self.more)

    @cached_property
    def code_key(self) -> str:
        bare = letters_and_digits(self.draft.code)
        return bare.lstrip("0") or bare

    @cached_property
    def code_tail(self) -> str:
        """The code without what a supplier or a program set before it."""
        parts = (
            folded(self.draft.code).replace("/", "-").replace(" ", "-").split("-", 1)
        )
        if len(parts) < 2 or len(parts[0]) > LONGEST_PREFIX or not parts[0].isalpha():
            return ""
        tail = letters_and_digits(parts[1]).lstrip("0")
        return tail if is_a_number(tail) else ""

    @cached_property
    def mpn_key(self) -> str:
        key = letters_and_digits(self.mpn)
        return key if is_a_number(key) else ""

    @cached_property
    def barcode_key(self) -> str:
        digits = "".join(sign for sign in self.barcode if sign.isdecimal()).lstrip("0")
        return digits if len(digits) >= SHORTEST_BARCODE else ""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All that may be a number of some list in its texts, as letters and digits."""
        draft = self.draft
        runs: set[str] = {self.code_key, self.code_tail, self.mpn_key, self.barcode_key}
        for text in {draft.name, draft.description, draft.purchase_description}:
            parts = [letters_and_digits(part) for part in _parts(text)]
            runs.update(
                "".join(parts[start : start + size])
                for size in range(1, LONGEST_RUN + 1)
                for start in range(len(parts) - size + 1)
            )
        bare = {run.lstrip("0") for run in runs}
        return frozenset(run for run in runs | bare if is_a_number(run))


def is_copy(one: ItemCandidate, other: ItemCandidate) -> bool:
    """Two of one side that are the same thing written down twice."""
    if not _are_named_alike(one, other):
        return False
    if (
        one.manufacturer
        and other.manufacturer
        and one.manufacturer != other.manufacturer
    ):
        return False
    here, there = one.draft, other.draft
    same_prices = (here.sell_price, here.cost_price) == (
        there.sell_price,
        there.cost_price,
    )
    return any(
        (
            one.code_key and one.code_key == other.code_key,
            one.mpn_key and one.mpn_key == other.mpn_key,
            here.sell_price and here.cost_price and same_prices,
        )
    )


def _are_named_alike(one: ItemCandidate, other: ItemCandidate) -> bool:
    """Or one in another spelling, with what either leaves out said elsewhere."""
    if frozenset(one.line.tokens) == frozenset(other.line.tokens):
        return True
    names = aligned(one.line.tokens, other.line.tokens, lambda word: True)
    return (
        bool(names.shared)
        and set(names.left) <= other.tokens
        and set(names.right) <= one.tokens
    )


def is_repeated(one: ItemCandidate, other: ItemCandidate) -> bool:
    """A copy in all that tells items apart: both prices known, and no two numbers."""
    here, there = one.draft, other.draft
    return (
        is_copy(one, other)
        and bool(here.sell_price and here.cost_price)
        and (here.sell_price, here.cost_price) == (there.sell_price, there.cost_price)
        and all(
            not mine or not others or mine == others
            for mine, others in (
                (one.code_key, other.code_key),
                (one.mpn_key, other.mpn_key),
                (one.barcode_key, other.barcode_key),
            )
        )
    )


def _parts(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()


def is_a_number(key: str) -> bool:
    return len(key) >= SHORTEST_NUMBER and any(map(str.isdecimal, key))
