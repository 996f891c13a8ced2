"""What an undo leaves, in sentences."""

import pytest

from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner import undo_inputs as reasons
from xero_sync.report.undo_words import left_words
from xero_sync.report.undoing import in_words

# Those of what is taken back.
_DONE = {
    reasons.MADE_BY_IT,
    reasons.LINKED_BY_IT,
    reasons.CHANGED_BY_IT,
    reasons.NUMBER_FREED,
}
LEFT = sorted(
    reason
    for name, reason in vars(reasons).items()
    if name.isupper() and isinstance(reason, str) and reason not in _DONE
)


def left(kind: Kind, title: str, reason: str) -> Change:
    return Change(
        step=Step.LEFT_AS_IT_IS,
        kind=kind,
        direction=Direction.NEITHER,
        action=Action.LEAVE,
        title=title,
        reason=reason,
    )


@pytest.mark.parametrize("reason", LEFT)
def test_each_reason_has_words_for_one_and_for_many(reason: str) -> None:
    one = left_words(1, Kind.INVOICE, reason)
    many = left_words(1200, Kind.INVOICE, reason)
    assert one.startswith("1 invoice ")
    assert many.startswith("1,200 invoices ")
    assert not one.endswith(f" is {reason}")
    assert " it " not in many.partition(", and Xero")[0]


def test_what_is_left_is_told_by_kind_and_reason() -> None:
    found = in_words(
        [
            left(Kind.CONTACT, "Castle Hotel", reasons.INVOICES_STAY),
            left(Kind.ITEM, "VAL22 Valve", reasons.INVOICES_STAY),
            left(Kind.CONTACT, "Dunes Bar", reasons.INVOICES_STAY),
            left(Kind.INVOICE, "INV-1001", reasons.MONEY_ON_IT),
            left(Kind.ITEM, "PIP15 Pipe", "used here since: on invoices"),
        ]
    )
    assert [(line.words, line.names) for line in found.left] == [
        ("2 contacts are on invoices that stay in Xero", "Castle Hotel, Dunes Bar"),
        ("1 stock item is on invoices that stay in Xero", "VAL22 Valve"),
        ("1 invoice has money received or credited on it in Xero", "INV-1001"),
        ("1 stock item is used here since: on invoices", "PIP15 Pipe"),
    ]
    assert found.left_count == 5
