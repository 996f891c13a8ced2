"""The plan of an undo as a function of what was done and what is so now."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest

from xero_sync.outcomes.changes import Change, FieldChange
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner.undo_inputs import (
    APPROVED_THERE,
    ARCHIVED_THERE,
    BLANK_THERE,
    CHANGED_HERE,
    CHANGED_THERE,
    CLOSED_BOOKS,
    INVOICES_STAY,
    LATER_RUN,
    MERGED_HERE,
    MONEY_ON_IT,
    NOT_THERE,
    NUMBER_USED,
    OTHER_SETTINGS,
    Deed,
    Here,
    Key,
    There,
    Written,
)
from xero_sync.planner.undoing import UndoPlanner

Said = list[tuple[Step, Action, str, tuple[FieldChange, ...]]]


def sent(
    kind: Kind = Kind.CONTACT,
    action: Action = Action.CREATE,
    *fields: FieldChange,
    local_id: int = 1,
) -> Deed:
    return Deed(kind, Direction.TO_XERO, action, "Castle Hotel", local_id, fields)


def plan(
    *deeds: Deed,
    there: Mapping[Key, There] | None = None,
    written: Collection[Written] = (),
    here: Here | None = None,
    **more: Any,
) -> list[Change]:
    return UndoPlanner(
        deeds=deeds,
        written=list(written),
        here={(Kind.CONTACT, 1): here} if here else {},
        there=there or {},
        **more,
    ).changes()


def said(changes: list[Change]) -> Said:
    return [(one.step, one.action, one.reason, one.fields) for one in changes]


def actions(changes: list[Change]) -> list[tuple[Kind, Action]]:
    return [(one.kind, one.action) for one in changes]


def left(changes: list[Change]) -> list[str]:
    assert all(one.action is Action.LEAVE for one in changes)
    return [one.reason for one in changes]


NAME = FieldChange("name", None, "Castle Hotel")
PHONE = FieldChange("phone", "1", "2")
AS_MADE = There("x1", True, values={"name": "Castle Hotel"})
CONTACT: Key = (Kind.CONTACT, 1)
ITEM: Key = (Kind.ITEM, 1)
INVOICE: Key = (Kind.INVOICE, 1)


# --- made in Xero ---------------------------------------------------------------------


def test_a_contact_made_there_is_archived_and_unlinked() -> None:
    changes = plan(sent(Kind.CONTACT, Action.CREATE, NAME), there={CONTACT: AS_MADE})
    assert actions(changes) == [
        (Kind.CONTACT, Action.ARCHIVE),
        (Kind.CONTACT, Action.UNLINK),
    ]
    assert {change.xero_id for change in changes} == {"x1"}


def test_an_item_made_there_is_deleted_and_unlinked() -> None:
    deed = sent(Kind.ITEM, Action.CREATE, NAME)
    assert actions(plan(deed, there={ITEM: AS_MADE})) == [
        (Kind.ITEM, Action.DELETE),
        (Kind.ITEM, Action.UNLINK),
    ]


@pytest.mark.parametrize(
    ("partner", "more", "reason"),
    [
        (There("x1", True, values={"name": "Other"}), {}, CHANGED_THERE),
        (AS_MADE, {"invoices_of": {"x1": frozenset({"bill"})}}, INVOICES_STAY),
        (There("x1", True, values={}, in_slots=False), {}, OTHER_SETTINGS),
    ],
)
def test_a_contact_made_there_stays(
    partner: There, more: dict[str, Any], reason: str
) -> None:
    deed = sent(Kind.CONTACT, Action.CREATE, NAME)
    assert left(plan(deed, there={CONTACT: partner}, **more)) == [reason]


def test_one_that_is_archived_already_only_loses_its_link() -> None:
    partner = There("x1", True, values={}, is_archived=True)
    deed = sent(Kind.CONTACT, Action.CREATE, NAME)
    assert actions(plan(deed, there={CONTACT: partner})) == [
        (Kind.CONTACT, Action.UNLINK)
    ]


def test_what_was_merged_away_with_its_link_is_named_once() -> None:
    deeds = [sent(), sent(Kind.CONTACT, Action.UPDATE, PHONE)]
    assert left(plan(*deeds, merged={CONTACT})) == [MERGED_HERE]
    linked = plan(sent(), there={CONTACT: There("x1", True)}, merged={CONTACT})
    assert actions(linked) == [
        (Kind.CONTACT, Action.ARCHIVE),
        (Kind.CONTACT, Action.UNLINK),
    ]


def test_what_has_no_link_any_more_is_undone_already() -> None:
    assert plan(sent(Kind.CONTACT, Action.CREATE, NAME)) == []


# --- invoices -------------------------------------------------------------------------


def invoice(status: str, **values: Any) -> There:
    return There("i1", True, values={"total": "12.00"}, status=status, **values)


TOTAL = FieldChange("total", None, "12.00")


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("AUTHORISED", Action.VOID),
        ("DRAFT", Action.DELETE),
        ("SUBMITTED", Action.DELETE),
    ],
)
def test_a_sent_invoice_ends_as_its_status_allows(status: str, action: Action) -> None:
    deed = sent(Kind.INVOICE, Action.CREATE, TOTAL)
    changes = plan(deed, there={INVOICE: invoice(status)})
    assert actions(changes) == [(Kind.INVOICE, action), (Kind.INVOICE, Action.UNLINK)]


@pytest.mark.parametrize(
    ("partner", "later", "reason"),
    [
        (invoice("PAID", has_money=True), (), MONEY_ON_IT),
        (invoice("AUTHORISED", is_closed=True), (), CLOSED_BOOKS),
        (invoice("AUTHORISED", sent_as="SUBMITTED"), (), APPROVED_THERE),
        (invoice("AUTHORISED"), (INVOICE,), LATER_RUN),
        (There("i1", True, is_known=False), (), NOT_THERE),
        (There("i1", True, values={"total": "13"}, status="DRAFT"), (), CHANGED_THERE),
    ],
)
def test_a_sent_invoice_stays(
    partner: There, later: Collection[Key], reason: str
) -> None:
    deed = sent(Kind.INVOICE, Action.CREATE, TOTAL)
    assert left(plan(deed, there={INVOICE: partner}, written_later=later)) == [reason]


def test_its_number_is_given_up_before_it_ends() -> None:
    values = {"total": "12.00", "number": "INV-7"}
    partner = There("i1", True, values=values, status="AUTHORISED")
    deed = sent(Kind.INVOICE, Action.CREATE, TOTAL)
    changes = plan(deed, there={INVOICE: partner}, mark="u3")
    assert actions(changes) == [
        (Kind.INVOICE, Action.UPDATE),
        (Kind.INVOICE, Action.VOID),
        (Kind.INVOICE, Action.UNLINK),
    ]
    assert changes[0].fields == (FieldChange("number", "INV-7", "INV-7 u3"),)
    over = plan(deed, there={INVOICE: replace(partner, status="VOIDED")})
    assert actions(over) == [(Kind.INVOICE, Action.UNLINK)]


def test_whose_invoices_end_with_it_goes_and_whose_stay_stays() -> None:
    deeds = (
        sent(Kind.INVOICE, Action.CREATE, TOTAL),
        sent(Kind.CONTACT, Action.CREATE, NAME),
    )
    of_it = {"x1": frozenset({"i1"})}
    both = {CONTACT: AS_MADE, INVOICE: invoice("AUTHORISED")}
    assert (Kind.CONTACT, Action.ARCHIVE) in actions(
        plan(*deeds, there=both, invoices_of=of_it)
    )

    paid = both | {INVOICE: invoice("PAID", has_money=True)}
    assert left(plan(*deeds, there=paid, invoices_of=of_it)) == [
        MONEY_ON_IT,
        INVOICES_STAY,
    ]


# --- fields ---------------------------------------------------------------------------


def test_a_field_that_still_says_what_was_sent_goes_back_in_xero() -> None:
    partner = There("x1", False, values={"phone": "2", "mobile": "9", "email": "new"})
    deed = sent(
        Kind.CONTACT,
        Action.UPDATE,
        PHONE,
        FieldChange("mobile", "7", "8"),
        FieldChange("email", "", "new"),
    )
    assert said(plan(deed, there={CONTACT: partner})) == [
        (
            Step.UNDONE_IN_XERO,
            Action.UPDATE,
            "changed by the sync that is undone",
            (FieldChange("phone", "2", "1"),),
        ),
        (
            Step.LEFT_AS_IT_IS,
            Action.LEAVE,
            CHANGED_THERE,
            (FieldChange("mobile", "8", "9"),),
        ),
        (
            Step.LEFT_AS_IT_IS,
            Action.LEAVE,
            BLANK_THERE,
            (FieldChange("email", "", "new"),),
        ),
    ]


def test_what_is_as_before_already_is_nothing_to_do() -> None:
    partner = There("x1", False, values={"phone": "1"})
    deed = sent(Kind.CONTACT, Action.UPDATE, PHONE)
    assert plan(deed, there={CONTACT: partner}) == []


def test_what_was_archived_there_is_named() -> None:
    partner = There("x1", False, is_archived=True)
    deed = sent(Kind.CONTACT, Action.ARCHIVE)
    assert left(plan(deed, there={CONTACT: partner})) == [ARCHIVED_THERE]


def written(**values: Any) -> Written:
    defaults: dict[str, Any] = {"is_new": False, "revision": 2}
    return Written(Kind.CONTACT, 1, "Castle Hotel", **defaults | values)


def test_here_a_field_goes_back_unless_a_person_has_changed_it() -> None:
    one = written(before={"phone": "1", "fax": "3"}, after={"phone": "2", "fax": "4"})
    changes = plan(written=[one], here=Here(3, {"phone": "2", "fax": "5"}))
    assert [(c.action, c.reason, c.fields) for c in changes] == [
        (
            Action.UPDATE,
            "changed by the sync that is undone",
            (FieldChange("phone", "2", "1"),),
        ),
        (Action.LEAVE, CHANGED_HERE, (FieldChange("fax", "4", "5"),)),
    ]


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (Here(2, {}), CHANGED_HERE),
        (Here(1, {}, in_use="on invoices"), "used here since: on invoices"),
        (Here(1, {}, is_merged=True), MERGED_HERE),
    ],
)
def test_what_was_made_here_stays_once_somebody_has_touched_it(
    here: Here, reason: str
) -> None:
    one = written(is_new=True, revision=1)
    assert left(plan(written=[one], here=here)) == [reason]
    (change,) = plan(written=[one], here=Here(1, {}))
    assert (change.action, change.direction) == (Action.DELETE, Direction.TO_US)


def test_a_number_given_stays_used() -> None:
    one = Written(Kind.INVOICE, 1, "INV-1", False, 2, kept=(NUMBER_USED,))
    assert left(plan(written=[one])) == [NUMBER_USED]


def test_a_link_stays_while_invoices_of_it_do() -> None:
    deed = Deed(Kind.CONTACT, Direction.NEITHER, Action.LINK, "Castle Hotel", 1)
    linked = {CONTACT: There("x1", True), INVOICE: There("i1", False)}
    of_it = {"x1": frozenset({"i1"})}
    assert left(plan(deed, there=linked, invoices_of=of_it)) == [INVOICES_STAY]
    assert actions(plan(deed, there=linked)) == [(Kind.CONTACT, Action.UNLINK)]
