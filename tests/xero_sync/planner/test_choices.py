"""Who wins when two records are linked for the first time: people, then the whole list."""

from dataclasses import replace
from typing import Any

import pytest

from tests.xero_sync.planner.test_contacts import ours, theirs
from xero_sync.outcomes.authority import CONTACT_FIELDS
from xero_sync.outcomes.changes import CHOSEN, Change
from xero_sync.outcomes.drafts import ContactDraft, ItemDraft, RemoteItem
from xero_sync.outcomes.kinds import Action, Direction, Step
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import LocalItem, Pair
from xero_sync.planner.items import ItemPlanner
from xero_sync.planner.merge import merge

HERE = ContactDraft(
    name="Castle Hotel", phone="028 1", email="a@castle.example", fax="7"
)
THERE = ContactDraft(name="Castle Hotel Ltd", phone="029 2", tax_number="GB1")


def linked(
    choices: dict[str, str] | None = None, *, ours_first: bool = False
) -> list[Change]:
    pair = Pair(1, "x1", True, ("same phone",), choices=choices or {})
    planner = ContactPlanner(
        [ours(1, HERE)], [theirs("x1", THERE)], [], [pair], ours_first=ours_first
    )
    return planner.changes()


def told(changes: list[Change]) -> dict[str, dict[str, Any]]:
    """By direction, what each field becomes."""
    return {
        str(one.direction): {field.name: field.after for field in one.fields}
        for one in changes
    }


def test_nobody_chose_so_xero_wins_and_blanks_are_filled_both_ways() -> None:
    changes = linked()

    assert told(changes) == {
        Direction.NEITHER: {
            "name": "Castle Hotel Ltd",
            "phone": "029 2",
            "tax_number": "GB1",
        },
        Direction.TO_XERO: {"email": "a@castle.example", "fax": "7"},
    }
    assert [one.name for one in changes[0].losers] == ["name", "phone"]
    assert changes[1].reason == "changed here"


def test_who_keeps_ours_keeps_what_both_have_and_takes_what_only_xero_has() -> None:
    changes = linked(ours_first=True)

    assert told(changes) == {
        Direction.NEITHER: {"tax_number": "GB1"},
        Direction.TO_XERO: {
            "name": "Castle Hotel",
            "phone": "028 1",
            "email": "a@castle.example",
            "fax": "7",
        },
    }
    assert changes[0].losers == ()


@pytest.mark.parametrize("ours_first", [False, True])
def test_a_persons_choice_goes_before_the_whole_list(ours_first: bool) -> None:
    changes = linked({"name": "ours", "phone": "theirs"}, ours_first=ours_first)

    found = told(changes)
    assert found[Direction.TO_XERO]["name"] == "Castle Hotel"
    assert found[Direction.NEITHER]["phone"] == "029 2"
    assert [one.name for one in changes[0].losers] == ["phone"]
    assert changes[1].reason == CHOSEN


def test_a_blank_that_was_chosen_empties_the_other_side() -> None:
    changes = linked({"tax_number": "ours", "fax": "theirs"})

    found = told(changes)
    assert found[Direction.TO_XERO]["tax_number"] == ""
    assert found[Direction.NEITHER]["fax"] == ""
    assert "fax" in [one.name for one in changes[0].losers]


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_what_xero_cannot_be_sent_blank_is_filled_whatever_was_chosen(
    side: str,
) -> None:
    changes = linked({"email": side})

    assert told(changes)[Direction.TO_XERO]["email"] == "a@castle.example"


def test_what_only_xero_says_is_xeros() -> None:
    merged = merge(
        None,
        replace(HERE, website="https://ours.example"),
        replace(HERE, website="https://theirs.example"),
        CONTACT_FIELDS,
        (),
        choices={"website": "ours"},
    )

    assert [one.after for one in merged.to_us] == ["https://theirs.example"]
    assert merged.to_xero == ()


def test_items_obey_as_well() -> None:
    here = ItemDraft(code="PIPE", name="Pipe", description="ours")
    there = ItemDraft(code="PIPE", name="Pipes", description="theirs")
    pair = Pair(1, "x1", True, (), choices={"name": "ours"})
    changes = ItemPlanner(
        [LocalItem(1, "u1", 1, here, False)],
        [RemoteItem("x1", None, there)],  # type: ignore[arg-type]
        [],
        [pair],
    ).changes()

    assert told(changes) == {
        Direction.NEITHER: {"description": "theirs"},
        Direction.TO_XERO: {"name": "Pipe"},
    }


def archived(**pairs: Any) -> list[Change]:
    planner = ContactPlanner(
        [ours(1, HERE)],
        [theirs("x1", THERE), theirs("x2", THERE, customer=False)],
        [],
        pairs.get("pairs", []),
        to_archive=frozenset({"x1", "x2"}),
    )
    return [one for one in planner.changes() if one.xero_id == "x1"]


def test_what_a_person_ticked_is_archived_in_xero_and_not_brought_here() -> None:
    [change] = archived()

    assert (change.action, change.direction, change.local_id, change.step) == (
        Action.ARCHIVE,
        Direction.TO_XERO,
        None,
        Step.CUSTOMERS_TO_XERO,
    )
    assert change.reason == CHOSEN


def test_a_tick_says_nothing_about_one_that_has_a_twin() -> None:
    for certain, action in ((True, Action.LINK), (False, Action.HOLD)):
        found = archived(pairs=[Pair(1, "x1", certain, ("same name",))])
        assert action in {one.action for one in found}
        assert Action.ARCHIVE not in {one.action for one in found}
