"""What the planner of an undo is told, and the reasons that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xero_sync.outcomes.changes import FieldChange
from xero_sync.outcomes.kinds import Kind

CHANGED_THERE = "changed in Xero since"
CHANGED_HERE = "changed here since"
APPROVED_THERE = "approved in Xero since"
MONEY_ON_IT = "money has been received or credited on it in Xero"
CLOSED_BOOKS = "its day is in books that are closed in Xero"
NUMBER_USED = "its number, given when it was sent, stays used"
INVOICES_STAY = "invoices of it stay in Xero"
ARCHIVED_THERE = "Xero restores archived contacts only by hand"
ENDED_THERE = "what is void or deleted in Xero stays so"
DRAFT_REPLACED = "Xero does not keep what a draft said before"
NOT_THERE = "it is not in Xero any more"
BLANK_THERE = "it was blank in Xero before, and only Xero itself can empty it"
MERGED_THERE = "Xero has merged two contacts, or made an item anew"
MERGED_HERE = "merged into another record here since"
MONEY_STAYS = "what Xero says was received or credited stays"
CANCELLED_HERE = "cancelled here, because it was in Xero"
OTHER_SETTINGS = "the settings say another email or address since"
LATER_RUN = "a later sync has written it too"
MADE_BY_IT = "made by the sync that is undone"
LINKED_BY_IT = "linked by the sync that is undone"
CHANGED_BY_IT = "changed by the sync that is undone"
NUMBER_FREED = "Xero gives no number twice, so this one is given up to be sent again"


Value = str | int | None
Values = Mapping[str, Value]
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Deed:
    """A change that the run carried out, as its plan has it."""

    kind: Kind
    direction: str
    action: str
    title: str
    local_id: int
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """All that the run wrote into a record of ours, first to last. ``revision`` is the
    record's after it; ``kept``: why other parts of it cannot be taken back."""

    kind: Kind
    local_id: int
    title: str
    is_new: bool
    revision: int
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """A record of ours now. ``in_use``: what refers to it, in words."""

    revision: int
    values: Values
    in_use: str = ""
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class There:
    """Xero's partner of a record now. ``is_of_run``: the link was made by the run;
    ``sent_as``: the status in which an invoice came to Xero."""

    xero_id: str
    is_of_run: bool
    is_known: bool = True
    values: Values = field(default_factory=dict)
    is_archived: bool = False
    status: str = ""
    sent_as: str = ""
    has_money: bool = False
    is_closed: bool = False
    in_slots: bool = True
