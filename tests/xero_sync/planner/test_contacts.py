"""The plan for contacts."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.outcomes.kinds import Action, Direction, Step
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import Linked, LocalContact, Pair

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def ours(
    number: int,
    draft: ContactDraft,
    *,
    customer: bool = True,
    supplier: bool = False,
    archived: bool = False,
    only_cancelled: bool = False,
) -> LocalContact:
    return LocalContact(
        id=number,
        uid=f"uid-{number}",
        revision=1,
        draft=draft,
        is_customer=customer,
        is_supplier=supplier,
        is_archived=archived,
        only_cancelled=only_cancelled,
    )


def theirs(
    xero_id: str,
    draft: ContactDraft,
    *,
    customer: bool = True,
    supplier: bool = False,
    archived: bool = False,
    merged_into: str = "",
) -> RemoteContact:
    return RemoteContact(
        xero_id=xero_id,
        updated_at=LONG_AGO,
        draft=draft,
        is_customer=customer,
        is_supplier=supplier,
        is_archived=archived,
        merged_into=merged_into,
    )


def plan(
    locals_: list[LocalContact],
    remotes: list[RemoteContact],
    *,
    links: list[Linked[ContactDraft]] | None = None,
    pairs: list[Pair] | None = None,
) -> list[Change]:
    return ContactPlanner(locals_, remotes, links or [], pairs or []).changes()


def brief(changes: list[Change]) -> list[tuple[Action, Direction, int | None, str]]:
    return [(one.action, one.direction, one.local_id, one.xero_id) for one in changes]


CASTLE = ContactDraft(name="Castle Hotel", account_number="C1")
SURE = Pair(1, "x1", True, ("same account number",))
DOUBT = Pair(1, "x1", False, ("same name",))


def test_a_customer_is_made_in_xero() -> None:
    [change] = plan([ours(1, CASTLE)], [])

    assert brief([change]) == [(Action.CREATE, Direction.TO_XERO, 1, "")]
    assert change.step is Step.CUSTOMERS_TO_XERO


def test_a_lead_is_left_out() -> None:
    [change] = plan([ours(1, CASTLE, customer=False)], [])

    assert (change.action, change.reason) == (
        Action.LEAVE_OUT,
        "a lead: goes with its first invoice",
    )


def test_a_customer_whose_invoices_are_all_cancelled_is_left_out() -> None:
    [change] = plan([ours(1, CASTLE, only_cancelled=True)], [])

    assert change.action is Action.LEAVE_OUT


def test_a_contact_with_neither_flag_in_xero_is_left_out() -> None:
    [change] = plan([], [theirs("x1", CASTLE, customer=False)])

    assert change.action is Action.LEAVE_OUT


def test_a_new_customer_of_xeros_comes_here() -> None:
    [change] = plan([], [theirs("x1", CASTLE)])

    assert brief([change]) == [(Action.CREATE, Direction.TO_US, None, "x1")]
    assert change.step is Step.CUSTOMERS_FROM_XERO


def test_a_sure_twin_is_linked_and_never_made_again() -> None:
    changes = plan([ours(1, CASTLE)], [theirs("x1", CASTLE)], pairs=[SURE])

    assert brief(changes) == [(Action.LINK, Direction.NEITHER, 1, "x1")]


def test_our_lead_that_is_xeros_customer_is_linked_and_promoted() -> None:
    [change] = plan(
        [ours(1, CASTLE, customer=False)], [theirs("x1", CASTLE)], pairs=[SURE]
    )

    assert change.action is Action.LINK
    assert [(one.name, one.after) for one in change.fields] == [("is_customer", 1)]


def test_a_doubtful_twin_holds_both_sides_back_under_one_issue() -> None:
    changes = plan([ours(1, CASTLE)], [theirs("x1", CASTLE)], pairs=[DOUBT])

    assert [(one.action, one.code) for one in changes] == [
        (Action.HOLD, IssueCode.POSSIBLE_TWIN)
    ]


def test_a_second_copy_in_xero_is_asked_about_and_not_brought_in() -> None:
    again = Pair(1, "x2", False, ("already matched with another record",))
    changes = plan(
        [ours(1, CASTLE)],
        [theirs("x1", CASTLE), theirs("x2", CASTLE)],
        pairs=[SURE, again],
    )

    assert [(one.action, one.local_id, one.xero_id) for one in changes] == [
        (Action.LINK, 1, "x1"),
        (Action.HOLD, 1, "x2"),
    ]


def test_a_second_copy_of_ours_is_asked_about_and_not_sent() -> None:
    again = Pair(2, "x1", False, ("already matched with another record",))
    nameless = ContactDraft(name="Castle Hotel")
    changes = plan(
        [ours(1, nameless), ours(2, nameless)],
        [theirs("x1", nameless)],
        pairs=[SURE, again],
    )

    assert [(one.action, one.local_id, one.xero_id) for one in changes] == [
        (Action.LINK, 1, "x1"),
        (Action.HOLD, 2, "x1"),
    ]


def test_a_lead_stands_in_nobodys_way() -> None:
    changes = plan(
        [ours(1, CASTLE, customer=False)], [theirs("x1", CASTLE)], pairs=[DOUBT]
    )

    assert brief(changes) == [
        (Action.LEAVE_OUT, Direction.NEITHER, 1, ""),
        (Action.CREATE, Direction.TO_US, None, "x1"),
    ]


def test_of_two_with_one_account_number_the_older_keeps_it() -> None:
    changes = plan([ours(2, CASTLE), ours(1, CASTLE)], [])

    assert [(one.local_id, one.action, one.code) for one in changes] == [
        (1, Action.CREATE, None),
        (2, Action.REFUSE, IssueCode.ACCOUNT_NUMBER_USED_HERE),
    ]


def test_of_two_with_one_account_number_the_linked_keeps_it() -> None:
    link = Linked(2, "x2", CASTLE, frozenset({"name", "account_number"}))
    changes = plan(
        [ours(1, CASTLE), ours(2, CASTLE)], [theirs("x2", CASTLE)], links=[link]
    )

    assert [(one.local_id, one.code) for one in changes] == [
        (1, IssueCode.ACCOUNT_NUMBER_USED_HERE)
    ]


def test_an_account_number_of_another_in_xero_is_reported() -> None:
    other = ContactDraft(name="Abbey Dental", account_number="c1")
    changes = plan([ours(1, CASTLE)], [theirs("x1", other, customer=False)])

    assert [one.code for one in changes if one.local_id == 1] == [
        IssueCode.ACCOUNT_NUMBER_USED_IN_XERO
    ]


def test_an_account_number_of_an_archived_one_in_xero_is_told_apart() -> None:
    other = ContactDraft(name="Abbey Dental", account_number="c1")
    changes = plan([ours(1, CASTLE)], [theirs("x1", other, archived=True)])

    (refused,) = (one for one in changes if one.local_id == 1)
    assert refused.code is IssueCode.ACCOUNT_NUMBER_ARCHIVED_IN_XERO
    assert refused.details["other_xero_id"] == "x1"


def test_a_merged_contact_is_held_under_its_own_issue() -> None:
    link = Linked(1, "x1", CASTLE, frozenset({"name"}))
    changes = plan(
        [ours(1, CASTLE)], [theirs("x1", CASTLE, merged_into="x2")], links=[link]
    )

    assert [one.code for one in changes] == [IssueCode.MERGED_IN_XERO]


def test_archiving_follows_in_both_directions() -> None:
    names = frozenset({"name", "account_number"})
    links = [Linked(n, f"x{n}", CASTLE, names) for n in (1, 2)]
    number_less = ContactDraft(name="Castle Hotel")
    links = [Linked(n, f"x{n}", number_less, names) for n in (1, 2)]
    changes = plan(
        [ours(1, number_less, archived=True), ours(2, number_less)],
        [theirs("x1", number_less), theirs("x2", number_less, archived=True)],
        links=links,
    )

    assert brief(changes) == [
        (Action.ARCHIVE, Direction.TO_XERO, 1, "x1"),
        (Action.ARCHIVE, Direction.TO_US, 2, "x2"),
    ]


def test_what_was_restored_here_but_is_archived_there_is_asked_about() -> None:
    link = Linked(1, "x1", CASTLE, frozenset({"name"}), was_archived=True)
    changes = plan(
        [ours(1, CASTLE)], [theirs("x1", CASTLE, archived=True)], links=[link]
    )

    assert [one.code for one in changes] == [IssueCode.CONTACT_ARCHIVED_IN_XERO]


names = st.sampled_from(["Abbey", "Bann", "Castle", "Down"])
contact_drafts = st.builds(
    ContactDraft,
    name=names,
    account_number=st.sampled_from(["", "1", "2"]),
    email=st.sampled_from(["", "a@b.example", "bad"]),
)


@st.composite
def worlds(
    draw: st.DrawFn,
) -> tuple[
    list[LocalContact], list[RemoteContact], list[Linked[ContactDraft]], list[Pair]
]:
    locals_ = [
        ours(
            number,
            draw(contact_drafts),
            customer=draw(st.booleans()),
            supplier=draw(st.booleans()),
            archived=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    remotes = [
        theirs(
            f"x{number}",
            draw(contact_drafts),
            customer=draw(st.booleans()),
            supplier=draw(st.booleans()),
            archived=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]
    together = list(zip(locals_, remotes, strict=False))
    linked = draw(st.integers(0, len(together)))
    links = [
        Linked(
            one.id, other.xero_id, draw(contact_drafts), frozenset({"name", "email"})
        )
        for one, other in together[:linked]
    ]
    pairs = [
        Pair(one.id, other.xero_id, draw(st.booleans()), ("same name",))
        for one, other in together[linked:]
        if draw(st.booleans())
    ]
    return locals_, remotes, links, pairs


@settings(max_examples=300, deadline=None)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_the_order_of_the_input_does_not_matter(world: tuple, seed: int) -> None:  # type: ignore[type-arg]
    shuffled = [list(part) for part in world]
    for part in shuffled:
        Random(seed).shuffle(part)  # noqa: S311

    expected, got = (ContactPlanner(*parts).changes() for parts in (world, shuffled))

    assert sorted(map(repr, got)) == sorted(map(repr, expected))


@settings(max_examples=300, deadline=None)
@given(world=worlds())
def test_every_record_is_accounted_for_and_none_is_made_twice(world: tuple) -> None:  # type: ignore[type-arg]
    locals_, remotes, links, pairs = world
    changes = ContactPlanner(*world).changes()

    here = {one.local_id for one in changes} | {link.local_id for link in links}
    assert here >= {one.id for one in locals_}
    in_doubt = {pair.xero_id for pair in pairs}
    there = {one.xero_id for one in changes} | {link.xero_id for link in links}
    assert there >= {one.xero_id for one in remotes} - in_doubt
    created_here = [
        one.xero_id for one in changes if one.action is Action.CREATE and one.xero_id
    ]
    created_there = [
        one.local_id for one in changes if one.action is Action.CREATE and one.local_id
    ]
    linked = {link.xero_id for link in links} | {
        one.xero_id for one in changes if one.action is Action.LINK
    }
    assert len(created_here) == len(set(created_here))
    assert len(created_there) == len(set(created_there))
    assert not linked & set(created_here)
