"""What the seed makes go wrong between us and Xero: each kind is armed in some histories,
and fires now and then while it is armed."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

# Of the kinds that stop a run, few in most histories, so that others come to their turn.
ARMED = (0.03, 0.08, 0.2)
ARMED_OF_HARMLESS = 0.25
RATES = (0.1, 0.25, 0.5)
PAGE_SIZES = (2, 3, 5)

# before the call arrives
BEFORE = ("refused", "reset_before", "outage")
# Xero answers something else than what was asked
INSTEAD = (
    "offline",
    "maintenance",
    "status_500",
    "status_502",
    "status_504",
    "limit_minute",
    "limit_day",
    "limit_concurrent",
    "token_expired",
    "too_large",
)
# it was done, and the answer suffers on the way
AFTER = (
    "answer_lost",
    "half_json",
    "html_200",
    "error_body_200",
    "key_busy",
    "key_forgotten",
    "slow",
)
# the answer is not quite what the manual says
WRONG = (
    "other_order",
    "one_missing",
    "same_page_twice",
    "unknown_fields",
    "unknown_status",
    "wrong_item_count",
    "whole_batch_refused",
    "small_pages",
)
# Xero itself is not as it was
AROUND = (
    "others_use_the_window",
    "own_write_not_visible",
    "edit_not_visible",
    "edit_between_pages",
    "refresh_lost",
)
KINDS = BEFORE + INSTEAD + AFTER + WRONG + AROUND
HARMLESS = WRONG + AROUND


@dataclass
class Faults:
    """``fired`` counts over all histories; ``count`` over this one."""

    chance: Random
    fired: Counter[str] = field(default_factory=Counter)
    armed: dict[str, float] = field(default_factory=dict)
    on: bool = False
    count: int = 0
    page_size: int = 0

    def arm(self, featured: str) -> None:
        """Some by chance, and one in its turn."""
        share = self.chance.choice(ARMED)
        self.armed = {
            kind: self.chance.choice(RATES)
            for kind in KINDS
            if self.chance.random() < (ARMED_OF_HARMLESS if kind in HARMLESS else share)
        }
        self.armed.setdefault(featured, self.chance.choice(RATES))
        self.page_size = self.chance.choice(PAGE_SIZES)
        self.on = True

    def fires(self, kind: str) -> bool:
        if not self.on or kind not in self.armed:
            return False
        if self.chance.random() >= self.armed[kind]:
            return False
        self.note(kind)
        return True

    def note(self, kind: str) -> None:
        self.fired[kind] += 1
        self.count += 1

    @property
    def pages_are_small(self) -> bool:
        """For as long as the trouble lasts: Xero does not change its mind on the way."""
        return self.on and "small_pages" in self.armed

    def one_of(self, kinds: tuple[str, ...]) -> str:
        return next((kind for kind in kinds if self.fires(kind)), "")
