"""Plans of thousands of random worlds: carried out, they leave nothing to do."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from tests.xero_sync.planner.carried_out import (
    LONG_AGO,
    TODAY,
    Contacts,
    Invoices,
    Items,
    World,
    remote_invoice,
)
from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.drafts import (
    ContactDraft,
    ItemDraft,
    LineDraft,
    RemoteContact,
    RemoteItem,
)
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.planner.inputs import (
    Linked,
    LinkedInvoice,
    LocalContact,
    LocalInvoice,
    LocalItem,
    Pair,
)
from xero_sync.planner.merge import field_names

CASES = 3000
ROUNDS = 5  # a number or code that becomes free lets another record go next

LINE = LineDraft("Work", Decimal(1), Decimal(100), Decimal(0), "200", "OUTPUT2")


def contact_draft(chance: Random) -> ContactDraft:
    word = chance.choice
    return ContactDraft(
        name=word("ABCD"),
        phone=word(["", "1", "2"]),
        email=word(["", "a@b.example", "c@d.example", "nonsense"]),
        account_number=word(["", "", "N1", "n1", "N2"]),
        website=word(["", "w1", "w2"]),
        address_city=word(["", "Cork", "Derry"]),
        payment_days=word([None, 7, 30]),
    )


def item_draft(chance: Random) -> ItemDraft:
    word = chance.choice
    return ItemDraft(
        code=word(["", "A", "a", "B", "C"]),
        name=word("XYZ"),
        description=word(["", "d", "e"]),
        sell_price=word([None, Decimal("1.0000"), Decimal("2.5000")]),
    )


def contacts(chance: Random) -> World:
    world = Contacts()
    for number in range(1, chance.randint(1, 4)):
        customer = chance.random() < 0.7
        world.ours[number] = LocalContact(
            number, f"uid-{number}", 1, contact_draft(chance), customer,
            chance.random() < 0.2, chance.random() < 0.2, chance.random() < 0.1,
        )  # fmt: skip
    for number in range(1, chance.randint(1, 4)):
        world.theirs[f"x{number}"] = RemoteContact(
            f"x{number}", LONG_AGO, contact_draft(chance), "",
            chance.random() < 0.6, chance.random() < 0.2,
            chance.random() < 0.2,
        )  # fmt: skip
    connect(world, chance, Kind.CONTACT, contact_draft)
    merge_in_xero(world, chance)
    return world


def merge_in_xero(world: World, chance: Random) -> None:
    """Into any other: one that is linked, archived, merged itself, or not readable."""
    for xero_id, remote in list(world.theirs.items()):
        if chance.random() < 0.2:
            heir = chance.choice(
                [*sorted(world.theirs.keys() - {xero_id}), "unreadable"]
            )
            world.theirs[xero_id] = replace(remote, merged_into=heir, is_archived=True)


def items(chance: Random) -> World:
    world = Items()
    for number in range(1, chance.randint(1, 4)):
        world.ours[number] = LocalItem(
            number, f"uid-{number}", 1, item_draft(chance), chance.random() < 0.2
        )
    for number in range(1, chance.randint(1, 4)):
        draft = item_draft(chance)
        # Xero asks for a code, and no two items share one.
        draft = replace(
            draft, code=f"{draft.code or 'K'}{number if number > 1 else ''}"
        )
        world.theirs[f"x{number}"] = RemoteItem(f"x{number}", LONG_AGO, draft)
    connect(world, chance, Kind.ITEM, item_draft)
    if world.links and chance.random() < 0.1:
        lost = next(iter(world.links.values())).xero_id
        world.theirs.pop(lost)
        world.gone = frozenset({lost})
    return world


def connect(
    world: World,
    chance: Random,
    kind: Kind,
    draft: Callable[[Random], ContactDraft | ItemDraft],
) -> None:
    names = field_names(kind)
    for local_id, xero_id in zip(list(world.ours), list(world.theirs), strict=False):
        if chance.random() < 0.5:
            base = chance.choice([world.ours[local_id].draft, draft(chance)])
            archived = kind is Kind.CONTACT and chance.random() < 0.2
            link: Linked[ContactDraft | ItemDraft] = Linked(  # type: ignore[type-var]
                local_id, xero_id, base, names, archived
            )
            world.links[local_id] = link
    for _ in range(chance.randint(0, 2)):
        if world.ours and world.theirs:
            world.pairs.append(
                Pair(
                    chance.choice(list(world.ours)),
                    chance.choice(list(world.theirs)),
                    chance.random() < 0.5,
                    ("same name",),
                )
            )


def invoices(chance: Random) -> World:
    world = Invoices()
    for number in range(1, chance.randint(1, 5)):
        status = chance.choice(["draft", "approved", "approved", "cancelled"])
        local = LocalInvoice(
            number, f"uid-{number}", 1, f"INV-{number}", chance.randint(0, 3), status,
            TODAY, "GBP", Decimal(chance.choice([100, 200])), Decimal(0), Decimal(0),
            f"INV-{number}", (LINE,), chance.choice(["c1", "c2"]),
        )  # fmt: skip
        world.ours[number] = local
        kind = chance.random()
        if kind < 0.6:
            there = chance.choice(
                ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"]
            )
            remote = remote_invoice(f"x{number}", local, there)
            if there == "PAID" or chance.random() < 0.2:
                remote = replace(remote, amount_paid=local.total)
            if chance.random() < 0.1:
                remote = replace(remote, total=local.total + 1)
            world.theirs[remote.xero_id] = remote
        if kind < 0.4:
            world.links[number] = LinkedInvoice(
                number, f"x{number}", "c1", chance.random() < 0.4
            )
    return world


WORLDS = [contacts, items, invoices]


def writes(changes: list[Change]) -> list[Change]:
    return [change for change in changes if change.writes]


@pytest.mark.parametrize("world_of", WORLDS)
def test_after_a_plan_is_carried_out_nothing_is_left_to_do(
    world_of: Callable[[Random], World],
) -> None:
    for seed in range(CASES):
        world = world_of(Random(seed))  # noqa: S311
        for _ in range(ROUNDS):
            changes = world.plan()
            waits = [one for one in changes if one.code]
            if not writes(changes):
                break
            world.carry_out(changes)
            if not waits:
                assert writes(world.plan()) == [], f"seed {seed}"
        assert writes(world.plan()) == [], f"seed {seed}"


@pytest.mark.parametrize("world_of", WORLDS)
def test_the_order_of_the_input_does_not_matter(
    world_of: Callable[[Random], World],
) -> None:
    for seed in range(CASES):
        world = world_of(Random(seed))  # noqa: S311
        expected = world.plan()
        assert world.plan(Random(seed)) == expected, f"seed {seed}"  # noqa: S311


@pytest.mark.parametrize("world_of", WORLDS)
def test_every_record_is_accounted_for(
    world_of: Callable[[Random], World],
) -> None:
    """By a change, or by its link; of Xero's invoices only ours are planned."""
    for seed in range(CASES):
        world = world_of(Random(seed))  # noqa: S311
        changes = world.plan()
        here = {one.local_id for one in changes} | world.links.keys()
        assert here >= world.ours.keys(), f"seed {seed}"
        if world_of is not invoices:
            there = {one.xero_id for one in changes}
            there |= {link.xero_id for link in world.links.values()}
            asked = {
                xero_id
                for one in changes
                for xero_id in one.details.get("candidates", "").split(",")
            }
            assert there | asked >= world.theirs.keys(), f"seed {seed}"
        made = [
            (one.local_id, one.xero_id)
            for one in changes
            if one.action in (Action.CREATE, Action.LINK)
        ]
        assert len(made) == len(set(made)), f"seed {seed}"
        linked = {one.local_id for one in changes if one.action is Action.LINK}
        created = {one.local_id for one in changes if one.action is Action.CREATE}
        assert not (linked & created) - {None}, f"seed {seed}"
