"""An undo in words, before it is asked for: what it does, counted, and what it leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import pluralize

from xero_sync.models import SyncRun, SyncSettings
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.planner.undo_inputs import MADE_BY_IT
from xero_sync.report.undo_words import left_words
from xero_sync.report.wording import counted
from xero_sync.steps.undoing.footprint import plan_undo

NAMES_SHOWN = 5


@dataclass(frozen=True)
class UndoLine:
    """ "12 contacts that it made in Xero are archived there" """

    words: str
    titles: Sequence[str]

    @property
    def names(self) -> str:
        shown = ", ".join(self.titles[:NAMES_SHOWN])
        more = len(self.titles) - NAMES_SHOWN
        return f"{shown} and {more:,} more" if more > 0 else shown


@dataclass(frozen=True)
class UndoPreview:
    in_xero: Sequence[UndoLine]
    here: Sequence[UndoLine]
    left: Sequence[UndoLine]
    left_count: int
    archives: bool
    ends_invoices: bool

    @property
    def does_something(self) -> bool:
        return bool(self.in_xero or self.here)

    @property
    def in_short(self) -> str:
        """What a person ticks: all counts in one sentence."""
        parts = [line.words for line in (*self.in_xero, *self.here)]
        said = "; ".join(parts)
        if not self.left_count:
            return f"{said}."
        thing = pluralize(self.left_count, "thing,things")
        return f"{said}; {self.left_count:,} {thing} cannot be taken back."


def undo_preview(run: SyncRun) -> UndoPreview:
    return in_words(plan_undo(run, SyncSettings.current()))


def in_words(changes: Sequence[Change]) -> UndoPreview:
    left = [one for one in changes if one.action is Action.LEAVE]
    return UndoPreview(
        in_xero=_lines(_IN_XERO, changes),
        here=_lines(_HERE, changes),
        left=_left(left),
        left_count=len(left),
        archives=any(one.action is Action.ARCHIVE for one in changes),
        ends_invoices=any(
            one.kind is Kind.INVOICE and one.direction is Direction.TO_XERO
            for one in changes
        ),
    )


Wanted = Callable[[Change], bool]
Words = Callable[[Sequence[Change]], str]


def _is(kind: Kind, action: Action, direction: Direction) -> Wanted:
    def wanted(change: Change) -> bool:
        said = (change.kind, change.action, change.direction)
        return said == (kind, action, direction)

    return wanted


def _records(kind: Kind, one: str, many: str) -> Words:
    def words(changes: Sequence[Change]) -> str:
        count = len(changes)
        return f"{counted(count, kind)} {one if count == 1 else many}"

    return words


def _fields(where: str) -> Words:
    def words(changes: Sequence[Change]) -> str:
        count = sum(len(change.fields) for change in changes)
        verb = "is" if count == 1 else "are"
        return f"{count:,} field{pluralize(count)} {verb} put back {where}"

    return words


def _unlinked(changes: Sequence[Change]) -> str:
    count = len(changes)
    verb = "is" if count == 1 else "are"
    return f"{count:,} record{pluralize(count)} {verb} no longer linked"


_XERO, _US = Direction.TO_XERO, Direction.TO_US
_IN_XERO: tuple[tuple[Wanted, Words], ...] = (
    (
        _is(Kind.CONTACT, Action.ARCHIVE, _XERO),
        _records(
            Kind.CONTACT,
            "made in Xero is archived there",
            "made in Xero are archived there",
        ),
    ),
    (
        _is(Kind.ITEM, Action.DELETE, _XERO),
        _records(
            Kind.ITEM,
            "made in Xero is deleted there",
            "made in Xero are deleted there",
        ),
    ),
    (
        _is(Kind.INVOICE, Action.VOID, _XERO),
        _records(
            Kind.INVOICE,
            "sent to Xero is voided there",
            "sent to Xero are voided there",
        ),
    ),
    (
        _is(Kind.INVOICE, Action.DELETE, _XERO),
        _records(
            Kind.INVOICE,
            "not approved in Xero is deleted there",
            "not approved in Xero are deleted there",
        ),
    ),
    (
        _is(Kind.INVOICE, Action.UPDATE, _XERO),
        _records(
            Kind.INVOICE,
            "gives up its number in Xero, to be sent again",
            "give up their numbers in Xero, to be sent again",
        ),
    ),
    (
        lambda one: (
            one.action is Action.UPDATE
            and one.direction is _XERO
            and one.kind is not Kind.INVOICE
        ),
        _fields("in Xero"),
    ),
)
_HERE: tuple[tuple[Wanted, Words], ...] = (
    (
        _is(Kind.CONTACT, Action.DELETE, _US),
        _records(
            Kind.CONTACT,
            "brought in from Xero is removed here",
            "brought in from Xero are removed here",
        ),
    ),
    (
        _is(Kind.ITEM, Action.DELETE, _US),
        _records(
            Kind.ITEM,
            "brought in from Xero is removed here",
            "brought in from Xero are removed here",
        ),
    ),
    (
        lambda one: one.action is Action.UPDATE and one.direction is _US,
        _fields("here"),
    ),
    (
        lambda one: one.action is Action.UNLINK and one.reason != MADE_BY_IT,
        _unlinked,
    ),
)


def _lines(
    rules: Iterable[tuple[Wanted, Words]], changes: Sequence[Change]
) -> list[UndoLine]:
    found = []
    for wanted, words in rules:
        those = [change for change in changes if wanted(change)]
        if those:
            found.append(UndoLine(words(those), [one.title for one in those]))
    return found


def _left(changes: Sequence[Change]) -> list[UndoLine]:
    """By what they are and the reason, which stands on the run's page afterwards."""
    found: dict[tuple[Kind, str], list[str]] = {}
    for one in changes:
        found.setdefault((one.kind, one.reason), []).append(one.title)
    return [
        UndoLine(left_words(len(titles), kind, reason), titles)
        for (kind, reason), titles in found.items()
    ]
