"""What the words about a trouble are made of, and the limits that they name."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xero_sync.outcomes.authority import CONTACT_FIELDS, ITEM_FIELDS, Rule


class Control(StrEnum):
    """What a person can do about a record in its row of the report."""

    FIELD = "field"  # correct the one bad value
    CHOICE = "choice"  # choose another value from a list
    PAIR = "pair"  # link, it is new, not the same
    ACCEPT = "accept"  # take over Xero's value
    RECORD = "record"  # put it right on the record's own page
    XERO = "xero"  # put it right in Xero
    BRING_BACK = "bring_back"  # our value again, or Xero's kept
    NONE = "none"  # nothing but to try again


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` heads the group; ``note`` is about the one record and names values of the
    issue in braces, ``at_field`` says it where the value is in sight, ``in_file`` follows
    the name of a file's column. ``is_held``: it waits for somebody, it did not fail."""

    title: str
    why: str
    fix: str
    control: Control = Control.NONE
    note: str = ""
    at_field: str = ""
    in_file: str = ""
    is_held: bool = False
    also_pair: bool = False


def _limit(rules: Iterable[Rule], field: str) -> int | None:
    return next(rule.limit for rule in rules if rule.field == field)


# The numbers in force: the owner's for stock names, Xero's for all else.
XERO_NAME_LIMIT = _limit(ITEM_FIELDS, "name")
XERO_CODE_LIMIT = _limit(ITEM_FIELDS, "code")
CONTACT_NAME_LIMIT = _limit(CONTACT_FIELDS, "name")
LONGER_THAN_XERO_TAKES = "is {length} characters long; Xero takes {limit}"
