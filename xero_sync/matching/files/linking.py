"""From two files to a third: who is whom, each with a decision, a score and reasons."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from xero_sync.matching.contacts import match_contacts
from xero_sync.matching.files.contacts import our_contacts, xero_contacts
from xero_sync.matching.files.items import our_items, xero_items
from xero_sync.matching.files.reading import FileRefused
from xero_sync.matching.items import match_items
from xero_sync.matching.pairing import LocalId, Match

KINDS = ("contacts", "items")
AUTO, REVIEW = "auto", "review"
# What is left of a score after its reasons: two records taken at random are strangers.
AMONG_ALL = "one of so many"
ROUNDING = 0.1


@dataclass(frozen=True, slots=True)
class Linked:
    """``asked`` is how many of ours are put to a person, in ``review`` pairs."""

    ours: int
    theirs: int
    auto: int
    review: int
    asked: int


class Line(msgspec.Struct):
    left_id: LocalId
    right_id: str
    decision: str
    score: float
    reasons: list[str]


def link_files(kind: str, left: Path, right: Path, out: Path) -> Linked:
    """Nothing is written unless both files are read to their ends."""
    _check_out(out, left, right)
    if kind == "items":
        items, their_items = list(our_items(left)), list(xero_items(right))
        ids = [item.local_id for item in items]
        items = [replace(item, local_id=at) for at, item in enumerate(items)]
        theirs, matches = len(their_items), match_items(items, their_items)
    else:
        contacts, their_contacts = list(our_contacts(left)), list(xero_contacts(right))
        ids = [contact.local_id for contact in contacts]
        contacts = [replace(one, local_id=at) for at, one in enumerate(contacts)]
        theirs, matches = len(their_contacts), match_contacts(contacts, their_contacts)
    _write(out, sorted((_line(match, ids) for match in matches), key=_best_first))
    doubtful = [match.local_id for match in matches if not match.certain]
    return Linked(
        ours=len(ids),
        theirs=theirs,
        auto=len(matches) - len(doubtful),
        review=len(doubtful),
        asked=len(set(doubtful)),
    )


def _line(match: Match, ids: Sequence[LocalId]) -> Line:
    return Line(
        # They are matched by their places: a list may have numbers and texts for ids.
        left_id=ids[int(match.local_id)],
        right_id=match.xero_id,
        decision=AUTO if match.certain else REVIEW,
        score=round(match.score, 2),
        reasons=_weighed(match),
    )


def _weighed(match: Match) -> list[str]:
    if not match.bits:
        return list(match.reasons)
    told = [
        f"{reason} ({bits:+.1f})" if abs(bits) >= ROUNDING / 2 else reason
        for reason, bits in zip(match.reasons, match.bits, strict=True)
    ]
    rest = match.score - sum(match.bits)
    return told if abs(rest) < ROUNDING else [*told, f"{AMONG_ALL} ({rest:+.1f})"]


def _best_first(line: Line) -> tuple[bool, float, str, str]:
    return line.decision != AUTO, -line.score, str(line.left_id), line.right_id


def _check_out(out: Path, *inputs: Path) -> None:
    if not out.parent.is_dir():
        raise FileRefused(
            f"{out.parent} is not a folder: nothing can be written there."
        )
    if out.is_dir():
        raise FileRefused(f"{out} is a folder.")
    if out.resolve() in [path.resolve() for path in inputs]:
        raise FileRefused(f"{out} would be written over a list that is read.")


def _write(out: Path, lines: Iterable[Line]) -> None:
    """Beside its place first: nobody reads half a file."""
    encode = msgspec.json.Encoder().encode
    try:
        with tempfile.NamedTemporaryFile(
            dir=out.parent, prefix=f".{out.name}.", delete=False
        ) as file:
            beside = Path(file.name)
            try:
                file.writelines(encode(line) + b"\n" for line in lines)
                file.close()
                beside.chmod(0o644)
                beside.replace(out)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileRefused(f"{out} cannot be written: {error.strerror}.") from error
