"""How well a matcher did, against the truth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Counts of one run or, added up, of several.

    ``findable``: our records whose party is on the other side; ``linkable``: how many of
    them can have a partner of their own (a party may be on a side twice); ``right`` and
    ``wrong`` are automatic links; ``seen``: findable records that were linked rightly or
    put to a person together with a true partner; ``asked``: our records put to a person.
    """

    records: int = 0
    findable: int = 0
    linkable: int = 0
    right: int = 0
    wrong: int = 0
    seen: int = 0
    asked: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(
                getattr(self, name) + getattr(other, name)
                for name in self.__dataclass_fields__
            )
        )

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.linkable)

    @property
    def recall_with_review(self) -> float:
        return self.seen / max(1, self.findable)

    @property
    def asked_share(self) -> float:
        return self.asked / max(1, self.records)


def score(
    decisions: Iterable[tuple[str, str, str]],
    party_here: Mapping[str, int],
    party_there: Mapping[str, int],
) -> Score:
    """``decisions`` are (our id, their id, "auto" or "review")."""
    right = wrong = 0
    seen: set[str] = set()
    asked: set[str] = set()
    for ours, theirs, decision in decisions:
        is_true = party_here[ours] == party_there[theirs]
        if decision == "auto":
            right += is_true
            wrong += not is_true
        else:
            asked.add(ours)
        if is_true:
            seen.add(ours)
    here, there = _by_party(party_here), _by_party(party_there)
    return Score(
        records=len(party_here),
        findable=sum(len(here[key]) for key in here.keys() & there.keys()),
        linkable=sum(
            min(len(here[key]), len(there[key])) for key in here.keys() & there.keys()
        ),
        right=right,
        wrong=wrong,
        seen=len(seen),
        asked=len(asked),
    )


def _by_party(parties: Mapping[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for record, party in parties.items():
        found[party].append(record)
    return found
