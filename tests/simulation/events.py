"""What happens in histories: the ordinary by chance, the seldom each in its turn."""

from collections.abc import Iterable, Mapping
from itertools import count
from random import Random
from typing import TypeVar

from tests.simulation.faults import KINDS

T = TypeVar("T")

# What people and circumstances do every day, and how often in proportion.
ORDINARY: Mapping[str, float] = {
    "new_contact": 3,
    "change_contact": 8,
    "archive_contact": 1,
    "new_item": 2,
    "change_item": 5,
    "new_invoice": 6,
    "approve_invoice": 2,
    "cancel_invoice": 2,
    "press_sync": 4,
    "press_button": 2,
    "xero_new_contact": 2,
    "xero_change_contact": 6,
    "xero_archive_contact": 1,
    "xero_change_item": 4,
    "xero_pay": 2,
    "time_passes": 8,
    "sync_at_once": 18,
    "tick": 4,
    "deliver": 8,
    "resume": 12,
}
# What happens seldom, with what has to come before it. Each history knows one to three
# of these, in turn, so that none is left out by chance.
SELDOM: Mapping[str, tuple[str, ...]] = {
    "restore_contact": ("archive_contact",),
    "archive_item": (),
    "change_mind": (),
    "xero_new_item": (),
    "xero_unarchive_contact": ("xero_archive_contact",),
    "xero_merge_contacts": (),
    "xero_delete_item": (),
    "xero_void": ("sync_at_once",),
    "xero_import": (),
    "xero_locks_period": (),
    "type_on_both_sides": (),
    "decide_pair": ("type_unlike_on_both_sides", "sync_in_peace"),
    "answer_question": ("rename_many", "sync_in_peace"),
    "deliver_twice": (),
    "lose_message": (),
    "stop_past_the_lease": (),
    "all_die": (),
    "storm": (),
    "clock_jumps": (),
    "clocks_go_back": (),
    "permission_removed": (),
    "reconnect": ("disconnect",),
    "refreshers_meet": (),
    "organisation_closed": (),
    "consent_for_another": (),
    "start_again": (),
    "restore_backup": ("back_up",),
    "deploy": (),
    "merge_contacts": ("sync_in_peace",),
    "merge_items": (),
    "undo_contact_merge": ("merge_contacts", "sync_at_once"),
    "undo_item_merge": ("merge_items", "sync_at_once"),
    "undo_run": ("change_contact", "new_invoice", "sync_in_peace"),
    "key_invoice_by_hand": (),
    "decide_invoice": ("key_in_another_number", "sync_in_peace"),
    "approve_name": ("new_namesake", "sync_in_peace"),
    "stop_run": ("press_sync",),
}
PREPARING = (
    *("rename_many", "sync_in_peace", "hour_passes"),
    *("disconnect", "back_up", "type_unlike_on_both_sides"),
    *("key_in_another_number", "new_namesake"),
)
EVENTS = (*ORDINARY, *SELDOM, *PREPARING)
# What a fault needs to come to its turn.
OCCASIONS: Mapping[str, tuple[str, ...]] = {
    "refresh_lost": ("hour_passes", "sync_at_once"),
    "edit_between_pages": ("xero_import", "sync_at_once"),
    "same_page_twice": ("xero_import", "sync_at_once"),
}
LENGTHS = (3, 5, 8, 16)


def in_turn(names: Iterable[T], seed: int, purpose: str) -> T:
    """Of as many seeds in a row as there are names each gets another one; the order is
    another one in each round."""
    known = list(names)
    turn, place = divmod(seed, len(known))
    Random(f"{purpose} {turn}").shuffle(known)
    return known[place]


def featured_fault(seed: int) -> str:
    return in_turn(KINDS, seed, "fault")


def course(seed: int, length: int, chance: Random) -> list[str]:
    """The events of a history in order, as many as ``length``, and what they need."""
    stories = list(_stories(seed, length))
    usual = max(length - len(stories), 0)
    events = chance.choices(list(ORDINARY), list(ORDINARY.values()), k=usual)
    for story in stories:
        events = _between(events, story, chance)
    return events


def _stories(seed: int, length: int) -> Iterable[tuple[str, ...]]:
    occasion = OCCASIONS.get(featured_fault(seed))
    if occasion is not None:
        yield occasion
    for number in range(_seldom_ones(length)):
        name = in_turn(SELDOM, seed, f"event {number}")
        yield (*SELDOM[name], name)


def _seldom_ones(length: int) -> int:
    if length < 2:
        return 0
    return 1 if length < 5 else 2 if length < 16 else 3


def _between(events: list[str], story: tuple[str, ...], chance: Random) -> list[str]:
    """The story in its order, somewhere among the events."""
    places = sorted(chance.randint(0, len(events)) for _ in story)
    found = list(events)
    for moved, place, name in zip(count(), places, story, strict=False):
        found.insert(place + moved, name)
    return found
