"""A planned change: what will be done to one record, and why. The preview is the plan."""

from dataclasses import dataclass, field

import msgspec

from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step

# The reason of what a person asked for in so many words: nobody is asked again.
CHOSEN = "chosen by a person"
WRITES_NOTHING = (
    *(Action.HOLD, Action.REFUSE, Action.LEAVE_OUT, Action.NOTE),
    Action.LEAVE,
)


class FieldChange(msgspec.Struct, frozen=True, gc=False):
    """``before`` and ``after`` as JSON can say them: text, whole number or None."""

    name: str
    before: str | int | None
    after: str | int | None


@dataclass(frozen=True, slots=True)
class Change:
    """``local_id`` is our row, None when it is to be made here; ``revision`` is the
    row's when this was planned. ``losers`` are fields where Xero's value replaced one
    that had changed here too."""

    step: Step
    kind: Kind
    direction: Direction
    action: Action
    title: str
    reason: str
    local_id: int | None = None
    xero_id: str = ""
    revision: int | None = None
    fields: tuple[FieldChange, ...] = ()
    losers: tuple[FieldChange, ...] = ()
    code: IssueCode | None = None
    field_name: str = ""
    details: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.action not in WRITES_NOTHING


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one record is not ready: ``field_name`` is ours, ``details`` feed the words."""

    code: IssueCode
    field_name: str = ""
    details: dict[str, str] = field(default_factory=dict)
